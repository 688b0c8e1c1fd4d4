import { barBot } from '../bar-bot/bar-bot.js';
import { barStrategies } from '../bars/bar-strategies.js';
import { ruleBot } from '../builder/rule-bot.js';
import { dca } from '../dca/dca.js';
import { grid } from '../grid/grid.js';
import { marketMaking } from '../market-making/market-making.js';
import { modelSignal } from '../model-signal/model-signal.js';
import { scalpingCycle } from '../scalping-cycle/scalping-cycle.js';
import type { Strategy } from '../sdk/define.js';

/** Those that place their orders themselves, by what they hear: no rule over bars decides for them. By id. */
export const placingStrategies: ReadonlyMap<string, Strategy> = new Map(
  [scalpingCycle, modelSignal, grid, dca, marketMaking].map((strategy) => [strategy.id, strategy] as const),
);

/** Every strategy that comes with the platform, by id. */
export const strategies: ReadonlyMap<string, Strategy> = new Map([
  ...placingStrategies,
  [ruleBot.id, ruleBot],
  ...[...barStrategies.values()].map((strategy) => [strategy.id, barBot(strategy)] as const),
]);
