import { defineStrategy } from '../sdk/define.js';
import { checkParameters } from './check-parameters.js';
import { heedsMarket, step } from './machine.js';
import { measuresOf } from './parameters.js';
import { scalpingSchema } from './schema.js';
import { initialState } from './state.js';

/**
 * Buy, on the fill sell, on the fill buy … With E = average price of the entry, X = price of the leg that closes, mark = what an
 * order at the market would get (bid to sell, ask to buy back); for a bot that buys first, mirrored for one that sells first:
 *
 * - price = from + offset × unit, told when the order is placed; from: last, mid, vwap, entry; unit: tick, 10^-4 of from, ATR
 * - the exit rests at min(X, E × (1 + takeProfit)); with a trailing percentage nothing rests at X
 * - trailing: armed when mark >= X, then closed at the market when mark <= best × (1 − trailing)
 * - stop-loss: closed at the market when mark <= E × (1 − stopLoss), also what a part-filled entry has bought
 * - a close at the market is decided once, cancels what rests, and closes exactly what is held then
 * - quantity of an exit = bought − fees in base, in whole steps; what is too little to trade stays for a later exit
 * - net of a pair = proceeds − cost − fees (those in base at the price of their fill), third currencies apart
 *
 * Source: the cycle is the platform's own; of what is around, Hummingbot's PositionExecutor, one after another, is the nearest to it.
 * `docs/strategies/scalping-cycle.md` has the picture, every parameter and every code.
 */
export const scalpingCycle = defineStrategy({
  id: 'scalping-cycle',
  title: 'Scalping cycle',
  description:
    'Buys and sells in turns at fixed prices or offsets: buy, on the fill sell, on the fill buy, and so on; with stop-loss, take-profit and trailing exit.',
  schema: scalpingSchema,
  check: checkParameters,
  measures: measuresOf,
  init: () => initialState,
  heedsMarket,
  step,
});
