import { type Micros, millisecond, type Rng, second, Timestamp } from '@scalpstorm/kernel';
import type { CircuitState } from '@scalpstorm/venue-api';
import { type BackoffLimits, backoffDelay } from './backoff.js';
import type { Priority } from './rate-budget.js';

export interface CircuitLimits {
  /** So many failures one after the other open it. */
  readonly failuresInRow: number;
  /** So does this part of the answers of `window`, when there were at least `answersMin`. */
  readonly failedShare: number;
  readonly answersMin: number;
  readonly window: Micros;
  /** For how long it stays open at least; longer after each trial that failed. */
  readonly pause: BackoffLimits;
  /** So many good answers close it again. */
  readonly successesToClose: number;
}

export const defaultCircuitLimits: CircuitLimits = {
  failuresInRow: 5,
  failedShare: 0.5,
  answersMin: 20,
  window: 30 * second,
  pause: { first: 2 * second, most: 60 * second },
  successesToClose: 2,
};

/** Of more answers than this within the window the oldest are forgotten. */
const answersKept = 200;
/** What was let through to try and never came back does not bar the next one for longer. */
const trialMax: Micros = 10 * second;
/** How soon is looked again while a trial is under way. */
const trialWait: Micros = 100 * millisecond;

/**
 * Stops asking a venue that fails for everything that can come later. What ends a risk or a doubt always passes: it is asked for
 * anyhow, and its answers say first that the venue is back. Knows no clock: every call is told the time.
 */
export class CircuitBreaker {
  private current: CircuitState = 'closed';
  private readonly answers: { readonly at: Timestamp; readonly failed: boolean }[] = [];
  private inRow = 0;
  private good = 0;
  private opened = 0;
  private openUntil: Timestamp | null = null;
  private trialUntil: Timestamp | null = null;

  constructor(
    private readonly limits: CircuitLimits,
    private readonly rng: Rng,
    private readonly onChange: (state: CircuitState, why: string) => void,
  ) {}

  get state(): CircuitState {
    return this.current;
  }

  /** 0: it may be asked now. Else for how long it may not. */
  admit(priority: Priority, now: Timestamp): Micros {
    if (this.current === 'closed' || priority === 'urgent') return 0;
    if (this.current === 'open') {
      if (this.openUntil !== null && now < this.openUntil) return this.openUntil - now;
      this.become('half-open', 'its time to rest is over: a few may try');
    }
    if (this.trialUntil !== null && now < this.trialUntil) return trialWait;
    this.trialUntil = Timestamp.plus(now, trialMax);
    return 0;
  }

  /** What was let through did not leave: whoever comes next may try in its stead. */
  unused(priority: Priority): void {
    if (priority !== 'urgent') this.trialUntil = null;
  }

  /** It answered, whatever it said. */
  answered(now: Timestamp): void {
    this.note(false, now);
    this.inRow = 0;
    this.trialUntil = null;
    if (this.current === 'closed') return;
    this.good += 1;
    if (this.good >= this.limits.successesToClose) this.close();
    else if (this.current === 'open') this.become('half-open', 'it answered again: a few may try');
  }

  /** It did not answer in time, cut the line, or answered that it is broken. */
  failed(why: string, now: Timestamp): void {
    this.note(true, now);
    this.inRow += 1;
    this.good = 0;
    this.trialUntil = null;
    if (this.current === 'half-open') this.open(why, now);
    else if (this.current === 'closed' && this.isTooMuch()) this.open(why, now);
  }

  private open(why: string, now: Timestamp): void {
    const rest = backoffDelay(this.opened, this.limits.pause, this.rng);
    this.opened += 1;
    this.openUntil = Timestamp.plus(now, rest);
    this.become('open', `${this.inRow} failures in a row, the last one: ${why}`);
  }

  private close(): void {
    this.opened = 0;
    this.openUntil = null;
    this.answers.length = 0;
    this.become('closed', 'it answers again');
  }

  private become(state: CircuitState, why: string): void {
    if (state === this.current) return;
    this.current = state;
    this.good = state === 'half-open' ? this.good : 0;
    this.onChange(state, why);
  }

  private isTooMuch(): boolean {
    const { failuresInRow, failedShare, answersMin } = this.limits;
    if (this.inRow >= failuresInRow) return true;
    const failures = this.answers.filter(({ failed }) => failed).length;
    return this.answers.length >= answersMin && failures >= this.answers.length * failedShare;
  }

  private note(failed: boolean, now: Timestamp): void {
    this.answers.push({ at: now, failed });
    while (this.answers.length > answersKept || (this.answers[0]?.at ?? now) < now - this.limits.window)
      this.answers.shift();
  }
}
