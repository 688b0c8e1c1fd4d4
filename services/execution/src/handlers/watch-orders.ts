import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AccountId } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant } from '@scalpstorm/observability';
import { Venues } from '../ports/venues.js';
import { AccountStates } from './account-states.js';
import { CompareOnly } from './compare-only.js';
import { Reconcile } from './reconcile.js';

/** All accounts of an address share the venue's budget, and this question is the dearest of all. */
const spacingMsMin = 1_000;

/**
 * Looks at the open orders of every account more often than everything is compared: one question, and whatever differs is left to a
 * whole comparison, which mends it and tells. One account after the other, never all at once, and only while the budget of the venue
 * has more than enough: the whole comparison on its timer asks anyhow.
 */
@Injectable()
export class WatchOrders implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private turn = 0;
  /** Accounts that are being looked at: one whose venue is slow holds up no other. */
  private readonly busy = new Set<AccountId>();

  constructor(
    private readonly compareOnly: CompareOnly,
    private readonly reconcile: Reconcile,
    private readonly venues: Venues,
    private readonly states: AccountStates,
    private readonly log: Log,
  ) {}

  /** Each account so often, or more rarely where there are many. */
  start(everyMs: number): void {
    if (this.stopped) return;
    const spacingMs = Math.max(spacingMsMin, everyMs / Math.max(1, this.venues.accounts().length));
    this.timer = setTimeout(() => {
      void this.lookAtNext();
      this.start(everyMs);
    }, spacingMs);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** The account whose turn it is. */
  async lookAtNext(): Promise<void> {
    const accounts = this.venues.accounts();
    const account = accounts[this.turn % Math.max(1, accounts.length)];
    this.turn += 1;
    if (account !== undefined) await this.look(account.id);
  }

  private async look(accountId: AccountId): Promise<void> {
    // While it recovers it is compared anyhow, and while it is held nothing that its venue says proves anything.
    if (this.busy.has(accountId) || ['recovering', 'held'].includes(this.states.of(accountId).kind)) return;
    this.busy.add(accountId);
    try {
      if (await this.compareOnly.ordersDiffer(accountId)) await this.reconcile.run(accountId, 'timer');
    } catch (error) {
      stopOnBrokenInvariant(error);
      this.log.debug({ accountId, error }, 'the open orders could not be looked at; the next round does');
    } finally {
      this.busy.delete(accountId);
    }
  }
}
