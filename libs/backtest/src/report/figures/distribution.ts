import { quantile } from '../../statistics/monte-carlo.js';

export interface Bin {
  /** Percent; null: everything below `to`. */
  readonly from: number | null;
  /** Exclusive; null: everything from `from` on. */
  readonly to: number | null;
  readonly trades: number;
}

/** Of the returns of the round trips, percent of what each was paid. */
export interface Distribution {
  readonly mean: number;
  readonly median: number;
  readonly deviation: number;
  /** One in twenty is worse, and one in twenty better. */
  readonly low: number;
  readonly high: number;
  readonly bins: readonly Bin[];
}

const binsAimed = 30;

/** Null: there was no trade. Bins are equally wide and zero is an edge; what is beyond the outermost hundredths goes into an open bin. */
export function distributionOf(returnsPct: readonly number[]): Distribution | null {
  if (returnsPct.length === 0) return null;
  const sorted = Float64Array.from(returnsPct).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    median: quantile(sorted, 0.5),
    deviation: sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : 0,
    low: quantile(sorted, 0.05),
    high: quantile(sorted, 0.95),
    bins: binsOf(sorted),
  };
}

function binsOf(sorted: Float64Array): readonly Bin[] {
  const [low, high] = [quantile(sorted, 0.01), quantile(sorted, 0.99)];
  const width = roundStep((high - low) / binsAimed || Math.abs(low) / binsAimed || 1);
  const [first, last] = [Math.floor(low / width), Math.floor(high / width)];
  const counts = new Map<number, number>();
  for (const value of sorted) {
    const bin = Math.min(Math.max(Math.floor(value / width), first - 1), last + 1);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const edge = (bin: number): number => Number((bin * width).toPrecision(12));
  const bins: Bin[] = [];
  for (let bin = first - 1; bin <= last + 1; bin += 1) {
    const trades = counts.get(bin) ?? 0;
    const isOpen = bin < first || bin > last;
    if (isOpen && trades === 0) continue;
    bins.push({ from: bin < first ? null : edge(bin), to: bin > last ? null : edge(bin + 1), trades });
  }
  return bins;
}

/** The next 1, 2 or 5 times a power of ten. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const digit = least / power;
  // A product such as 5 × 0.001 is not exact; twelve digits are.
  return Number(((digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power).toPrecision(12));
}
