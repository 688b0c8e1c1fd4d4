import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { awaitsFills, type Lookup, sendingDecision } from '@scalpstorm/engine';
import { assert, BrokenInvariant, millisecond, Timestamp } from '@scalpstorm/kernel';
import type { AccountId, ClientOrderId, Order, OrderEvent } from '@scalpstorm/model';
import { Log, Metrics, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, VenueOrderView } from '@scalpstorm/venue-api';
import { isAtVenue } from '../domain/at-venue.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { ourFill } from '../domain/venue-events.js';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { AccountStates } from './account-states.js';
import { AlignOrder } from './align-order.js';
import { CancelOrder } from './cancel-order.js';
import { lookUp } from './order-at-venue.js';
import { PlaceOrder } from './place-order.js';
import { RefusedFills } from './refused-fills.js';

const everyMs = 250;
/** Orders looked up at once for one account; the venue's rate budget is for trading. */
const lookupsMax = 8;
/** A cancel is confirmed by the stream well before this; then it is looked up. */
const cancelPatience = 2_000 * millisecond;
/** How wrong our idea of the venue's clock may be right after it was asked. */
const clockErrorMax = 250 * millisecond;
/** Our clock stamped the order, the venue's clock stamps its fills. */
const clockMargin = 60_000 * millisecond;
const backOffMax = 10_000 * millisecond;
/** How often a closing order is sent before its bot has to ask anew. */
const attemptsMax = 5;

interface Look {
  readonly tries: number;
  readonly notBefore: Timestamp;
  /** The last answer was a not-found that proves something. */
  readonly absent: boolean;
}

/**
 * Settles orders whose fate is not known: asks the venue by client order id, adopts what is there, and sends again
 * or gives up only after the proof that `sendingDecision` demands.
 */
