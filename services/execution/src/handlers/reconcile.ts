import { Injectable } from '@nestjs/common';
import type { Difference, Reconciled } from '@scalpstorm/contracts';
import { assert, millisecond, Timestamp } from '@scalpstorm/kernel';
import { type AccountId, ClientOrderId, type InstrumentId, isFinal, type OrderEvent } from '@scalpstorm/model';
import { Log, Metrics, WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import { balanceDifferences, expectedTotals, movedBaseline, totalsOf } from '../domain/balances.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { eventsOfView, missesFills, missingText, ourFill } from '../domain/venue-events.js';
import { Ledger } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { Venues } from '../ports/venues.js';
import { PlaceOrder } from './place-order.js';

export type Trigger = Reconciled['trigger'];

/** How far back fills are asked for when none was booked yet, and the margin for a venue's clock. */
const lookBack = 3_600_000 * millisecond;
/** Balances and fills can not be read in one moment; so often a quiet moment is waited for. */
const quietTriesMax = 10;

/** Compares orders, fills and balances with the venue, repairs our side, and reports every difference. */
@Injectable()
export class Reconcile {
  private readonly running = new Map<AccountId, Promise<readonly Difference[]>>();
  private readonly breaks;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconciliations: Reconciliations,
    private readonly placeOrder: PlaceOrder,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.breaks = metrics.counter({
      name: 'recon_breaks_total',
      help: 'Differences between our books and the venue.',
      labels: ['account', 'kind'],
    });
  }

  /**
   * One run at a time for each account; a second caller gets the run that follows the present one.
   * @throws VenueUnreachable when the venue does not answer: nothing is concluded then.
   */
  async run(accountId: AccountId, trigger: Trigger): Promise<readonly Difference[]> {
    const before = this.running.get(accountId) ?? Promise.resolve([]);
    const mine = before.catch(() => []).then(() => this.compare(accountId, trigger));
    this.running.set(accountId, mine);
    return mine;
  }

  private async compare(accountId: AccountId, trigger: Trigger): Promise<readonly Difference[]> {
    const venue = this.venues.venueOf(accountId);
    assert(venue !== null, `account ${accountId} is not of this process`);
    const began = await venue.serverTime();
    // Orders first: an order that was sent and never answered learns its venue id here, and its fills find it by that.
    const differences = [
      ...(await this.compareOrders(accountId, venue)),
      ...(await this.compareFills(accountId, venue, began)),
      ...(await this.compareBalances(accountId, venue, began)),
    ];
    for (const difference of differences) this.breaks.inc({ account: accountId, kind: difference.kind });
    const clean = differences.every((difference) => difference.repaired);
    await this.reconciliations.conclude({ accountId, trigger, differences, clean });
    this.log.info({ accountId, trigger, differences: differences.length, clean }, 'reconciled with the venue');
    return differences;
  }

  private async compareFills(
    accountId: AccountId,
    venue: ExecutionVenue,
    began: Timestamp,
  ): Promise<readonly Difference[]> {
    const differences: Difference[] = [];
    for (const instrumentId of await this.ledger.instruments(accountId)) {
      for (const fill of await this.fillsOf(accountId, instrumentId, venue)) {
        const difference = await this.compareFill(accountId, fill, began);
        if (difference) differences.push(difference);
      }
    }
    return differences;
  }

  private async fillsOf(
    accountId: AccountId,
    instrumentId: InstrumentId,
    venue: ExecutionVenue,
  ): Promise<readonly VenueFill[]> {
    const fromTradeId = await this.ledger.latestTrade(accountId, instrumentId);
    const since = Timestamp.plus(venue.venueTime(), -lookBack);
    return venue.fillsSince(instrumentId, fromTradeId === null ? { since } : { since, fromTradeId });
  }

  private async compareFill(accountId: AccountId, fill: VenueFill, began: Timestamp): Promise<Difference | null> {
    const tracked = await this.orderOf(accountId, fill);
    const subject = `${fill.instrumentId} trade ${fill.tradeId}`;
    if (tracked === null) {
      // Its order may have been sent while this run looked elsewhere; the next run knows.
      if (fill.occurredAt >= began) return null;
      const decision = 'not an order of ours; left alone, the balances tell its effect';
      return {
        kind: 'fill',
        accountId,
        subject,
        ours: 'unknown',
        theirs: `order ${fill.venueOrderId}`,
        decision,
        repaired: true,
      };
    }
    const { clientOrderId } = tracked.order.request;
    const recorded = await this.ledger.record({
      clientOrderId,
      events: [{ kind: 'filled', fill: ourFill(fill, clientOrderId) }],
      occurredAt: fill.occurredAt,
      causedBy: null,
    });
    const refused = recorded?.refused[0];
    if (refused) {
      const decision = `not booked (${refused.fault.kind}); a person has to look at this order`;
      return { kind: 'fill', accountId, subject, ours: clientOrderId, theirs: subject, decision, repaired: false };
    }
    if (recorded === null || recorded.applied === 0) return null;
    return {
      kind: 'fill',
      accountId,
      subject,
      ours: 'not booked',
      theirs: clientOrderId,
      decision: 'booked',
      repaired: true,
    };
  }

  private async orderOf(accountId: AccountId, fill: VenueFill): Promise<TrackedOrder | null> {
    if (fill.clientOrderId !== null && ClientOrderId.is(fill.clientOrderId))
      return this.ledger.find(fill.clientOrderId);
    return this.ledger.findByVenueId(accountId, fill.venueOrderId);
  }

  private async compareOrders(accountId: AccountId, venue: ExecutionVenue): Promise<readonly Difference[]> {
    const open = await venue.openOrders(null);
    const openIds = new Set(open.map((view) => view.clientOrderId));
    const differences: Difference[] = [];
    for (const view of open) {
      const difference = await this.compareOpen(accountId, view);
      if (difference) differences.push(difference);
    }
    for (const tracked of this.ledger.working(accountId)) {
      const { clientOrderId, instrumentId } = tracked.order.request;
      if (openIds.has(clientOrderId) || this.placeOrder.isInFlight(clientOrderId)) continue;
      const difference = await this.compareGone(accountId, tracked, await venue.lookup(clientOrderId, instrumentId));
      if (difference) differences.push(difference);
    }
    return differences;
  }

  private async compareOpen(accountId: AccountId, view: VenueOrderView): Promise<Difference | null> {
    const tracked = ClientOrderId.is(view.clientOrderId) ? await this.ledger.find(view.clientOrderId) : null;
    const subject = `${view.instrumentId} order ${view.clientOrderId}`;
    if (tracked === null) {
      const decision = 'not an order of ours; left alone';
      return { kind: 'order', accountId, subject, ours: 'unknown', theirs: view.status, decision, repaired: true };
    }
    if (isFinal(tracked.order.status)) {
      const decision = 'working at the venue though final here; a person has to cancel it or look at it';
      return {
        kind: 'order',
        accountId,
        subject,
        ours: tracked.order.status,
        theirs: view.status,
        decision,
        repaired: false,
      };
    }
    return this.apply(accountId, tracked, eventsOfView(view), view);
  }

  private async compareGone(
    accountId: AccountId,
    tracked: TrackedOrder,
    view: VenueOrderView | 'not-found',
  ): Promise<Difference | null> {
    if (view !== 'not-found') return this.apply(accountId, tracked, eventsOfView(view), view);
    // What was only sent may still arrive: `ResolveUnknown` proves that it can not.
    if (!isSettledAtVenue(tracked)) return null;
    const reason = { code: 'VENUE_NOT_FOUND', text: 'the venue knows no such order any more' };
    await this.apply(accountId, tracked, [{ kind: 'canceled', reason }], null);
    const { clientOrderId, instrumentId } = tracked.order.request;
    const subject = `${instrumentId} order ${clientOrderId}`;
    return {
      kind: 'order',
      accountId,
      subject,
      ours: tracked.order.status,
      theirs: 'not found',
      decision: 'closed as canceled',
      repaired: true,
    };
  }

  private async apply(
    accountId: AccountId,
    tracked: TrackedOrder,
    events: readonly OrderEvent[],
    view: VenueOrderView | null,
  ): Promise<Difference | null> {
    const { clientOrderId, instrumentId } = tracked.order.request;
    const recorded = await this.ledger.record({ clientOrderId, events, occurredAt: this.clock.now(), causedBy: null });
    if (!recorded) return null;
    const subject = `${instrumentId} order ${clientOrderId}`;
    if (view && missesFills(recorded.tracked.order, view)) {
      const ours = missingText(recorded.tracked.order, view);
      const decision = 'the missing fills are asked for again';
      return { kind: 'order', accountId, subject, ours, theirs: view.status, decision, repaired: false };
    }
    if (recorded.applied === 0) return null;
    const decision = `taken over from the venue: ${recorded.tracked.order.status}`;
    return {
      kind: 'order',
      accountId,
      subject,
      ours: tracked.order.status,
      theirs: view?.status ?? 'not found',
      decision,
      repaired: true,
    };
  }

  private async compareBalances(
    accountId: AccountId,
    venue: ExecutionVenue,
    began: Timestamp,
  ): Promise<readonly Difference[]> {
    for (let tries = 0; tries < quietTriesMax; tries += 1) {
      const before = await this.ledger.cashFlow(accountId);
      const balances = await venue.balances();
      await this.compareFills(accountId, venue, began);
      const after = await this.ledger.cashFlow(accountId);
      if (!sameTotals(before, after)) continue;
      this.venues.rememberBalances(accountId, balances);
      const totals = totalsOf(balances);
      const baseline = await this.reconciliations.baseline(accountId);
      if (baseline === null) {
        await this.reconciliations.setBaseline(accountId, movedBaseline(totals, after), 'first sight of the account');
        return [];
      }
      const followsVenue = this.venues
        .accounts()
        .some((account) => account.id === accountId && account.mode !== 'demo');
      const differences = balanceDifferences(accountId, expectedTotals(baseline, after), totals, followsVenue);
      if (differences.length > 0 && followsVenue) {
        await this.reconciliations.setBaseline(
          accountId,
          movedBaseline(totals, after),
          'balance changed outside our fills',
        );
      }
      return differences;
    }
    this.log.warn({ accountId }, 'no quiet moment to compare balances; the next run tries again');
    return [];
  }
}

/** An order that the venue is known to have had; what was only sent is for `ResolveUnknown`. */
function isSettledAtVenue({ order }: TrackedOrder): boolean {
  return order.venueOrderId !== null && order.status !== 'unknown';
}

function sameTotals(left: ReadonlyMap<string, bigint>, right: ReadonlyMap<string, bigint>): boolean {
  return left.size === right.size && [...left].every(([currency, amount]) => right.get(currency) === amount);
}
