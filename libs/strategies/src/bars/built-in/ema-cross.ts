import { ema } from '@scalpstorm/indicators';
import { type BarKernel, defineBarStrategy } from '../bar-strategy.js';
import { deciderOver } from '../decider-over.js';
import { plotOf } from '../plots.js';
import { wishOf } from './wish-of.js';

const periodMax = 5_000;

/**
 * EMA₀ = close₀, then EMA += α × (close − EMA), α = 2 ÷ (period + 1). From bar max(fast, slow) on, at each close:
 * - fast EMA > slow EMA: long
 * - fast EMA < slow EMA: flat
 */
export const emaCross = defineBarStrategy({
  id: 'ema-cross',
  title: 'EMA cross',
  description: 'Long while the fast exponential average is above the slow one, flat while it is below.',
  source: 'The dual moving average crossover; Brock, Lakonishok, LeBaron (1992), "Simple technical trading rules".',
  parameters: {
    fast: {
      kind: 'integer',
      title: 'Fast average',
      description: 'Bars of the fast average.',
      default: 10,
      min: 1,
      max: periodMax,
    },
    slow: {
      kind: 'integer',
      title: 'Slow average',
      description: 'Bars of the slow average.',
      default: 30,
      min: 2,
      max: periodMax,
    },
  },
  check: ({ fast, slow }) =>
    fast < slow
      ? []
      : [
          {
            code: 'FAST_NOT_BELOW_SLOW',
            field: '/fast',
            text: `The fast average (${fast}) is not shorter than the slow one (${slow}).`,
            allowed: `a whole number from 1 to ${slow - 1}`,
            next: `Use ${slow - 1} or less, or a longer slow average.`,
          },
        ],
  warmUp: ({ fast, slow }) => Math.max(fast, slow),
  plots: ({ fast, slow }) => [plotOf(ema, { period: fast }), plotOf(ema, { period: slow })],
  decider: ({ fast, slow }) =>
    deciderOver({ fast: [ema, { period: fast }], slow: [ema, { period: slow }] }, (averages, bar, desk) => {
      const quick = averages.fast.update(bar.close);
      const calm = averages.slow.update(bar.close);
      if (quick > calm) desk.enter();
      else if (quick < calm) desk.exit();
    }),
  kernel: ({ fast, slow }) => {
    const alone = crossKernel(2 / (fast + 1), 2 / (slow + 1));
    return (bars, into, series) => {
      if (series === undefined) alone(bars, into);
      else compare(series(ema, { period: fast }).ema, series(ema, { period: slow }).ema, into);
    };
  },
});

/** Both averages in one loop: each waits for its own last value, so the second one costs nothing. */
const crossKernel =
  (fastAlpha: number, slowAlpha: number): BarKernel =>
  ({ close, length }, into) => {
    let fast = close[0] as number;
    let slow = fast;
    for (let bar = 0; bar < length; bar += 1) {
      const value = close[bar] as number;
      fast += fastAlpha * (value - fast);
      slow += slowAlpha * (value - slow);
      into[bar] = wishOf(fast > slow, fast < slow);
    }
  };

function compare(fast: Float64Array, slow: Float64Array, into: Int8Array): void {
  for (let bar = 0; bar < into.length; bar += 1) {
    const apart = (fast[bar] as number) - (slow[bar] as number);
    into[bar] = wishOf(apart > 0, apart < 0);
  }
}
