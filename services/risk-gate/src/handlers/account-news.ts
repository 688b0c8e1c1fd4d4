import type { AccountId } from '@scalpstorm/model';

/** Each holds one of the places in which requests are judged: no account may take those of the others, nor all of them all places. */
const waitingOfAccountMax = 4;
const waitingMax = 16;

/** Lets somebody wait for what is heard next of an account's orders. */
export class AccountNews {
  private readonly waiting = new Map<AccountId, Set<() => void>>();
  private count = 0;

  arrived(accountId: AccountId): void {
    for (const wake of this.waiting.get(accountId) ?? []) wake();
  }

  /** False: nothing came in that time, or too many wait already. */
  async next(accountId: AccountId, withinMs: number): Promise<boolean> {
    const ofAccount = this.waiting.get(accountId) ?? new Set();
    if (withinMs <= 0 || this.count >= waitingMax || ofAccount.size >= waitingOfAccountMax) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const wake = (): void => resolve(true);
    const timer = setTimeout(() => resolve(false), withinMs);
    this.waiting.set(accountId, ofAccount.add(wake));
    this.count += 1;
    const came = await promise;
    clearTimeout(timer);
    this.count -= 1;
    ofAccount.delete(wake);
    if (ofAccount.size === 0) this.waiting.delete(accountId);
    return came;
  }
}
