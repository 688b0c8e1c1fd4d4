import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type BarColumns, type BarStrategy, barStrategies } from '@scalpstorm/strategies';
import type { BarMarket } from '../bars/bar-market.js';
import type { BacktestFault } from '../fault.js';
import type { TrialFigures } from '../figures/trial-figures.js';
import { sharedBars } from '../sweep/shared-bars.js';
import { sweep } from '../sweep/sweep.js';
import { Trials } from '../sweep/trials.js';

/** Bars from the first up to, and without, the second. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What a combination came to over a stretch, or why it came to nothing. */
export type Tried = { readonly figures: TrialFigures } | { readonly fault: BacktestFault };

/** Runs combinations over a stretch, and nothing outside of it. Answers in the order of the combinations. */
export type Tries = (
  stretch: Stretch,
  combinations: readonly JsonObject[],
) => Promise<Result<readonly Tried[], BacktestFault>>;

export interface TriesPlan {
  readonly bars: BarColumns;
  /** As `sweep` wants it. */
  readonly strategy: string;
  readonly market: BarMarket;
  readonly workers: number;
  /** A trial that takes longer is taken to run for ever; one of a strategy that comes with the platform always ends. */
  readonly secondsMax?: number;
  readonly signal?: AbortSignal;
}

/** Hears what was run, as soon as it was; also what was run before everything was over. */
export type OnTried = (stretch: Stretch, parameters: JsonObject, tried: Tried) => void;

export const interrupted: BacktestFault = {
  code: 'INTERRUPTED',
  text: 'It was ended before it was done.',
  next: 'Start it again.',
};

/** Combinations × bars: less than this is done before a thread has started and has been told of the bars. */
const threadedMin = 10_000_000;

/** By the sweep, over the cores of this machine; a few of a strategy that comes with the platform, so that it ends, right here. */
export function triesBySweep(plan: TriesPlan, onTried?: OnTried): Tries {
  const { strategy, market, workers, secondsMax, signal } = plan;
  const bars = workers > 1 ? sharedBars(plan.bars) : plan.bars;
  return async (stretch, combinations) => {
    const within = barsWithin(bars, stretch);
    const hear = (parameters: JsonObject, tried: Tried) => onTried?.(stretch, parameters, tried);
    const known = barStrategies.get(strategy);
    if (known !== undefined && (workers === 1 || combinations.length * within.length < threadedMin)) {
      return await runHere(new Trials(within, known, market), combinations, hear, signal);
    }
    let heard = -1;
    const swept = await sweep(
      { bars: within, strategy, combinations, market },
      {
        workers,
        ...(signal === undefined ? {} : { signal }),
        ...(secondsMax === undefined ? {} : { secondsMax }),
        onRow: ({ index, parameters, figures }) => {
          heard = index;
          hear(parameters, { figures });
        },
      },
    );
    if (!swept.ok) return swept;
    const tried = new Map<number, Tried>(swept.value.rows.map(({ index, figures }) => [index, { figures }]));
    // Of a sweep that was ended early: what another thread had run beyond the first gap counts, too.
    for (const { index, parameters, figures } of swept.value.rows) if (index > heard) hear(parameters, { figures });
    for (const { index, parameters, fault } of swept.value.faults) {
      tried.set(index, { fault });
      hear(parameters, { fault });
    }
    if (swept.value.left > 0) return fail(interrupted);
    return ok(combinations.map((_, index) => tried.get(index) as Tried));
  };
}

export interface OwnThreadPlan {
  readonly bars: BarColumns;
  /** It ends: nobody watches it here. */
  readonly strategy: BarStrategy;
  readonly market: BarMarket;
  /** For the series that combinations over one stretch have in common. */
  readonly seriesBytesMax?: number;
}

/** One after another on this thread; who wants that to end ends the thread. */
export function triesHere({ bars, strategy, market, seriesBytesMax }: OwnThreadPlan, onTried: OnTried): Tries {
  return (stretch, combinations) => {
    const trials = new Trials(barsWithin(bars, stretch), strategy, market, { seriesBytesMax });
    return runHere(trials, combinations, (parameters, tried) => onTried(stretch, parameters, tried), undefined);
  };
}

async function runHere(
  trials: Trials,
  combinations: readonly JsonObject[],
  hear: (parameters: JsonObject, tried: Tried) => void,
  signal: AbortSignal | undefined,
): Promise<Result<readonly Tried[], BacktestFault>> {
  const told: Tried[] = [];
  for (const parameters of combinations) {
    if (signal?.aborted === true) return fail(interrupted);
    const ran = trials.run(parameters);
    const tried = ran.ok ? { figures: ran.value } : { fault: ran.error };
    hear(parameters, tried);
    told.push(tried);
    // So that whoever ends it is heard.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ok(told);
}

/** A view, not a copy. */
export const barsWithin = (bars: BarColumns, { from, to }: Stretch): BarColumns => ({
  length: to - from,
  openedAt: bars.openedAt.subarray(from, to),
  open: bars.open.subarray(from, to),
  high: bars.high.subarray(from, to),
  low: bars.low.subarray(from, to),
  close: bars.close.subarray(from, to),
  volume: bars.volume.subarray(from, to),
});
