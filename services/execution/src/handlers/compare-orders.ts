import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import { ClientOrderId, isFinal, type OrderEvent } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, VenueOrderView } from '@scalpstorm/venue-api';
import { type Comparison, isNews, repaired, unrepaired } from '../domain/differences.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { eventsOfView, missesFills, missingText } from '../domain/venue-events.js';
import { Ledger } from '../ports/ledger.js';
import { PlaceOrder } from './place-order.js';

export interface ComparedOrders {
  readonly differences: readonly Difference[];
  /** Orders of ours that the venue has filled further than our books say. */
  readonly short: readonly VenueOrderView[];
}

/** Brings the working orders in line with the venue's view of them, their fills apart. */
@Injectable()
export class CompareOrders {
  constructor(
    private readonly ledger: Ledger,
    private readonly placeOrder: PlaceOrder,
    private readonly clock: WallClock,
  ) {}

  async compare(comparison: Comparison, venue: ExecutionVenue): Promise<ComparedOrders> {
    const open = await venue.openOrders(null);
    const openIds = new Set(open.map((view) => view.clientOrderId));
    const differences: (Difference | null)[] = [];
    const short: VenueOrderView[] = [];
    for (const view of open) {
      const tracked = ClientOrderId.is(view.clientOrderId) ? await this.ledger.find(view.clientOrderId) : null;
      differences.push(await this.compareOpen(comparison, tracked, view));
      if (tracked && missesFills(tracked.order, view)) short.push(view);
    }
    for (const tracked of this.ledger.working(comparison.accountId)) {
      const { clientOrderId, instrumentId } = tracked.order.request;
      if (openIds.has(clientOrderId)) continue;
      const view = await venue.lookup(clientOrderId, instrumentId);
      differences.push(await this.compareGone(comparison, tracked, view));
      if (view !== 'not-found' && missesFills(tracked.order, view)) short.push(view);
    }
    return { differences: differences.filter((difference) => difference !== null), short };
  }

  /** After the fills were read: what is short now stays short. */
  async stillShort({ accountId }: Comparison, views: readonly VenueOrderView[]): Promise<readonly Difference[]> {
    const differences: Difference[] = [];
    for (const view of views) {
      const tracked = ClientOrderId.is(view.clientOrderId) ? await this.ledger.find(view.clientOrderId) : null;
      if (!tracked || !missesFills(tracked.order, view)) continue;
      const ours = missingText(tracked.order, view);
      const decision = 'the venue lists no such fills yet; they are asked for again';
      differences.push(
        unrepaired('order', accountId, { subject: subjectOf(view), ours, theirs: view.status, decision }),
      );
    }
    return differences;
  }

  private async compareOpen(
    comparison: Comparison,
    tracked: TrackedOrder | null,
    view: VenueOrderView,
  ): Promise<Difference | null> {
    const { accountId } = comparison;
    const words = { subject: subjectOf(view), theirs: view.status };
    if (tracked === null) {
      const decision = 'not an order of ours; left alone';
      return repaired('order', accountId, { ...words, ours: 'unknown', decision });
    }
    if (isFinal(tracked.order.status)) {
      // The list may be older than our books by a moment.
      if (!isNews(comparison, tracked.order.updatedAt)) return null;
      const decision = 'working at the venue though final here; a person has to cancel it or look at it';
      return unrepaired('order', accountId, { ...words, ours: tracked.order.status, decision });
    }
    return this.takeOver(comparison, tracked, view);
  }

  private async compareGone(
    comparison: Comparison,
    tracked: TrackedOrder,
    view: VenueOrderView | 'not-found',
  ): Promise<Difference | null> {
    if (view !== 'not-found') return this.takeOver(comparison, tracked, view);
    // What was only sent may still arrive: `ResolveUnknown` proves that it can not.
    if (!isSettledAtVenue(tracked)) return null;
    const reason = { code: 'VENUE_NOT_FOUND', text: 'the venue knows no such order any more' };
    await this.record(tracked, [{ kind: 'canceled', reason }]);
    const { clientOrderId, instrumentId } = tracked.order.request;
    return repaired('order', comparison.accountId, {
      subject: `${instrumentId} order ${clientOrderId}`,
      ours: tracked.order.status,
      theirs: 'not found',
      decision: 'closed as canceled',
    });
  }

  private async takeOver(
    comparison: Comparison,
    tracked: TrackedOrder,
    view: VenueOrderView,
  ): Promise<Difference | null> {
    const recorded = await this.record(tracked, eventsOfView(view));
    if (!recorded || recorded.applied === 0 || !isNews(comparison, view.updatedAt)) return null;
    // Learnt all the same, so that its fills find it by the venue's id; but whoever awaits the answer is about to say it.
    if (this.placeOrder.isInFlight(tracked.order.request.clientOrderId)) return null;
    return repaired('order', comparison.accountId, {
      subject: subjectOf(view),
      ours: tracked.order.status,
      theirs: view.status,
      decision: `taken over from the venue: ${recorded.tracked.order.status}`,
    });
  }

  private record({ order }: TrackedOrder, events: readonly OrderEvent[]) {
    const { clientOrderId } = order.request;
    return this.ledger.record({ clientOrderId, events, occurredAt: this.clock.now(), causedBy: null });
  }
}

const subjectOf = (view: VenueOrderView): string => `${view.instrumentId} order ${view.clientOrderId}`;

/** An order that the venue is known to have had; what was only sent is for `ResolveUnknown`. */
function isSettledAtVenue({ order }: TrackedOrder): boolean {
  return order.venueOrderId !== null && order.status !== 'unknown';
}
