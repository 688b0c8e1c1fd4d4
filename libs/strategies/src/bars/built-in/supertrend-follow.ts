import { supertrend } from '@scalpstorm/indicators';
import { defineBarStrategy } from '../bar-strategy.js';
import { deciderOver } from '../decider-over.js';
import { plotOf } from '../plots.js';
import { freshSeries } from '../series.js';
import { wishOf } from './wish-of.js';

/**
 * Bands (high + low) ÷ 2 ± multiplier × ATR(period), Wilder's; the upper one only falls until a close is above it, the lower one only rises
 * until a close is below it. A close above the upper band turns it up, one below the lower band down; it begins down. At each close:
 * - up: long, until a close is below the lower band
 * - down: flat
 */
export const supertrendFollow = defineBarStrategy({
  id: 'supertrend',
  title: 'Supertrend',
  description: 'Long while the Supertrend points up, flat while it points down.',
  source: 'Seban, "Tout le monde mérite d’être riche"; bands as in TradingView’s ta.supertrend.',
  parameters: {
    period: {
      kind: 'integer',
      title: 'ATR',
      description: 'Bars of the average true range.',
      default: 10,
      min: 1,
      max: 5_000,
    },
    multiplier: {
      kind: 'number',
      title: 'Width',
      description: 'Of the bands, in ATRs.',
      default: 3,
      min: 0.1,
      max: 100,
    },
  },
  // It begins pointing down whatever the market does: what it says before its bands have met the market means nothing.
  warmUp: ({ period }) => 4 * period,
  plots: (parameters) => [plotOf(supertrend, parameters, { outputs: ['supertrend'] })],
  decider: (parameters) =>
    deciderOver({ trend: [supertrend, { ...parameters }] }, ({ trend }, bar, desk) => {
      trend.update(bar.high, bar.low, bar.close);
      const direction = trend.outputs[1] as number;
      if (direction > 0) desk.enter();
      else if (direction < 0) desk.exit();
    }),
  kernel:
    (parameters) =>
    (bars, into, series = freshSeries(bars)) => {
      const { direction } = series(supertrend, parameters);
      for (let bar = 0; bar < bars.length; bar += 1) {
        const value = direction[bar] as number;
        into[bar] = wishOf(value > 0, value < 0);
      }
    },
});
