import { rsi } from '@scalpstorm/indicators';
import { defineBarStrategy, wishes } from '../bar-strategy.js';
import { deciderOver } from '../decider-over.js';
import { plotOf } from '../plots.js';
import { freshSeries } from '../series.js';
import { stopBelow, stopPercent } from './stop-below.js';

/**
 * RSI = 100 × gain ÷ (gain + loss), Wilder's averages of the rises and falls from close to close over `period` bars. Buys when it is below
 * `buyBelow`, sells when it is above `sellAbove`; with a stop below the price at which it wanted to enter.
 */
export const rsiReversion = defineBarStrategy({
  id: 'rsi-reversion',
  title: 'RSI reversion',
  description: 'Buys what has fallen too fast, sells when it has come back.',
  source: 'Wilder (1978), "New Concepts in Technical Trading Systems": 30 and 70, with an exit at the middle.',
  parameters: {
    period: { kind: 'integer', title: 'RSI', description: 'Bars.', default: 14, min: 2, max: 5_000 },
    buyBelow: { kind: 'number', title: 'Buy below', description: 'Of 100.', default: 30, min: 1, max: 99 },
    sellAbove: { kind: 'number', title: 'Sell above', description: 'Of 100.', default: 50, min: 1, max: 99 },
    stopPercent,
  },
  check: ({ buyBelow, sellAbove }) =>
    buyBelow < sellAbove
      ? []
      : [
          {
            code: 'BUYS_ABOVE_ITS_EXIT',
            field: '/buyBelow',
            text: `It would buy below ${buyBelow} and sell above ${sellAbove}.`,
            allowed: `less than ${sellAbove}`,
            next: `Use less than ${sellAbove}, or a higher exit.`,
          },
        ],
  // An average that counts its beginning less than a hundredth.
  warmUp: ({ period }) => 5 * period,
  plots: ({ period }) => [plotOf(rsi, { period })],
  decider: ({ period, buyBelow, sellAbove, stopPercent }) =>
    deciderOver({ rsi: [rsi, { period }] }, (streams, { close }, desk) => {
      const strength = streams.rsi.update(close);
      if (strength > sellAbove) desk.exit();
      if (!(strength < buyBelow) || desk.held > 0) return;
      desk.enter();
      stopBelow(desk, close, stopPercent);
    }),
  kernel: ({ period, buyBelow, sellAbove, stopPercent }) =>
    stopPercent > 0
      ? null
      : (bars, into, series = freshSeries(bars)) => {
          const { rsi: strength } = series(rsi, { period });
          for (let bar = 0; bar < bars.length; bar += 1) {
            const value = strength[bar] as number;
            into[bar] = value < buyBelow ? wishes.enter : value > sellAbove ? wishes.exit : wishes.none;
          }
        },
});
