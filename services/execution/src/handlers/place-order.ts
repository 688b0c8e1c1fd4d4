import { Injectable } from '@nestjs/common';
import { assert, type Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, EventId, OrderRequest } from '@scalpstorm/model';
import { Log, Metrics, moment, WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, PlaceOutcome } from '@scalpstorm/venue-api';
import { isAtVenue } from '../domain/at-venue.js';
import { heldForm } from '../domain/held-form.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { eventsOfOutcome } from '../domain/venue-events.js';
import { type Change, Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { AlignOrder } from './align-order.js';
import { CancelOrder } from './cancel-order.js';
import { OrderMetrics } from './order-metrics.js';
import { OrderTraces } from './order-traces.js';
import { RefusedFills } from './refused-fills.js';

/** Proof that no order exists: there was nothing over which the request could have left. */
const detached: PlaceOutcome = {
  kind: 'rejected',
  code: 'NOT_CONNECTED',
  text: 'the connection of the account was closed before the request left',
  retryable: true,
};

/** Proof that no order exists: the venue holds no such order, so it was not asked. */
const notHeld: PlaceOutcome = {
  kind: 'rejected',
  code: 'NOT_HELD_BY_VENUE',
  text: 'the venue does not hold such an order any more; nothing was sent',
  retryable: false,
};

/**
 * Sends an order whose SENDING mark is committed. Nothing here repeats: an outcome that is not known is written down
 * as unknown, and only `ResolveUnknown` may look further.
 */
@Injectable()
export class PlaceOrder {
  /** Orders whose answer is still awaited by this process. */
  private readonly inFlight = new Set<ClientOrderId>();
  /** Orders with a mark whose request will not leave, until their end is stored; as many as there are messages in hand. */
  private readonly withheld = new Map<ClientOrderId, Change>();
  private readonly figures: OrderMetrics;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly cancelOrder: CancelOrder,
    private readonly alignOrder: AlignOrder,
    private readonly refusedFills: RefusedFills,
    private readonly traces: OrderTraces,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.figures = new OrderMetrics(metrics);
  }

  isInFlight(clientOrderId: ClientOrderId): boolean {
    return this.inFlight.has(clientOrderId);
  }

  isWithheld(clientOrderId: ClientOrderId): boolean {
    return this.withheld.has(clientOrderId);
  }

  /**
   * Ends an order whose mark is committed and whose request never left. While the end can not be stored nobody else may settle the
   * order: whoever found its mark without an answer would look it up, and in the end send it again. @throws what the ledger threw
   */
  async withhold(change: Change): Promise<void> {
    this.withheld.set(change.clientOrderId, change);
    await this.endWithheld(change.clientOrderId);
  }

  /** Tries again to store the end of an order that is withheld. */
  async endWithheld(clientOrderId: ClientOrderId): Promise<void> {
    const change = this.withheld.get(clientOrderId);
    if (change === undefined) return;
    await this.ledger.record(change);
    this.withheld.delete(clientOrderId);
  }

  place(tracked: TrackedOrder, causedBy: EventId | null): Promise<void> {
    return this.traces.sending(tracked.order.request, () => this.placeTraced(tracked, causedBy));
  }

  private async placeTraced(tracked: TrackedOrder, causedBy: EventId | null): Promise<void> {
    const { request } = tracked.order;
    assert(tracked.requestExpiresAt !== null, `order ${request.clientOrderId} has no SENDING mark`);
    this.inFlight.add(request.clientOrderId);
    try {
      const outcome = await this.send(tracked, tracked.requestExpiresAt);
      await this.note(tracked, outcome, causedBy);
    } finally {
      this.inFlight.delete(request.clientOrderId);
    }
    await this.cancelIfAsked(request.clientOrderId, causedBy);
  }

  private async send(tracked: TrackedOrder, expiresAt: Timestamp): Promise<PlaceOutcome> {
    const { request } = tracked.order;
    const venue = this.venues.venueOf(request.accountId);
    if (venue === null) return detached;
    const began = this.clock.now();
    const form = await this.formOf(request, venue);
    if (form === null) return notHeld;
    const outcome = await venue.place(form, { expiresAt });
    moment('answer of the venue', { 'order.outcome': outcome.kind });
    this.figures.answered(venue.venue, outcome, this.clock.now() - began);
    return outcome;
  }

  /**
   * What goes to the venue. Null: nobody holds it any more. A trigger that the venue held when the order was approved, and does not
   * now, is not simply left out: only one that was watched here has been reached.
   */
  private async formOf(request: OrderRequest, venue: ExecutionVenue): Promise<OrderRequest | null> {
    const form = heldForm(request, venue);
    if (form.kind === 'not-held') return null;
    if (!form.waits || request.trigger?.source !== 'last') return form.request;
    return (await this.ledger.wasEmulated(request.clientOrderId)) ? form.request : null;
  }

  private async note(tracked: TrackedOrder, outcome: PlaceOutcome, causedBy: EventId | null): Promise<void> {
    const { clientOrderId, accountId } = tracked.order.request;
    const view = outcome.kind === 'accepted' ? outcome.order : null;
    const recorded = await this.ledger.record({
      clientOrderId,
      events: eventsOfOutcome(outcome, clientOrderId),
      filledAtVenue: view?.filledQuantity,
      occurredAt: view?.updatedAt ?? this.clock.now(),
      causedBy,
    });
    if (recorded && recorded.refused.length > 0) await this.refusedFills.keep(accountId, recorded.refused);
    if (recorded && view) await this.alignOrder.told(recorded.tracked, view);
    if (outcome.kind !== 'accepted') {
      this.log.warn({ clientOrderId, outcome: outcome.kind, code: outcome.code }, outcome.text);
    }
  }

  /**
   * A cancel that was asked for while the answer was on its way leaves now; its reason is durable already. Read only after
   * the order has stopped being in flight: whoever asks from then on sends the cancel himself.
   */
  private async cancelIfAsked(clientOrderId: ClientOrderId, causedBy: EventId | null): Promise<void> {
    const order = (await this.ledger.find(clientOrderId))?.order;
    if (order?.status === 'pending-cancel' && isAtVenue(order.statusBefore))
      await this.cancelOrder.cancel(order, causedBy);
  }
}
