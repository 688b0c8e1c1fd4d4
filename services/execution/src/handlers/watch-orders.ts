import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AccountId } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant } from '@scalpstorm/observability';
import { Venues } from '../ports/venues.js';
import { AccountStates } from './account-states.js';
import { CompareOnly } from './compare-only.js';
import { Reconcile } from './reconcile.js';

/**
 * Looks at the open orders of every account more often than everything is compared: one question, and whatever differs is left to a
 * whole comparison, which mends it and tells.
 */
@Injectable()
export class WatchOrders implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  /** Accounts that are being looked at: one whose venue is slow holds up no other. */
  private readonly busy = new Set<AccountId>();

  constructor(
    private readonly compareOnly: CompareOnly,
    private readonly reconcile: Reconcile,
    private readonly venues: Venues,
    private readonly states: AccountStates,
    private readonly log: Log,
  ) {}

  start(everyMs: number): void {
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async round(): Promise<void> {
    await Promise.all(this.venues.accounts().map(({ id }) => this.look(id)));
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
