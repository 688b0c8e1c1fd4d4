export { endAfter, StrategyLoops } from './end-after.js';
export { loadModules } from './load-modules.js';
export { type LoadedStrategy, loadStrategy, namesFile } from './load-strategy.js';
export { OwnStrategies, type OwnStrategy, ruleText } from './own-strategies.js';
export type { StrategyFault } from './strategy-fault.js';
