import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type BarColumns, barStrategies } from '@scalpstorm/strategies';
import { type BarMarket, checkMarket } from '../bars/bar-market.js';
import type { BacktestFault } from '../fault.js';
import type { TrialFigures } from '../figures/trial-figures.js';
import { idleThreads } from './idle-threads.js';
import type { Outcome } from './messages.js';
import { sharedBars } from './shared-bars.js';
import { type SweepThread, ThreadDied } from './sweep-thread.js';

/** What a sweep is made over: the same for all of its combinations. */
export interface SweepPlan {
  /** Copied into memory that threads share, unless they lie there already: see `sharedBars`. */
  readonly bars: BarColumns;
  /** Of `barStrategies`, or the path of a file that `loadStrategy` takes. */
  readonly strategy: string;
  readonly combinations: readonly JsonObject[];
  readonly market: BarMarket;
}

export interface SweepOptions {
  /** Threads, each with up to 256 MB of series that its combinations have in common. What comes out does not depend on their number. */
  readonly workers: number;
  /** Ends it early: what is done until then is kept. */
  readonly signal?: AbortSignal;
  /** A combination that takes longer is taken to run for ever, and is a fault. */
  readonly secondsMax?: number;
  /** Hears the rows in the order of their index. */
  readonly onRow?: (row: SweepRow) => void;
  readonly onProgress?: (done: number, of: number) => void;
}

/** A combination that was run. */
export interface SweepRow {
  /** In the list of combinations. */
  readonly index: number;
  /** As they were given. */
  readonly parameters: JsonObject;
  readonly figures: TrialFigures;
}

/** A combination that could not be run, and why. */
export interface SweepFault {
  readonly index: number;
  readonly parameters: JsonObject;
  readonly fault: BacktestFault;
}

/** Both lists in the order of their index, whatever the number of workers. */
export interface Sweep {
  readonly rows: readonly SweepRow[];
  readonly faults: readonly SweepFault[];
  /** Combinations that nobody came to: it was ended early. */
  readonly left: number;
}

const secondsMaxUsual = 300;
/** Large enough that asking costs nothing, small enough that progress is seen … */
const batchMax = 32;
/** … and smaller towards the end, so that no thread waits long for the last one: each takes this share of what is left for it. */
const shareOfRest = 1 / 4;
/** Of a thread: the next one waits for it while it runs one, so that it never waits for us. */
const batchesAtOnce = 2;
/** More threads that die are no accident any more. */
const deathsMax = 5;

/** Runs a strategy with each combination of parameters over the same bars. */
export async function sweep(plan: SweepPlan, options: SweepOptions): Promise<Result<Sweep, BacktestFault>> {
  const checked = checkMarket(plan.market);
  if (!checked.ok) return checked;
  const sweeping = new Sweeping({ ...plan, bars: sharedBars(plan.bars) }, options);
  const workers = Math.max(1, Math.min(options.workers, plan.combinations.length));
  const lanes = Array.from({ length: workers }, (_, lane) => sweeping.lane(lane + 1));
  const fault = (await Promise.all(lanes)).find((one) => one !== null);
  return fault === undefined ? ok(sweeping.result()) : fail(fault);
}

