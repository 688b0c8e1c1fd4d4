import { seededRng } from '@scalpstorm/kernel';
import type { BarColumns } from '@scalpstorm/strategies';

export interface PlantedMarket {
  readonly seed: number;
  readonly bars: number;
  /** Drift of a bar while it trends, as a share of its noise; the trend turns about every 150 bars. 0: a random walk. */
  readonly edge: number;
}

/** Hourly bars from a seed. */
export function plantedMarket({ seed, bars: length, edge }: PlantedMarket): BarColumns {
  const rng = seededRng(seed);
  const column = () => new Float64Array(length);
  const bars = {
    length,
    openedAt: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  const noise = 0.005;
  let [price, drift] = [100, edge * noise];
  for (let bar = 0; bar < length; bar += 1) {
    if (rng.below(150) === 0) drift = -drift;
    bars.openedAt[bar] = bar * 3_600e6;
    bars.open[bar] = price;
    price *= Math.exp(drift + noise * rng.gaussian());
    bars.close[bar] = price;
    bars.high[bar] = Math.max(price, bars.open[bar] as number) * (1 + 0.001 * rng.next());
    bars.low[bar] = Math.min(price, bars.open[bar] as number) * (1 - 0.001 * rng.next());
    bars.volume[bar] = 10 + rng.below(10);
  }
  return bars;
}
