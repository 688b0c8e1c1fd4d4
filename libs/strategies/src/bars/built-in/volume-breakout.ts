import { donchian, volumeSma } from '@scalpstorm/indicators';
import { defineBarStrategy, wishes } from '../bar-strategy.js';
import { deciderOver } from '../decider-over.js';
import { plotOf } from '../plots.js';
import { freshSeries } from '../series.js';

/**
 * Buys at a close above the highest high of the `entryBars` before this one, on at least `volumeFactor` times the average volume of the
 * `volumeBars` before it; sells at a close below the lowest low of the `exitBars` before it.
 */
export const volumeBreakout = defineBarStrategy({
  id: 'volume-breakout',
  title: 'Volume breakout',
  description: 'Buys a new high on high volume, sells a new low.',
  source: 'The channel breakout of Donchian and of the Turtles (20 and 10 bars), with the volume to confirm it.',
  parameters: {
    entryBars: { kind: 'integer', title: 'High of', description: 'Bars.', default: 20, min: 1, max: 5_000 },
    exitBars: { kind: 'integer', title: 'Low of', description: 'Bars.', default: 10, min: 1, max: 5_000 },
    volumeBars: { kind: 'integer', title: 'Volume of', description: 'Bars.', default: 20, min: 1, max: 5_000 },
    volumeFactor: {
      kind: 'number',
      title: 'Volume, times',
      description: 'The average that the volume must reach; 0: any volume.',
      default: 1.5,
      min: 0,
      max: 100,
    },
  },
  warmUp: ({ entryBars, exitBars, volumeBars }) => Math.max(entryBars, exitBars, volumeBars),
  plots: ({ entryBars, exitBars, volumeBars }) => [
    plotOf(donchian, { period: entryBars }, { outputs: ['upper'] }),
    plotOf(donchian, { period: exitBars }, { outputs: ['lower'] }),
    // The average of one bar is its volume.
    plotOf(volumeSma, { period: 1 }, { title: 'Volume', pane: 'volume', kind: 'histogram' }),
    plotOf(volumeSma, { period: volumeBars }, { pane: 'volume' }),
  ],
  decider: ({ entryBars, exitBars, volumeBars, volumeFactor }) =>
    deciderOver(
      {
        entry: [donchian, { period: entryBars }],
        exit: [donchian, { period: exitBars }],
        average: [volumeSma, { period: volumeBars }],
      },
      ({ entry, exit, average }, { high, low, close, volume }, desk) => {
        // They know the bars before this one: it is told to them after the comparison.
        const isLoud = volume >= volumeFactor * (average.outputs[0] as number);
        if (close > (entry.outputs[1] as number) && isLoud) desk.enter();
        else if (close < (exit.outputs[2] as number)) desk.exit();
        entry.update(high, low);
        exit.update(high, low);
        average.update(volume);
      },
    ),
  kernel:
    ({ entryBars, exitBars, volumeBars, volumeFactor }) =>
    (bars, into, series = freshSeries(bars)) => {
      const { upper } = series(donchian, { period: entryBars });
      const { lower } = series(donchian, { period: exitBars });
      const { average } = series(volumeSma, { period: volumeBars });
      into[0] = wishes.none;
      for (let bar = 1; bar < bars.length; bar += 1) {
        const close = bars.close[bar] as number;
        const isLoud = (bars.volume[bar] as number) >= volumeFactor * (average[bar - 1] as number);
        const isUp = close > (upper[bar - 1] as number) && isLoud;
        into[bar] = isUp ? wishes.enter : close < (lower[bar - 1] as number) ? wishes.exit : wishes.none;
      }
    },
});
