import { barBot } from '../bar-bot/bar-bot.js';
import { barStrategies } from '../bars/bar-strategies.js';
import { ruleBot } from '../builder/rule-bot.js';
import { dca } from '../dca/dca.js';
import { grid } from '../grid/grid.js';
import { marketMaking } from '../market-making/market-making.js';
import { modelSignal } from '../model-signal/model-signal.js';
import { scalpingCycle } from '../scalping-cycle/scalping-cycle.js';
import type { Strategy } from '../sdk/define.js';

/** Every strategy that comes with the platform, by id. */
export const strategies: ReadonlyMap<string, Strategy> = new Map([
  [scalpingCycle.id, scalpingCycle],
  [modelSignal.id, modelSignal],
  [grid.id, grid],
  [dca.id, dca],
  [marketMaking.id, marketMaking],
  [ruleBot.id, ruleBot],
  ...[...barStrategies.values()].map((strategy) => [strategy.id, barBot(strategy)] as const),
]);
