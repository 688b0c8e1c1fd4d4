import { type Rng, seededRng } from '@scalpstorm/kernel';
import { AsksForTomorrow, type Bar } from '../bars/bar.js';

/** How a stretch of the market moves: shares of the price by bar. */
interface Regime {
  readonly drift: number;
  readonly swing: number;
  /** How often nothing is traded in a bar. */
  readonly silence: number;
}

const regimeBars = 160;
/** One after the other, again and again: trends both ways, calm, storm, a thin market, one that stands still. */
const regimes: readonly Regime[] = [
  { drift: 0.0012, swing: 0.003, silence: 0 },
  { drift: 0, swing: 0.0006, silence: 0 },
  { drift: -0.0012, swing: 0.003, silence: 0 },
  { drift: 0, swing: 0.012, silence: 0 },
  { drift: 0, swing: 0.002, silence: 0.5 },
  { drift: 0.0004, swing: 0.0015, silence: 0 },
  { drift: 0, swing: 0, silence: 1 },
  { drift: -0.0004, swing: 0.004, silence: 0.1 },
];
const shockEvery = 401;
const shock = 0.07;
const firstPrice = 20_000;
const pricesPerUnit = 100;
const begins = Date.UTC(2024, 0, 1) * 1_000;

/** Of the market that versions are made over: never changed, or every certificate is of another version. */
const seed = 20_240_101;

/**
 * A market that nobody has seen, the same on every machine: only sums, products and quotients, no function whose last digit hangs on
 * who computes it.
 * @param length of a bar, microseconds
 */
export function* syntheticBars(count: number, length: number): Iterable<Bar> {
  const rng = seededRng(seed);
  const closes: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const bar = nextBar(rng, index, closes.at(-1) ?? firstPrice);
    closes.push(bar.close);
    yield {
      ...bar,
      index,
      openedAt: begins + index * length,
      closeAgo(bars) {
        if (bars < 0) throw new AsksForTomorrow(bars);
        return closes[index - bars] ?? Number.NaN;
      },
    };
  }
}

function nextBar(rng: Rng, index: number, before: number) {
  const { drift, swing, silence } = regimes[Math.floor(index / regimeBars) % regimes.length] as Regime;
  const isSilent = rng.next() < silence;
  const steps = [rng.next(), rng.next(), rng.next(), rng.next()].map((one) => (one - 0.5) * swing);
  const [gap = 0, move = 0, above = 0, below = 0] = steps;
  const size = 1 + 20 * rng.next();
  if (isSilent) return { open: before, high: before, low: before, close: before, volume: 0 };
  const jump = index % shockEvery === shockEvery - 1 ? (index % 2 === 0 ? shock : -shock) : 0;
  const open = priced(before * (1 + gap / 10 + jump));
  const close = priced(open * (1 + drift + move));
  const reach = (share: number) => Math.abs(share) * before;
  const high = priced(Math.max(open, close) + reach(above));
  const low = priced(Math.min(open, close) - reach(below));
  return { open, high, low, close, volume: Math.round(size * (jump === 0 ? 100 : 900)) / 100 };
}

const priced = (value: number): number => Math.max(1, Math.round(value * pricesPerUnit)) / pricesPerUnit;
