import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import { ClientOrderId, isFinal, type OrderEvent } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, VenueOrderView } from '@scalpstorm/venue-api';
import { type Comparison, isNews, repaired, unrepaired } from '../domain/differences.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { missingText } from '../domain/venue-events.js';
import { Ledger } from '../ports/ledger.js';
import { AlignOrder, judge } from './align-order.js';
import { PlaceOrder } from './place-order.js';

export interface ComparedOrders {
  readonly differences: readonly Difference[];
  /** Orders of ours that the venue has filled further than our books say. */
  readonly short: readonly VenueOrderView[];
}

interface Compared {
  readonly difference: Difference | null;
  readonly short: boolean;
}

const nothing: Compared = { difference: null, short: false };

/** Brings the working orders in line with the venue's view of them, their fills apart. */
@Injectable()
export class CompareOrders {
  constructor(
    private readonly ledger: Ledger,
    private readonly alignOrder: AlignOrder,
    private readonly placeOrder: PlaceOrder,
    private readonly clock: WallClock,
  ) {}

  async compare(comparison: Comparison, venue: ExecutionVenue): Promise<ComparedOrders> {
    const open = await venue.openOrders(null);
    const openIds = new Set(open.map((view) => view.clientOrderId));
    const differences: Difference[] = [];
    const short: VenueOrderView[] = [];
    const note = (compared: Compared, view: VenueOrderView | 'not-found') => {
      if (compared.difference) differences.push(compared.difference);
      if (compared.short && view !== 'not-found') short.push(view);
    };
    for (const view of open) {
      const tracked = ClientOrderId.is(view.clientOrderId) ? await this.ledger.find(view.clientOrderId) : null;
      note(tracked ? await this.takeOver(comparison, tracked, view, venue) : foreign(comparison, view), view);
    }
    for (const tracked of this.ledger.working(comparison.accountId)) {
      const { clientOrderId, instrumentId } = tracked.order.request;
      if (openIds.has(clientOrderId)) continue;
      const view = await venue.lookup(clientOrderId, instrumentId);
      if (view === 'not-found') note(await this.compareAbsent(comparison, tracked), view);
      else note(await this.takeOver(comparison, tracked, view, venue), view);
    }
    return { differences, short };
  }

  /** After the fills were read: what is short now stays short; what is not may end now as the venue says. */
  async stillShort({ accountId }: Comparison, views: readonly VenueOrderView[]): Promise<readonly Difference[]> {
    const differences: Difference[] = [];
    for (const view of views) {
      const tracked = ClientOrderId.is(view.clientOrderId) ? await this.ledger.find(view.clientOrderId) : null;
      if (!tracked || !(await this.alignOrder.align(tracked, view)).short) continue;
      const ours = missingText(tracked.order, view);
      const decision = 'the venue lists no such fills yet; they are asked for again';
      differences.push(
        unrepaired('order', accountId, { subject: subjectOf(view), ours, theirs: view.status, decision }),
      );
    }
    return differences;
  }

  private async compareAbsent(comparison: Comparison, tracked: TrackedOrder): Promise<Compared> {
    // What was only sent may still arrive: `ResolveUnknown` proves that it can not.
    if (judge(tracked.order, 'not-found').kind !== 'conflict') return nothing;
    const reason = { code: 'VENUE_NOT_FOUND', text: 'the venue knows no such order any more' };
    const { clientOrderId, instrumentId } = tracked.order.request;
    const events: OrderEvent[] = [{ kind: 'canceled', reason }];
    await this.ledger.record({ clientOrderId, events, occurredAt: this.clock.now(), causedBy: null });
    const words = { ours: tracked.order.status, theirs: 'not found', decision: 'closed as canceled' };
    const subject = `${instrumentId} order ${clientOrderId}`;
    return { difference: repaired('order', comparison.accountId, { subject, ...words }), short: false };
  }

  private async takeOver(
    comparison: Comparison,
    tracked: TrackedOrder,
    view: VenueOrderView,
    venue: ExecutionVenue,
  ): Promise<Compared> {
    const aligned = await this.alignOrder.align(tracked, view);
    if (aligned.conflict) return this.confirm(comparison, tracked, venue);
    const { short, applied } = aligned;
    // Learnt all the same, so that its fills find it by the venue's id; but whoever awaits the answer is about to say it.
    const awaited = this.placeOrder.isInFlight(tracked.order.request.clientOrderId);
    if (applied === 0 || awaited || !isNews(comparison, view.updatedAt)) return { difference: null, short };
    const words = {
      subject: subjectOf(view),
      ours: tracked.order.status,
      theirs: view.status,
      decision: `taken over from the venue: ${aligned.tracked.order.status}`,
    };
    return { difference: repaired('order', comparison.accountId, words), short };
  }

  /**
   * A view that contradicts our books may only be older than they are. So the order is asked for again, and the answer is held
   * against our books as they were before the question: what contradicts them then is no matter of time.
   */
  private async confirm(comparison: Comparison, { order }: TrackedOrder, venue: ExecutionVenue): Promise<Compared> {
    const { clientOrderId, instrumentId } = order.request;
    if (!isNews(comparison, order.updatedAt)) return nothing;
    const ours = await this.ledger.find(clientOrderId);
    const view = await venue.lookup(clientOrderId, instrumentId);
    const decision = ours && view !== 'not-found' ? judge(ours.order, view) : null;
    if (decision?.kind !== 'conflict') return nothing;
    const words = {
      subject: `${instrumentId} order ${clientOrderId}`,
      ours: decision.ours,
      theirs: decision.theirs,
      decision: `${decision.code}: ${conflictText(isFinal(order.status))}`,
    };
    return { difference: unrepaired('order', comparison.accountId, words), short: false };
  }
}

function foreign({ accountId }: Comparison, view: VenueOrderView): Compared {
  const words = { ours: 'unknown', theirs: view.status, decision: 'not an order of ours; left alone' };
  return { difference: repaired('order', accountId, { subject: subjectOf(view), ...words }), short: false };
}

const conflictText = (over: boolean): string =>
  over
    ? 'final here and not so at the venue; a person has to cancel it there or look at it'
    : 'no event explains it; a person has to compare this order with the venue';

const subjectOf = (view: VenueOrderView): string => `${view.instrumentId} order ${view.clientOrderId}`;
