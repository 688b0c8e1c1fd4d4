import { Injectable } from '@nestjs/common';
import type { Timestamp } from '@scalpstorm/kernel';
import { type AccountId, type Balance, ClientOrderId, type OrderEvent } from '@scalpstorm/model';
import { Log, Metrics, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import type { ExecutionListener, OrderReport, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import { isAmended } from '../domain/amended.js';
import { eventsOfReport, ourFill } from '../domain/venue-events.js';
import { type Change, Ledger, type Recorded } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { AlignOrder } from './align-order.js';
import { OrderMetrics } from './order-metrics.js';
import { OrderTraces } from './order-traces.js';
import { Reconcile } from './reconcile.js';
import { RefusedFills } from './refused-fills.js';

/** What the user stream of a venue says becomes events of our orders; what it says of other orders is for reconciliation. */
@Injectable()
export class VenueReport {
  private readonly figures: OrderMetrics;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconcile: Reconcile,
    private readonly refusedFills: RefusedFills,
    private readonly alignOrder: AlignOrder,
    private readonly traces: OrderTraces,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.figures = new OrderMetrics(metrics);
  }

  listenerFor(accountId: AccountId): ExecutionListener {
    const venue = this.venues.venueOf(accountId);
    if (venue !== null) this.figures.begin(venue.venue);
    return {
      onOrderReport: (report) => this.onReport(accountId, report),
      onFill: (fill, order) => this.onFill(accountId, fill, order),
      onBalances: (balances, occurredAt) => this.onBalances(accountId, balances, occurredAt),
      onDisconnected: (detail) =>
        this.log.warn({ accountId, detail }, 'the user stream is down; fills are missed until it is back'),
      onReconnected: () => this.reconcile.repair(accountId, 'reconnect'),
    };
  }

  private onReport(accountId: AccountId, report: OrderReport): void {
    this.record(accountId, report.order, eventsOfReport(report), report.occurredAt);
  }

  private onFill(accountId: AccountId, fill: VenueFill, order: VenueOrderView): void {
    const id = this.ourIdOf(accountId, order);
    if (id === null) return;
    const filled: OrderEvent = { kind: 'filled', fill: ourFill(fill, id) };
    this.record(accountId, order, [filled], fill.occurredAt);
  }

  private onBalances(accountId: AccountId, balances: readonly Balance[], occurredAt: Timestamp): void {
    const changed = new Map(balances.map((balance) => [balance.currency, balance]));
    const kept = this.venues.balances(accountId).filter((balance) => !changed.has(balance.currency));
    this.venues.rememberBalances(accountId, [...kept, ...balances], occurredAt);
  }

  private record(
    accountId: AccountId,
    view: VenueOrderView,
    events: readonly OrderEvent[],
    occurredAt: Timestamp,
  ): void {
    const id = this.ourIdOf(accountId, view);
    if (id === null) return;
    const change: Change = {
      clientOrderId: id,
      events,
      filledAtVenue: view.filledQuantity,
      occurredAt,
      causedBy: null,
    };
    const name = events.some(({ kind }) => kind === 'filled') ? 'fill' : 'order report';
    const about = { clientOrderId: id, accountId };
    this.traces
      .told(id, { name, about }, () => this.store(accountId, change, view))
      .catch((error) => {
        stopOnBrokenInvariant(error);
        // The report is lost for us but not for the venue: reconciliation reads it again.
        this.log.error({ clientOrderId: id, error }, 'a report of the venue could not be stored');
        this.reconcile.repair(accountId, 'request');
      });
  }

  /** Somebody who amends an order at the venue gives it another client id. Null: not one of ours, by its name. */
  private ourIdOf(accountId: AccountId, view: VenueOrderView): ClientOrderId | null {
    const amended = this.ledger.working(accountId).find(({ order }) => isAmended(order, view));
    if (amended !== undefined) return amended.order.request.clientOrderId;
    return ClientOrderId.is(view.clientOrderId) ? view.clientOrderId : null;
  }

  private async store(accountId: AccountId, change: Change, view: VenueOrderView): Promise<void> {
    const recorded = await this.ledger.record(change);
    if (recorded === null) return;
    this.measure(accountId, change.events, recorded);
    await this.alignOrder.told(recorded.tracked, view);
    if (recorded.refused.length === 0) return;
    for (const { event, fault } of recorded.refused) {
      const words = 'the venue reported what an order can not do';
      this.log.error({ clientOrderId: change.clientOrderId, event: event.kind, fault: fault.kind }, words);
    }
    await this.refusedFills.keep(accountId, recorded.refused);
    this.reconcile.repair(accountId, 'request');
  }

  /** Told by the stream, and new: the answer to the placement had not told it already. */
  private measure(accountId: AccountId, events: readonly OrderEvent[], { tracked, applied }: Recorded): void {
    const venue = this.venues.venueOf(accountId);
    if (venue === null || applied === 0) return;
    const at = { now: this.clock.now(), venueNow: venue.venueTime() };
    for (const event of events) {
      if (event.kind === 'filled') this.figures.filled(venue.venue, { fill: event.fill, order: tracked.order }, at);
    }
  }
}
