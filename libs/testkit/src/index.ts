export {
  aBalance,
  aBookDepth,
  aBot,
  aBotTotals,
  aCandle,
  aCycle,
  aFeedStatus,
  aFill,
  anAccount,
  anActivity,
  anInstrument,
  anOrder,
  anOrderRequest,
  aPosition,
  aQuote,
  aTrade,
} from './builders.js';
export { type EventuallyOptions, eventually } from './eventually.js';
export { FakeClock } from './fake-clock.js';
export { describeWithServers, type TestServers, testServers, uniqueNamespace } from './servers.js';
export { SeveringProxy, type Verdict } from './severing-proxy.js';
export { type SideBySideOptions, sideBySide } from './side-by-side.js';