@Injectable()
export class ResolveUnknown implements OnApplicationShutdown {
  /** Of every account, its orders that are looked for. */
  private readonly looks = new Map<AccountId, Map<ClientOrderId, Look>>();
  /** Accounts of which a round is under way: one whose venue is slow holds up no other. */
  private readonly busy = new Set<AccountId>();
  private timer: NodeJS.Timeout | null = null;
  private readonly unresolved;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly placeOrder: PlaceOrder,
    private readonly cancelOrder: CancelOrder,
    private readonly alignOrder: AlignOrder,
    private readonly refusedFills: RefusedFills,
    private readonly states: AccountStates,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.unresolved = metrics.gauge({
      name: 'orders_unknown',
      help: 'Orders whose fate at the venue is not known.',
      labels: ['account'],
    });
    alignOrder.follow((order) => this.lookNow(order));
  }

  start(): void {
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** The answer to everything that was sent and not answered is not known: whoever awaited it is gone. */
  async doubt(accountId: AccountId): Promise<void> {
    for (const { order } of this.ledger.working(accountId)) {
      const { clientOrderId } = order.request;
      if (order.status !== 'sending' || this.isInHand(clientOrderId)) continue;
      const events: OrderEvent[] = [{ kind: 'outcome-unknown', reason: nobodyWaited }];
      await this.ledger.record({ clientOrderId, events, occurredAt: this.clock.now(), causedBy: null });
    }
  }

  /** One look at everything that is due, at every account by itself. Weather is retried in the next round. */
  async round(): Promise<void> {
    const accounts = this.venues.accounts().map(({ id }) => id);
    for (const id of this.looks.keys()) if (!accounts.includes(id)) this.looks.delete(id);
    await Promise.all(accounts.map((id) => this.roundOf(id)));
  }

  /** Its end waits for fills that nobody has told us of; with every round that brings them late its bot waits too. */
  private lookNow({ request: { accountId, clientOrderId } }: Order): void {
    this.looksOf(accountId).set(clientOrderId, { tries: 0, notBefore: this.clock.now(), absent: false });
    this.roundOf(accountId).catch((error) => {
      stopOnBrokenInvariant(error);
      this.log.warn({ accountId, error }, 'fills could not be asked for at once; the next round asks');
    });
  }

  private async roundOf(accountId: AccountId): Promise<void> {
    // While it recovers its venue may be away; while it is held, a not-found from there proves nothing.
    if (this.busy.has(accountId) || ['recovering', 'held'].includes(this.states.of(accountId).kind)) return;
    this.busy.add(accountId);
    try {
      const doubtful = this.ledger.working(accountId).filter((tracked) => this.isDoubtful(tracked));
      this.unresolved.set({ account: accountId }, doubtful.filter(({ order }) => order.status === 'unknown').length);
      const due = doubtful.filter((tracked) => this.isDue(tracked)).slice(0, lookupsMax);
      await Promise.all(due.map((tracked) => this.look(tracked)));
      this.forgetSettled(accountId);
    } finally {
      this.busy.delete(accountId);
    }
  }

  private looksOf(accountId: AccountId): Map<ClientOrderId, Look> {
    const known = this.looks.get(accountId) ?? new Map<ClientOrderId, Look>();
    this.looks.set(accountId, known);
    return known;
  }

  private isInHand(clientOrderId: ClientOrderId): boolean {
    return this.placeOrder.isInFlight(clientOrderId) || this.placeOrder.isWithheld(clientOrderId);
  }

  private isDoubtful({ order }: TrackedOrder): boolean {
    const { clientOrderId } = order.request;
    if (this.isInHand(clientOrderId)) return false;
    if (['sending', 'submitted', 'unknown'].includes(order.status) || awaitsFills(order)) return true;
    return order.status === 'pending-cancel' && this.clock.now() - order.updatedAt > cancelPatience;
  }

  /** How long a not-found answer still proves nothing. */
  private untilProof({ requestExpiresAt }: TrackedOrder, venue: ExecutionVenue): number {
    if (requestExpiresAt === null) return 0;
    return requestExpiresAt + clockErrorMax + this.venues.readLag - venue.venueTime();
  }

  private isDue({ order }: TrackedOrder): boolean {
    const look = this.looks.get(order.request.accountId)?.get(order.request.clientOrderId);
    return look === undefined || look.notBefore <= this.clock.now();
  }

  private async look(tracked: TrackedOrder): Promise<void> {
    const { clientOrderId, accountId } = tracked.order.request;
    const venue = this.venues.venueOf(accountId);
    if (venue === null) return;
    const looks = this.looksOf(accountId);
    const before = looks.get(clientOrderId);
    const tries = (before?.tries ?? 0) + 1;
    const notBefore = Timestamp.plus(this.clock.now(), pauseAfter(tries, this.untilProof(tracked, venue)));
    looks.set(clientOrderId, { tries, notBefore, absent: before?.absent ?? false });
    try {
      await this.settle(tracked, venue);
    } catch (cause) {
      if (cause instanceof BrokenInvariant) throw cause;
      // A venue that does not answer or refuses, a database that is away: the order stays as doubtful as it was.
      this.log.warn({ clientOrderId, tries, error: cause }, 'an order could not be looked up; it stays unknown');
    }
  }

  private async settle(tracked: TrackedOrder, venue: ExecutionVenue): Promise<void> {
    const { clientOrderId } = tracked.order.request;
    // Never sent, and with its cancel in the books it will not be.
    if (tracked.order.statusBefore === 'emulated') return this.cancelOrder.cancel(tracked.order, null);
    const end = this.alignOrder.heldEnd(clientOrderId);
    if (end !== null && end.filledQuantity >= tracked.order.filledQuantity) return this.adopt(tracked, end, venue);
    // It counted less than is booked by now, so it was told too early and ends nothing: the venue is asked anew.
    if (end !== null) this.alignOrder.forget(clientOrderId);
    const quiet = this.ledger.quietFor(tracked.order) > this.venues.readLag;
    // The clock is asked before the question leaves: a not-found proves something only if it was asked after expiry.
    const askedAt = await venue.serverTime();
    const view = await lookUp(venue, tracked.order);
    if (view !== 'not-found') {
      this.noteAbsence(tracked, false);
      return this.adopt(tracked, view, venue);
    }
    if (tracked.order.status === 'pending-cancel' && isAtVenue(tracked.order.statusBefore))
      return this.endVanished(tracked, quiet);
    await this.decide(tracked, { kind: 'not-found', askedAt }, venue);
  }

  /** An order that the venue had is gone only when two answers say so that can not be older than what it said itself. */
  private async endVanished(tracked: TrackedOrder, quiet: boolean): Promise<void> {
    const { order } = tracked;
    const { clientOrderId } = order.request;
    // What it counted as filled is at the venue, whatever it finds of the order now.
    if (awaitsFills(order) || !quiet) return this.noteAbsence(tracked, false);
    if (this.looksOf(order.request.accountId).get(clientOrderId)?.absent !== true)
      return this.noteAbsence(tracked, true);
    const known = await this.ledger.find(clientOrderId);
    if (known?.order.version === order.version) await this.record(tracked, [vanished]);
  }

  private noteAbsence({ order }: TrackedOrder, absent: boolean): void {
    const looks = this.looksOf(order.request.accountId);
    const look = looks.get(order.request.clientOrderId);
    if (look !== undefined) looks.set(order.request.clientOrderId, { ...look, absent });
  }

  private async decide(tracked: TrackedOrder, lookup: AbsenceAt, venue: ExecutionVenue): Promise<void> {
    assert(tracked.requestExpiresAt !== null, 'an order without a SENDING mark was sent');
    const { order } = tracked;
    const decision = sendingDecision({
      order,
      expiresAt: tracked.requestExpiresAt,
      venueNow: lookup.askedAt,
      venueClockErrorMax: clockErrorMax,
      venueReadLag: this.venues.readLag,
      lookup,
      // An opening order would go out at an old price; its bot asks anew. A close must finish.
      mayResend: order.request.purpose === 'close' && order.cancelReason === null && tracked.attempt < attemptsMax,
    });
    if (decision === 'give-up') await this.record(tracked, [neverArrived]);
    if (decision === 'resend') await this.sendAgain(tracked, venue);
  }

  private async sendAgain(tracked: TrackedOrder, venue: ExecutionVenue): Promise<void> {
    const { clientOrderId } = tracked.order.request;
    const expiresAt = Timestamp.plus(venue.venueTime(), this.venues.requestLifeMs * millisecond);
    const events: OrderEvent[] = [{ kind: 'sending', attempt: tracked.attempt + 1, expiresAt }];
    const recorded = await this.ledger.record({ clientOrderId, events, occurredAt: this.clock.now(), causedBy: null });
    if (recorded === null || recorded.applied === 0) return;
    // Not awaited: one that keeps being sent would stop every look of its account.
    this.placeOrder.place(recorded.tracked, null).catch((error) => {
      stopOnBrokenInvariant(error);
      this.log.error({ clientOrderId, error }, 'the answer to an order sent again could not be stored');
    });
  }

  private async adopt(tracked: TrackedOrder, view: VenueOrderView, venue: ExecutionVenue): Promise<void> {
    const { clientOrderId, instrumentId, accountId } = tracked.order.request;
    const first = await this.alignOrder.align(tracked, view);
    let { order } = first.tracked;
    if (first.short) {
      const since = Timestamp.plus(order.createdAt, -clockMargin);
      const missed = await venue.fillsSince(instrumentId, { since });
      const ours = missed.filter((fill) => fill.venueOrderId === view.venueOrderId);
      const fills = ours.map((fill): OrderEvent => ({ kind: 'filled', fill: ourFill(fill, clientOrderId) }));
      const booked = await this.ledger.record({
        clientOrderId,
        events: fills,
        occurredAt: this.clock.now(),
        causedBy: null,
      });
      await this.refusedFills.keep(accountId, booked?.refused ?? []);
      if (booked !== null) order = (await this.alignOrder.align(booked.tracked, view)).tracked.order;
    }
    this.log.info({ clientOrderId, status: order.status }, 'the venue has the order; it is taken over as it is there');
    if (order.cancelReason !== null) await this.cancelOrder.cancel(order, null, view.clientOrderId as ClientOrderId);
  }

  private async record(tracked: TrackedOrder, events: readonly OrderEvent[]): Promise<void> {
    const { clientOrderId } = tracked.order.request;
    const recorded = await this.ledger.record({ clientOrderId, events, occurredAt: this.clock.now(), causedBy: null });
    this.log.info({ clientOrderId, status: recorded?.tracked.order.status }, 'the fate of an order was looked up');
  }

  private forgetSettled(accountId: AccountId): void {
    const looks = this.looks.get(accountId);
    if (looks === undefined || looks.size === 0) return;
    const working = new Set(this.ledger.working(accountId).map(({ order }) => order.request.clientOrderId));
    for (const id of looks.keys()) {
      if (working.has(id)) continue;
      looks.delete(id);
      this.alignOrder.forget(id);
    }
  }
}

/** The venue knew nothing of the order when it was asked at that time of its own. */
type AbsenceAt = Extract<Lookup, { kind: 'not-found' }>;

const nobodyWaited = { code: 'RESTARTED', text: 'the process or its connection ended before the answer came' };

/** Backs off, but not past the moment from which an answer is a proof. */
function pauseAfter(tries: number, untilProof: number): number {
  const pause = Math.min(backOffMax, everyMs * millisecond * 2 ** Math.min(tries, 6));
  return untilProof > 0 ? Math.min(pause, untilProof + millisecond) : pause;
}

const neverArrived: OrderEvent = {
  kind: 'expired',
  reason: {
    code: 'NOT_FOUND_AFTER_EXPIRY',
    text: 'the request expired at the venue before it arrived; there is no such order and there will be none',
  },
};

const vanished: OrderEvent = {
  kind: 'canceled',
  reason: { code: 'VENUE_NOT_FOUND', text: 'the venue knows no such order any more' },
};
