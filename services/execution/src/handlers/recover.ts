import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { millisecond } from '@scalpstorm/kernel';
import { type Account, AccountId } from '@scalpstorm/model';
import { HealthRegistry, Log, stopOnBrokenInvariant } from '@scalpstorm/observability';
import type { ExecutionVenue } from '@scalpstorm/venue-api';
import { LeaseHeld, Ledger } from '../ports/ledger.js';
import { Pause } from '../ports/pause.js';
import { Retelling } from '../ports/retelling.js';
import { Venues } from '../ports/venues.js';
import { AccountStates, complaintOf } from './account-states.js';
import { Reconcile } from './reconcile.js';
import { ResolveUnknown } from './resolve-unknown.js';
import { VenueReport } from './venue-report.js';

const pauseMsFirst = 250;
const pauseMsMax = 5_000;

export interface RecoverySettings {
  readonly reconcileEveryMs: number;
  /** Orders that ended so lately are told again at the start. */
  readonly retellEndedMinutes: number;
}

/**
 * Start-up is recovery, account by account: take it, load what works, tell again what others may have missed; then connect, doubt
 * every mark without an answer, reconcile. Only then does the account trade. A venue that is away holds up its own account alone:
 * it is waited for with a bounded back-off, and the service says which account waits for what.
 */
@Injectable()
export class Recover implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private retellLife = 0;
  /** Accounts whose books are taken whether they are connected or not. */
  private readonly stored: AccountId[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly venueReport: VenueReport,
    private readonly reconcile: Reconcile,
    private readonly resolveUnknown: ResolveUnknown,
    private readonly retelling: Retelling,
    private readonly states: AccountStates,
    private readonly pause: Pause,
    private readonly log: Log,
    private readonly health: HealthRegistry,
  ) {
    this.health.register('reconciled', async () => this.requireOneRecovered());
    // What is connected before any user's account is attached.
    for (const { id } of this.venues.accounts()) {
      this.states.ofOperator(id);
      this.watch(id);
    }
    this.health.register('venues', async () => this.requireConnected(), { critical: false });
  }

  /** Takes every account; from then on events about its orders can be heard. False: the service was stopped meanwhile. */
  async open({ retellEndedMinutes }: RecoverySettings): Promise<boolean> {
    this.retellLife = retellEndedMinutes * 60_000 * millisecond;
    const ids = new Set([...this.venues.accounts().map(({ id }) => id), ...this.stored]);
    await Promise.all([...ids].map((id) => this.take(id)));
    return !this.stopped;
  }

  /**
   * Its books are taken at the start, also without a connection: an order that was approved for it must hear that nothing became of
   * it, instead of being asked for again for ever.
   */
  keepBooksOf(id: AccountId): void {
    this.stored.push(id);
  }

  /** The account's health is told from now on. */
  watch(id: AccountId): void {
    this.health.register(`account:${id}`, async () => this.requireTrading(id), { critical: false });
  }

  /** Takes one account, and tells the newest state of its orders again. */
  async take(id: AccountId): Promise<void> {
    await this.takeAccount(id);
    if (this.stopped) return;
    // Its books are taken and it is not used: nobody waits for it to trade.
    if (this.venues.venueOf(id) === null) this.states.forget(id);
    const told = await this.retelling.retell(id, this.retellLife);
    this.log.info({ accountId: id, orders: told }, 'the newest state of these orders is told again');
  }

  /** For an account that came while the service runs, and was taken: recovers it by itself. */
  follow(account: Account): void {
    this.watch(account.id);
    void this.recoverUntilDone(account);
  }

  /** Recovers every account by itself, and keeps comparing. Resolves when all are recovered, however long a venue is away. */
  async run({ reconcileEveryMs }: RecoverySettings): Promise<void> {
    this.resolveUnknown.start();
    this.timer = setInterval(() => void this.reconcileAll(), reconcileEveryMs);
    await Promise.all(this.venues.accounts().map((account) => this.recoverUntilDone(account)));
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.venues.close();
    await this.ledger.close();
  }

  /** Ends with the connection that it began with: the one after it, perhaps with another key, is recovered by its own. */
  private async recoverUntilDone({ id }: Account): Promise<void> {
    const venue = this.venues.venueOf(id);
    const stands = () => !this.stopped && venue !== null && this.venues.venueOf(id) === venue;
    for (let pauseMs = pauseMsFirst; venue !== null && stands(); pauseMs = Math.min(pauseMsMax, pauseMs * 2)) {
      try {
        return await this.recover(id, venue);
      } catch (error) {
        stopOnBrokenInvariant(error);
        if (!stands()) return;
        this.states.recovering(id, error instanceof Error ? error.message : String(error));
        this.log.warn({ accountId: id, error, pauseMs }, 'the venue could not be reconciled; trying again');
        await this.pause.for(pauseMs);
      }
    }
  }

  private async takeAccount(id: AccountId): Promise<void> {
    while (!this.stopped) {
      try {
        return await this.ledger.open(id);
      } catch (error) {
        if (!(error instanceof LeaseHeld)) throw error;
        this.states.recovering(id, error.message);
        this.log.warn({ accountId: id }, `${error.message}; waiting for its lease to end`);
        await this.pause.for(pauseMsFirst);
      }
    }
  }

  private async recover(id: AccountId, venue: ExecutionVenue): Promise<void> {
    this.states.recovering(id, 'comparing with the venue');
    await this.resolveUnknown.doubt(id);
    if (venue.state !== 'connected') await venue.open(this.venueReport.listenerFor(id));
    await this.reconcile.run(id, 'start');
  }

  private async reconcileAll(): Promise<void> {
    const recovered = this.venues.accounts().filter(({ id }) => this.states.of(id).kind !== 'recovering');
    await Promise.all(
      recovered.map(({ id }) =>
        this.reconcile.run(id, 'timer').catch((error) => {
          stopOnBrokenInvariant(error);
          this.log.warn({ accountId: id, error }, 'reconciliation did not finish; the timer tries again');
        }),
      ),
    );
  }

  private requireOneRecovered(): void {
    const accounts = this.venues.accounts().map(({ id }) => ({ id, state: this.states.of(id) }));
    if (accounts.some(({ state }) => state.kind !== 'recovering')) return;
    throw new Error(accounts.map(({ id, state }) => `account ${id} is ${complaintOf(state)}`).join('; '));
  }

  private requireTrading(id: AccountId): void {
    // An account that was taken away has no complaints.
    if (this.venues.venueOf(id) === null) return;
    const complaint = complaintOf(this.states.of(id));
    if (complaint !== null) throw new Error(complaint);
  }

  private requireConnected(): void {
    for (const { id } of this.venues.accounts()) {
      const state = this.venues.venueOf(AccountId.of(id))?.state;
      if (state !== 'connected') throw new Error(`account ${id}: user stream ${state}`);
    }
  }
}
