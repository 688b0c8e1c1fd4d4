import { type Objective, type Stretch, scoreOf, type Tried } from '@scalpstorm/backtest';

export interface ProgressPlan {
  readonly objective: Objective;
  readonly barsAYear: number;
  readonly bars: number;
  /** Trials × bars of everything, as far as it is known beforehand. */
  readonly workMax: number;
}

const tellEveryMs = 250;

/** One line on a terminal that is written over: trials, the best so far, what is left of the time. */
export class Progress {
  private trials = 0;
  private work = 0;
  private best: number | null = null;
  private readonly startedAt: number;
  private toldAt = 0;

  constructor(
    private readonly plan: ProgressPlan,
    private readonly write: (text: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = now();
  }

  hear(stretch: Stretch, tried: Tried): void {
    const { bars, objective, barsAYear } = this.plan;
    this.trials += 1;
    this.work += stretch.to - stretch.from;
    if ('figures' in tried && stretch.to - stretch.from === bars) {
      const score = scoreOf(tried.figures, objective, barsAYear);
      if (score !== null) this.best = Math.max(this.best ?? score, score);
    }
    if (this.now() - this.toldAt < tellEveryMs) return;
    this.toldAt = this.now();
    this.write(`\r\u001b[K${this.text()}`);
  }

  end(): void {
    this.write('\r\u001b[K');
  }

  private text(): string {
    const { objective, workMax } = this.plan;
    const best = this.best === null ? '' : `, best ${objective} ${this.best.toFixed(2)}`;
    const share = Math.min(1, this.work / workMax);
    const seconds = ((this.now() - this.startedAt) / 1_000 / share) * (1 - share);
    return `${this.trials} trials${best}, about ${(100 * share).toFixed(0)} %, ${timeText(seconds)} left`;
  }
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
