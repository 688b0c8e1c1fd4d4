import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Account, AccountId } from '@scalpstorm/model';
import { HealthRegistry, Log, WallClock } from '@scalpstorm/observability';
import { LeaseHeld, Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { Reconcile } from './reconcile.js';
import { ResolveUnknown } from './resolve-unknown.js';
import { VenueReport } from './venue-report.js';

const pauseMsFirst = 250;
const pauseMsMax = 5_000;

/**
 * Start-up is recovery: take the account, load what works, connect, doubt every mark without an answer, reconcile.
 * Only then are approvals heard. A venue that is away is waited for; the service says so by not being ready.
 */
@Injectable()
export class Recover implements OnApplicationShutdown {
  private readonly recovered = new Set<AccountId>();
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly venueReport: VenueReport,
    private readonly reconcile: Reconcile,
    private readonly resolveUnknown: ResolveUnknown,
    private readonly clock: WallClock,
    private readonly log: Log,
    health: HealthRegistry,
  ) {
    health.register('reconciled', async () => this.requireRecovered());
    health.register('venues', async () => this.requireConnected(), { critical: false });
  }

  /** Resolves when every account agrees with its venue. */
  async run(reconcileEveryMs: number): Promise<void> {
    await Promise.all(this.venues.accounts().map((account) => this.recoverUntilDone(account)));
    this.resolveUnknown.start();
    this.timer = setInterval(() => void this.reconcileAll(), reconcileEveryMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.venues.close();
    await this.ledger.close();
  }

  private async recoverUntilDone(account: Account): Promise<void> {
    const id = AccountId.of(account.id);
    let pauseMs = pauseMsFirst;
    await this.takeAccount(id);
    while (!this.stopped) {
      try {
        await this.recover(id);
        this.recovered.add(id);
        return;
      } catch (error) {
        this.log.warn({ accountId: id, error }, 'the venue could not be reconciled; trying again');
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        pauseMs = Math.min(pauseMsMax, pauseMs * 2);
      }
    }
  }

  private async takeAccount(id: AccountId): Promise<void> {
    while (!this.stopped) {
      try {
        return await this.ledger.open(id);
      } catch (error) {
        if (!(error instanceof LeaseHeld)) throw error;
        this.log.warn({ accountId: id }, `${error.message}; waiting for its lease to end`);
        await new Promise((resolve) => setTimeout(resolve, pauseMsFirst));
      }
    }
  }

  private async recover(id: AccountId): Promise<void> {
    for (const { order } of this.ledger.working(id)) {
      if (order.status !== 'sending') continue;
      await this.ledger.record({
        clientOrderId: order.request.clientOrderId,
        events: [
          { kind: 'outcome-unknown', reason: { code: 'RESTARTED', text: 'the process ended before the answer came' } },
        ],
        occurredAt: this.clock.now(),
        causedBy: null,
      });
    }
    const venue = this.venues.venueOf(id);
    if (venue && venue.state !== 'connected') await venue.open(this.venueReport.listenerFor(id));
    await this.reconcile.run(id, 'start');
  }

  private async reconcileAll(): Promise<void> {
    for (const account of this.venues.accounts()) {
      await this.reconcile.run(AccountId.of(account.id), 'timer').catch((error) => {
        this.log.warn({ accountId: account.id, error }, 'reconciliation did not finish; the timer tries again');
      });
    }
  }

  private requireRecovered(): void {
    const waiting = this.venues.accounts().filter(({ id }) => !this.recovered.has(AccountId.of(id)));
    if (waiting.length > 0) throw new Error(`not reconciled yet: ${waiting.map(({ id }) => id).join(', ')}`);
  }

  private requireConnected(): void {
    for (const { id } of this.venues.accounts()) {
      const state = this.venues.venueOf(AccountId.of(id))?.state;
      if (state !== 'connected') throw new Error(`account ${id}: user stream ${state}`);
    }
  }
}
