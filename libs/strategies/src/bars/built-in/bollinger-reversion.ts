import { bollinger } from '@scalpstorm/indicators';
import { defineBarStrategy, wishes } from '../bar-strategy.js';
import { deciderOver } from '../decider-over.js';
import { plotOf } from '../plots.js';
import { freshSeries } from '../series.js';
import { stopBelow, stopPercent } from './stop-below.js';

/**
 * The middle is the mean of the last `period` closes, the lower band lies `deviations` of their standard deviations (of the population) below
 * it. Buys at a close below the lower band, sells at a close from the middle on; with a stop below the price at which it wanted to enter.
 */
export const bollingerReversion = defineBarStrategy({
  id: 'bollinger',
  title: 'Bollinger',
  description: 'Buys below the lower Bollinger band, sells when the price is back at the middle.',
  source: 'Bollinger (2001), "Bollinger on Bollinger Bands": 20 bars, two deviations.',
  parameters: {
    period: { kind: 'integer', title: 'Average', description: 'Bars.', default: 20, min: 2, max: 5_000 },
    deviations: {
      kind: 'number',
      title: 'Width',
      description: 'Of the bands, in standard deviations.',
      default: 2,
      min: 0.1,
      max: 10,
    },
    stopPercent,
  },
  warmUp: ({ period }) => period,
  plots: ({ period, deviations }) => [plotOf(bollinger, { period, deviations })],
  decider: ({ period, deviations, stopPercent }) =>
    deciderOver({ bands: [bollinger, { period, deviations }] }, ({ bands }, { close }, desk) => {
      const middle = bands.update(close);
      if (close >= middle) desk.exit();
      if (!(close < (bands.outputs[2] as number)) || desk.held > 0) return;
      desk.enter();
      stopBelow(desk, close, stopPercent);
    }),
  kernel: ({ period, deviations, stopPercent }) =>
    stopPercent > 0
      ? null
      : (bars, into, series = freshSeries(bars)) => {
          const { middle, lower } = series(bollinger, { period, deviations });
          for (let bar = 0; bar < bars.length; bar += 1) {
            const close = bars.close[bar] as number;
            const isBack = close >= (middle[bar] as number);
            into[bar] = close < (lower[bar] as number) ? wishes.enter : isBack ? wishes.exit : wishes.none;
          }
        },
});
