import { Injectable } from '@nestjs/common';
import { assert } from '@scalpstorm/kernel';
import type { ClientOrderId, EventId, OrderRequest, Reason } from '@scalpstorm/model';
import { Log, Metrics, moment, WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, PlaceOutcome } from '@scalpstorm/venue-api';
import { isAtVenue } from '../domain/at-venue.js';
import { heldForm, withoutTrigger } from '../domain/held-form.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { eventsOfOutcome } from '../domain/venue-events.js';
import { type Change, Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { AlignOrder } from './align-order.js';
import { CancelOrder } from './cancel-order.js';
import { isRefusal, OrderMetrics } from './order-metrics.js';
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

/** How an order leaves. */
export interface Sending {
  /** Its trigger was watched here and is reached; absent: what the books remember of that. */
  readonly reached?: boolean;
  /** Asked right before the request leaves, whatever it waited for; a reason: it does not, and that is its end. */
  readonly heldBack?: () => Reason | null;
}

/**
 * Asked with what is proved to be no order at the venue: the same order with a new mark, to be sent once more, or null: that was its end.
 */
export type GoAgain = (tracked: TrackedOrder, outcome: PlaceOutcome, tries: number) => Promise<TrackedOrder | null>;

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
  private goAgain: GoAgain = async () => null;

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

  /** Tries again to store the end of every order that is withheld: nobody asks again for one that was released here. */
  async endAllWithheld(): Promise<void> {
    for (const clientOrderId of [...this.withheld.keys()]) await this.endWithheld(clientOrderId);
  }

  /** Who decides whether an order whose trigger was reached here goes out once more, see {@link GoAgain}. */
  persist(goAgain: GoAgain): void {
    this.goAgain = goAgain;
  }

  place(tracked: TrackedOrder, causedBy: EventId | null, sending: Sending = {}): Promise<void> {
    return this.traces.sending(tracked.order.request, () => this.placeTraced(tracked, causedBy, sending));
  }

  private async placeTraced(tracked: TrackedOrder, causedBy: EventId | null, sending: Sending): Promise<void> {
    const { request } = tracked.order;
    this.inFlight.add(request.clientOrderId);
    try {
      const reached = sending.reached ?? (await this.wasReached(tracked));
      let marked = tracked;
      let answer = await this.send(marked, reached, sending.heldBack);
      for (let tries = 1; reached && answer.heldBack === null; tries += 1) {
        const next = await this.goAgain(marked, answer.outcome, tries);
        if (next === null) break;
        marked = next;
        answer = await this.send(marked, reached, sending.heldBack);
      }
      if (answer.heldBack === null) await this.note(marked, answer.outcome, causedBy);
      else await this.endHeldBack(request.clientOrderId, answer.heldBack, causedBy);
    } finally {
      this.inFlight.delete(request.clientOrderId);
    }
    await this.cancelIfAsked(request.clientOrderId, causedBy);
  }

  /** The first request of an order leaves as it was approved, so nobody is asked then. */
  private async wasReached({ order, attempt }: TrackedOrder): Promise<boolean> {
    const { trigger, clientOrderId } = order.request;
    return trigger !== undefined && attempt > 1 && (await this.ledger.wasEmulated(clientOrderId));
  }

  private async send(
    { order: { request }, requestExpiresAt: expiresAt }: TrackedOrder,
    reached: boolean,
    heldBack: Sending['heldBack'] = () => null,
  ): Promise<Answer> {
    assert(expiresAt !== null, `order ${request.clientOrderId} has no SENDING mark`);
    const venue = this.venues.venueOf(request.accountId);
    if (venue === null) return { outcome: detached, heldBack: null };
    const began = this.clock.now();
    const form = formOf(request, venue, reached);
    if (form === null) return { outcome: notHeld, heldBack: null };
    let reason: Reason | null = null;
    const mayLeave = () => {
      reason = heldBack();
      return reason === null;
    };
    const outcome = await venue.place(form, { expiresAt, mayLeave });
    // What left all the same is answered for as everything else.
    if (outcome.kind === 'rejected' && outcome.code === 'HELD_BACK') return { outcome, heldBack: reason };
    moment('answer of the venue', { 'order.outcome': outcome.kind });
    this.figures.answered(venue.venue, outcome, this.clock.now() - began);
    return { outcome, heldBack: null };
  }

  /** It waited for the budget of the venue while trading was halted: nothing of it has left, and nothing will. */
  private async endHeldBack(clientOrderId: ClientOrderId, reason: Reason, causedBy: EventId | null): Promise<void> {
    if (isRefusal(reason.code)) this.figures.refused(reason.code);
    const occurredAt = this.clock.now();
    await this.withhold({ clientOrderId, events: [{ kind: 'expired', reason }], occurredAt, causedBy });
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

interface Answer {
  readonly outcome: PlaceOutcome;
  /** Not null: it did not leave, because of this. */
  readonly heldBack: Reason | null;
}

/**
 * What goes to the venue. Null: nobody holds it any more. A trigger that was reached here is left out, also where the venue could watch
 * it by now; one that the venue held when the order was approved, and does not now, is not.
 */
function formOf(request: OrderRequest, venue: ExecutionVenue, reached: boolean): OrderRequest | null {
  const form = heldForm(reached ? withoutTrigger(request) : request, venue);
  return form.kind === 'not-held' || form.waits ? null : form.request;
}
