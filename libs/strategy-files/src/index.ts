export { codeHash, versionOf } from './code-hash.js';
export { endAfter, StrategyLoops } from './end-after.js';
export { loadModules } from './load-modules.js';
export { type LoadedStrategy, loadStrategy, namesFile } from './load-strategy.js';
export { loadsInTime } from './loads-in-time.js';
export { OwnStrategies, type OwnStrategy, ruleText } from './own-strategies.js';
export { ruleVersion, ruleVersionInTurns } from './rule-version.js';
export type { StrategyFault } from './strategy-fault.js';
export { tellModules } from './tell-modules.js';
