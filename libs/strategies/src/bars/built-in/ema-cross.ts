import { ema } from '@scalpstorm/indicators';
import { type BarKernel, defineBarStrategy, wishes } from '../bar-strategy.js';
import { deciderOver } from '../decider-over.js';

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
  decider: ({ fast, slow }) =>
    deciderOver({ fast: [ema, { period: fast }], slow: [ema, { period: slow }] }, (averages, bar, desk) => {
      const quick = averages.fast.update(bar.close);
      const calm = averages.slow.update(bar.close);
      if (quick > calm) desk.enter();
      else if (quick < calm) desk.exit();
    }),
  kernel: ({ fast, slow }) => crossKernel(2 / (fast + 1), 2 / (slow + 1)),
});

const crossKernel =
  (fastAlpha: number, slowAlpha: number): BarKernel =>
  ({ close, length }, into) => {
    let fast = close[0] as number;
    let slow = fast;
    for (let bar = 0; bar < length; bar += 1) {
      const value = close[bar] as number;
      fast += fastAlpha * (value - fast);
      slow += slowAlpha * (value - slow);
      into[bar] = fast > slow ? wishes.enter : fast < slow ? wishes.exit : wishes.none;
    }
  };
