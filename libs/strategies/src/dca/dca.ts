import { heedsMarket, step } from '../scalping-cycle/machine.js';
import { measuresOf } from '../scalping-cycle/parameters.js';
import { initialState } from '../scalping-cycle/state.js';
import { defineStrategy } from '../sdk/define.js';
import { checkParameters } from './check-parameters.js';
import { dcaSchema } from './schema.js';

/**
 * Dollar-cost averaging with safety orders, by the machine of the scalping cycle: one order alive at a time, the same ids after a
 * restart, the same books.
 *
 * - base order: a limit at ask × 1.001, or at the start price
 * - safety order i: bought when ask <= first × (1 − deviation × (1 + s + … + s^(i − 1))), quantity q × v^(i − 1); first = what the base
 *   order was filled at on average. The exit is canceled for it, and made anew from the new average once it is over
 * - take-profit: all of it rests at average × (1 + takeProfit); average = Σ price × quantity ÷ Σ quantity of the purchases' fills
 * - stop-loss: at the market when bid <= average × (1 − stopLoss)
 *
 * Source: the DCA bot of 3Commas (deviation, step scale, volume scale, counted from the base order) and Hummingbot's DCAExecutor.
 */
export const dca = defineStrategy({
  id: 'dca',
  title: 'DCA',
  description:
    'Buys once, buys more at set distances below, and sells all of it a percentage above the average price; then again from the start.',
  schema: dcaSchema,
  check: checkParameters,
  measures: measuresOf,
  init: () => initialState,
  heedsMarket,
  step,
});
