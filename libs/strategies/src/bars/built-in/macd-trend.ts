import { macd } from '@scalpstorm/indicators';
import { defineBarStrategy } from '../bar-strategy.js';
import { deciderOver } from '../decider-over.js';
import { plotOf } from '../plots.js';
import { freshSeries } from '../series.js';
import { wishOf } from './wish-of.js';

/**
 * MACD = EMA(close, fastPeriod) − EMA(close, slowPeriod), signal = EMA(MACD, signalPeriod); each average begins with its first value, as in
 * `ema-cross`. From bar slowPeriod + signalPeriod on, at each close:
 * - MACD > signal: long
 * - MACD < signal: flat
 */
export const macdTrend = defineBarStrategy({
  id: 'macd-trend',
  title: 'MACD trend',
  description: 'Long while the MACD line is above its signal line, flat while it is below.',
  source: 'Appel (1979), "The Moving Average Convergence-Divergence Trading Method".',
  parameters: {
    fastPeriod: { kind: 'integer', title: 'Fast average', description: 'Bars.', default: 12, min: 1, max: 5_000 },
    slowPeriod: { kind: 'integer', title: 'Slow average', description: 'Bars.', default: 26, min: 2, max: 5_000 },
    signalPeriod: { kind: 'integer', title: 'Signal line', description: 'Bars.', default: 9, min: 1, max: 5_000 },
  },
  check: ({ fastPeriod, slowPeriod }) =>
    fastPeriod < slowPeriod
      ? []
      : [
          {
            code: 'FAST_NOT_BELOW_SLOW',
            field: '/fastPeriod',
            text: `The fast average (${fastPeriod}) is not shorter than the slow one (${slowPeriod}).`,
            allowed: `a whole number from 1 to ${slowPeriod - 1}`,
            next: `Use ${slowPeriod - 1} or less, or a longer slow average.`,
          },
        ],
  // As long as averages over windows of these lengths would take. These never forget: after 35 bars EMA(26) still counts its first with 7 %.
  warmUp: ({ slowPeriod, signalPeriod }) => slowPeriod + signalPeriod,
  plots: (periods) => [
    plotOf(macd, periods, { outputs: ['macd', 'signal'] }),
    plotOf(macd, periods, { outputs: ['histogram'], kind: 'histogram' }),
  ],
  decider: (periods) =>
    deciderOver({ macd: [macd, { ...periods }] }, (streams, bar, desk) => {
      streams.macd.update(bar.close);
      const histogram = streams.macd.outputs[2] as number;
      if (histogram > 0) desk.enter();
      else if (histogram < 0) desk.exit();
    }),
  kernel:
    (periods) =>
    (bars, into, series = freshSeries(bars)) => {
      const { histogram } = series(macd, periods);
      for (let bar = 0; bar < bars.length; bar += 1) {
        const value = histogram[bar] as number;
        into[bar] = wishOf(value > 0, value < 0);
      }
    },
});
