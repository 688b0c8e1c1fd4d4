export { type BookEvent, recordedParty, type Traded } from './book-event.js';
export {
  type BookOrder,
  type LimitMakerOrder,
  type LimitOrder,
  type Lots,
  lotsMax,
  type MarketByQuoteOrder,
  type MarketOrder,
  type OrderId,
  type OwnerId,
  type SelfTradePrevention,
  type TickLots,
  type Ticks,
  tickLotsMax,
  ticksMax,
} from './book-order.js';
export {
  type CapturedDepth,
  type CapturedEvent,
  type CapturedSnapshot,
  type CapturedTrade,
  type LineFault,
  type ParsedLine,
  parseCaptureLine,
  type TextLevel,
} from './capture/capture-line.js';
export { bufferedDepthMax, type DepthIds, DepthSplice, type SpliceStep } from './capture/depth-splice.js';
export type { DepthChanges, DepthLevel, Estimate, MatchingBook } from './matching-book.js';
export { OrderBook } from './order-book.js';
export { RecordedBook, type RecordedDepth, type RecordedTrade } from './recorded/recorded-book.js';
