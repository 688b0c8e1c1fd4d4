import { type Clock, type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';
import { Retelling } from '../ports/retelling.js';

/** What was told so lately is on its way still, or was heard just now. */
const restMin: Micros = 10 * second;

interface Told {
  readonly endedWithin: Micros;
  readonly running: Promise<number> | null;
  readonly at: Timestamp;
}

/** One telling at a time for each account, however many ask, and not again right after it: a flood for everybody who listens. */
export class CoalescedRetelling extends Retelling {
  private readonly told = new Map<AccountId, Told>();

  constructor(
    private readonly retelling: Retelling,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Gives 0 when all of it was told just now. */
  async retell(accountId: AccountId, endedWithin: Micros): Promise<number> {
    const last = this.told.get(accountId);
    if (last !== undefined && endedWithin <= last.endedWithin) {
      if (last.running !== null) return last.running;
      if (this.clock.now() - last.at < restMin) return 0;
    }
    const running = this.retelling.retell(accountId, endedWithin);
    this.told.set(accountId, { endedWithin, running, at: this.clock.now() });
    try {
      const count = await running;
      this.settle(accountId, running, { endedWithin, running: null, at: this.clock.now() });
      return count;
    } catch (error) {
      this.settle(accountId, running, null);
      throw error;
    }
  }

  private settle(accountId: AccountId, running: Promise<number>, told: Told | null): void {
    if (this.told.get(accountId)?.running !== running) return;
    if (told === null) this.told.delete(accountId);
    else this.told.set(accountId, told);
  }
}
