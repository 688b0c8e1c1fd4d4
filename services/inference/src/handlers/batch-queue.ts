import type { Timestamp } from '@scalpstorm/kernel';
import type { Rows } from '../domain/tensor-checks.js';

export type RunOutcome =
  | { readonly kind: 'ran'; readonly data: Float32Array }
  /** Its time was over before it was begun, or before it was ready; whatever comes of it then is thrown away. */
  | { readonly kind: 'expired'; readonly begun: boolean }
  | { readonly kind: 'full'; readonly waiting: number }
  | { readonly kind: 'failed'; readonly text: string }
  /** What the model runs on is stuck or has died, and is replaced. */
  | { readonly kind: 'away'; readonly text: string }
  /** Another version serves now. */
  | { readonly kind: 'closed' };

/** A request that waits for its run, or for the end of it. */
export class Pending {
  readonly outcome: Promise<RunOutcome>;
  begun = false;
  isSettled = false;
  private readonly resolve: (outcome: RunOutcome) => void;
  private readonly timer: NodeJS.Timeout;

  /** @param leftMs until its deadline */
  constructor(
    readonly rows: Rows,
    readonly arrivedAt: Timestamp,
    leftMs: number,
  ) {
    const { promise, resolve } = Promise.withResolvers<RunOutcome>();
    this.outcome = promise;
    this.resolve = resolve;
    this.timer = setTimeout(() => this.settle({ kind: 'expired', begun: this.begun }), leftMs);
  }

  settle(outcome: RunOutcome): void {
    if (this.isSettled) return;
    this.isSettled = true;
    clearTimeout(this.timer);
    this.resolve(outcome);
  }
}

/** What waits for one model, oldest first. */
export class BatchQueue {
  private waiting: Pending[] = [];

  constructor(private readonly rowsMax: number) {}

  get rows(): number {
    this.forgetSettled();
    return this.waiting.reduce((sum, { rows }) => sum + rows.count, 0);
  }

  get oldest(): Pending | undefined {
    this.forgetSettled();
    return this.waiting[0];
  }

  /** False: there is no room. */
  add(pending: Pending): boolean {
    if (this.rows + pending.rows.count > this.rowsMax) return false;
    this.waiting.push(pending);
    return true;
  }

  /** The oldest that fit into one run together; at least one, if any waits. */
  take(batchMax: number): readonly Pending[] {
    this.forgetSettled();
    let rows = 0;
    let count = 0;
    for (const pending of this.waiting) {
      if (count > 0 && rows + pending.rows.count > batchMax) break;
      rows += pending.rows.count;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  close(): void {
    for (const pending of this.waiting.splice(0)) pending.settle({ kind: 'closed' });
  }

  /** Whose time was over was told so when it was. */
  private forgetSettled(): void {
    if (this.waiting.some(({ isSettled }) => isSettled))
      this.waiting = this.waiting.filter(({ isSettled }) => !isSettled);
  }
}
