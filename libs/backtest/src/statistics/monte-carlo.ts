import { type Rng, seededRng } from '@scalpstorm/kernel';

/** Round trips in their order, as what each did to the equity. */
export interface TradeOutcomes {
  /** In the quote asset, before the first. */
  readonly cash: number;
  /** Net of each, in the quote asset, fees paid. */
  readonly nets: readonly number[];
  /**
   * Whether an entry is a share of what there is: then a trade multiplies the equity by what it did to it, and in another order it
   * gains or loses more or less money. Else it adds its net, wherever it comes.
   */
  readonly compounds: boolean;
}

export interface MonteCarloSpec {
  readonly runs: number;
  readonly seed: number;
  /** Ruin: the equity was below this share of the cash at the start, once. */
  readonly ruinShare: number;
}

/** Of all runs: so many percent of them came to less. */
export interface Spread {
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

export interface MonteCarloFigures {
  readonly finalEquity: Spread;
  /** At the ends of trades; inside one it may be deeper. */
  readonly maxDrawdownPct: Spread;
  /** Runs that were ruined ÷ runs. */
  readonly ruinProbability: number;
}

export interface MonteCarlo {
  readonly trades: number;
  /** The same trades in another order: what of the drawdown was luck. */
  readonly shuffled: MonteCarloFigures;
  /** As many trades drawn with replacement: what others could have come to. */
  readonly drawn: MonteCarloFigures;
}

/** Null: there is no trade. Trades are taken as independent of each other; what hangs together in time is lost. */
export function monteCarlo(outcomes: TradeOutcomes, spec: MonteCarloSpec): MonteCarlo | null {
  const steps = stepsOf(outcomes);
  if (steps.length === 0) return null;
  const rng = seededRng(spec.seed);
  return {
    trades: steps.length,
    shuffled: played(outcomes, spec, steps, (order) => shuffle(order, rng)),
    drawn: played(outcomes, spec, steps, (order) => draw(order, rng)),
  };
}

/** What each trade does: the share that it adds to the equity, or the amount. */
function stepsOf({ cash, nets, compounds }: TradeOutcomes): Float64Array {
  let equity = cash;
  return Float64Array.from(nets, (net) => {
    const share = net / equity;
    equity += net;
    return compounds ? share : net;
  });
}

function played(
  { cash, compounds }: TradeOutcomes,
  { runs, ruinShare }: MonteCarloSpec,
  steps: Float64Array,
  arrange: (order: Uint32Array) => void,
): MonteCarloFigures {
  const [finals, falls] = [new Float64Array(runs), new Float64Array(runs)];
  const order = Uint32Array.from(steps, (_, index) => index);
  let ruined = 0;
  for (let run = 0; run < runs; run += 1) {
    arrange(order);
    const { final, deepest, lowest } = walk(steps, order, cash, compounds);
    finals[run] = final;
    falls[run] = 100 * deepest;
    if (lowest < ruinShare * cash) ruined += 1;
  }
  return { finalEquity: spreadOf(finals), maxDrawdownPct: spreadOf(falls), ruinProbability: ruined / runs };
}

function walk(steps: Float64Array, order: Uint32Array, cash: number, compounds: boolean) {
  let equity = cash;
  let peak = cash;
  let lowest = cash;
  let deepest = 0;
  for (const at of order) {
    const step = steps[at] as number;
    equity = compounds ? equity * (1 + step) : equity + step;
    peak = Math.max(peak, equity);
    lowest = Math.min(lowest, equity);
    deepest = Math.max(deepest, (peak - equity) / peak);
  }
  return { final: equity, deepest, lowest };
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, rng: Rng): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const at = rng.below(last + 1);
    const kept = order[last] as number;
    order[last] = order[at] as number;
    order[at] = kept;
  }
}

function draw(order: Uint32Array, rng: Rng): void {
  for (let at = 0; at < order.length; at += 1) order[at] = rng.below(order.length);
}

function spreadOf(values: Float64Array): Spread {
  values.sort();
  return { p5: quantile(values, 0.05), p50: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

/** Between the two nearest, linearly (Hyndman, Fan 1996, type 7). @param sorted with one value at least */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  return low + (place - below) * ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low);
}