/** Combinations from one number up to, and without, another. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

class Sweeping {
  private readonly outcomes: (Outcome | undefined)[];
  /** Not handed out yet; the next one is at the end. */
  private readonly open: Stretch[];
  private readonly series = `series ${randomUUID()}`;
  private done = 0;
  private told = 0;
  private deaths = 0;
  private isOver = false;

  constructor(
    private readonly plan: SweepPlan,
    private readonly options: SweepOptions,
  ) {
    const { length } = plan.combinations;
    this.outcomes = Array.from({ length });
    this.open = [{ from: 0, to: length }];
  }

  /** One thread after another, until nothing is left to do. Gives back why nothing can be done at all; null: there is no reason. */
  async lane(number: number): Promise<BacktestFault | null> {
    while (!this.isOver) {
      const stretch = this.take();
      if (stretch === null) return null;
      this.open.push(stretch);
      const thread = idleThreads.take(number);
      let isReusable = false;
      const stop = () => void thread.end();
      this.options.signal?.addEventListener('abort', stop);
      try {
        const fault = await this.work(thread);
        // A module of a user stays loaded in its thread, whatever becomes of the file.
        isReusable = fault === null && barStrategies.has(this.plan.strategy);
        if (fault === null) return null;
        this.isOver = true;
        return fault;
      } catch (error) {
        if (!(error instanceof ThreadDied)) throw error;
        const fault = this.mourn(error);
        if (fault === null) continue;
        this.isOver = true;
        return fault;
      } finally {
        this.options.signal?.removeEventListener('abort', stop);
        await (isReusable ? idleThreads.giveBack(thread) : thread.end());
      }
    }
    return null;
  }

  result(): Sweep {
    const rows: SweepRow[] = [];
    const faults: SweepFault[] = [];
    for (const [index, outcome] of this.outcomes.entries()) {
      if (outcome === undefined) continue;
      const parameters = this.plan.combinations[index] as JsonObject;
      if (outcome.ok) rows.push({ index, parameters, figures: outcome.value });
      else faults.push({ index, parameters, fault: outcome.error });
    }
    return { rows, faults, left: this.outcomes.length - this.done };
  }

  private async work(thread: SweepThread): Promise<BacktestFault | null> {
    const { bars, strategy, market } = this.plan;
    const begun = await thread.begin({ bars, strategy, market, series: this.series });
    if (begun.kind === 'refused') return begun.fault;
    const hands = await Promise.allSettled(Array.from({ length: batchesAtOnce }, () => this.runBatches(thread)));
    for (const hand of hands) if (hand.status === 'rejected') throw hand.reason;
    return null;
  }

  private async runBatches(thread: SweepThread): Promise<void> {
    const { combinations } = this.plan;
    for (let batch = this.take(); batch !== null; batch = this.take()) {
      const { from, to } = batch;
      try {
        const asked = { from, combinations: combinations.slice(from, to) };
        const outcomes = await thread.run(asked, this.options.secondsMax ?? secondsMaxUsual);
        this.settle(from, outcomes);
      } catch (error) {
        if (error instanceof ThreadDied) this.reopen(batch, error);
        throw error;
      }
    }
  }

  private take(): Stretch | null {
    if (this.isOver || this.options.signal?.aborted === true) return null;
    const left = this.open.reduce((sum, { from, to }) => sum + to - from, 0);
    const next = this.open.pop();
    if (next === undefined) return null;
    const size = Math.min(batchMax, Math.ceil((left * shareOfRest) / Math.max(1, this.options.workers)));
    const to = Math.min(next.to, next.from + size);
    if (to < next.to) this.open.push({ from: to, to: next.to });
    return { from: next.from, to };
  }

  /** What a thread leaves of a batch is for another one; the combination at which it died is a fault. */
  private reopen({ from, to }: Stretch, { at, message, code }: ThreadDied): void {
    if (this.options.signal?.aborted === true) return;
    if (at === null || at < from || at >= to) {
      this.open.push({ from, to });
      return;
    }
    for (const stretch of [
      { from: at + 1, to },
      { from, to: at },
    ])
      if (stretch.from < stretch.to) this.open.push(stretch);
    this.settle(at, [
      {
        ok: false,
        error: { code, text: `${message}.`, next: 'Mend the strategy, or leave these parameters out.' },
      },
    ]);
  }

  private mourn({ at, message, code }: ThreadDied): BacktestFault | null {
    if (this.options.signal?.aborted === true) return null;
    this.deaths += 1;
    if (at !== null && this.deaths <= deathsMax) return null;
    return { code, text: `${message}.`, next: 'Mend the strategy: it ends the thread that runs it.' };
  }

  private settle(from: number, outcomes: readonly Outcome[]): void {
    for (const [place, outcome] of outcomes.entries()) this.outcomes[from + place] = outcome;
    this.done += outcomes.length;
    this.tell();
    this.options.onProgress?.(this.done, this.outcomes.length);
  }

  private tell(): void {
    for (let next = this.outcomes[this.told]; next !== undefined; next = this.outcomes[this.told]) {
      const parameters = this.plan.combinations[this.told] as JsonObject;
      if (next.ok) this.options.onRow?.({ index: this.told, parameters, figures: next.value });
      this.told += 1;
    }
  }
}
