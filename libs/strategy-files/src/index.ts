export { codeHash, versionOf } from './code-hash.js';
export { endAfter, endAfterWork, endedSoFar, StrategyLoops } from './end-after.js';
export { loadModules } from './load-modules.js';
export { type LoadedStrategy, loadFile, loadStrategy, namesFile } from './load-strategy.js';
export { OwnStrategies, type OwnStrategy, ruleText } from './own-strategies.js';
export { ruleVersion, ruleVersionInTurns } from './rule-version.js';
export { stepMsMax } from './step-limit.js';
export type { StrategyFault } from './strategy-fault.js';
export { tellModules } from './tell-modules.js';
