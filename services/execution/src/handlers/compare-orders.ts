import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import { awaitsFills } from '@scalpstorm/engine';
import { type AccountId, type ClientOrderId, isFinal, type Order, type OrderEvent, Quantity } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, VenueOrderView } from '@scalpstorm/venue-api';
import { isHeldHere } from '../domain/at-venue.js';
import { type Comparison, isNews, repaired, unrepaired } from '../domain/differences.js';
import { ambiguityOf, notIdentified, OrderNotIdentified } from '../domain/order-not-identified.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { missingText } from '../domain/venue-events.js';
import { Ledger } from '../ports/ledger.js';
import { Pause } from '../ports/pause.js';
import { Venues } from '../ports/venues.js';
import { AlignOrder, judge } from './align-order.js';
import type { Stray } from './cancel-strays.js';
import { findOurs, lookUp } from './order-at-venue.js';
import { PlaceOrder } from './place-order.js';

export interface ComparedOrders {
  readonly differences: readonly Difference[];
  /** Those among them that nothing repairs: the order is one thing here and another at the venue. */
  readonly conflicts: readonly Difference[];
  /** Orders that are final here and work at the venue, by two answers that are newer than their end. */
  readonly strays: readonly Stray[];
  /** Orders of ours that the venue has filled further than our books say. */
  readonly short: readonly VenueOrderView[];
}

/** A second question may be answered by another copy of the venue's books. */
const secondQuestionMs = 500;

interface Compared {
  readonly difference: Difference | null;
  readonly short: boolean;
  readonly stray?: Stray | null;
}

const nothing: Compared = { difference: null, short: false };

/** Told of all orders that the venue has and nobody placed here, each time. */
type HearForeign = (accountId: AccountId, orders: readonly VenueOrderView[]) => Promise<void>;

/** Brings the working orders in line with the venue's view of them, their fills apart. */
@Injectable()
export class CompareOrders {
  private readonly hearers: HearForeign[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly alignOrder: AlignOrder,
    private readonly placeOrder: PlaceOrder,
    private readonly venues: Venues,
    private readonly pause: Pause,
    private readonly clock: WallClock,
  ) {}

  /** Who keeps a list of what nobody placed here, and whose plans it may be of. */
  follow(hearer: HearForeign): void {
    this.hearers.push(hearer);
  }

  async compare(comparison: Comparison, venue: ExecutionVenue): Promise<ComparedOrders> {
    const open = await venue.openOrders(null);
    const openIds = new Set<string>();
    const all: Compared[] = [];
    const short: VenueOrderView[] = [];
    const absent: TrackedOrder[] = [];
    const strangers: VenueOrderView[] = [];
    const note = (compared: Compared, view: VenueOrderView) => {
      all.push(compared);
      if (compared.short) short.push(view);
    };
    for (const view of open) {
      const tracked = await findOurs(this.ledger, comparison.accountId, view);
      openIds.add(tracked?.order.request.clientOrderId ?? view.clientOrderId);
      if (tracked === null) strangers.push(view);
      note(tracked ? await this.takeOver(comparison, tracked, view, venue) : foreign(comparison, view), view);
    }
    for (const hear of this.hearers) await hear(comparison.accountId, strangers);
    for (const tracked of this.ledger.working(comparison.accountId)) {
      const { clientOrderId } = tracked.order.request;
      if (openIds.has(clientOrderId) || isHeldHere(tracked.order)) continue;
      const quiet = this.isReadable(tracked.order);
      const view = this.alignOrder.heldEnd(clientOrderId) ?? (await lookUp(venue, tracked.order).catch(notIdentified));
      if (view instanceof OrderNotIdentified) all.push(inDoubt(comparison, tracked.order, view));
      else if (view !== 'not-found') note(await this.takeOver(comparison, tracked, view, venue), view);
      else if (!quiet || judge(tracked.order, 'not-found').kind !== 'conflict') continue;
      else if (awaitsFills(tracked.order)) all.push(fillsGone(comparison, tracked.order));
      else absent.push(tracked);
    }
    if (absent.length > 0) await this.pause.for(secondQuestionMs);
    for (const tracked of absent) {
      const view = await lookUp(venue, tracked.order);
      if (view !== 'not-found') note(await this.takeOver(comparison, tracked, view, venue), view);
      else all.push(await this.endAbsent(comparison, tracked));
    }
    const differences = all.flatMap(({ difference }) => difference ?? []);
    const conflicts = differences.filter((difference) => !difference.repaired);
    return { differences, conflicts, strays: all.flatMap(({ stray }) => stray ?? []), short };
  }

  /** After the fills were read: what is short now stays short; what is not may end now as the venue says. */
  async stillShort({ accountId }: Comparison, views: readonly VenueOrderView[]): Promise<readonly Difference[]> {
    const differences: Difference[] = [];
    for (const view of views) {
      const tracked = await findOurs(this.ledger, accountId, view);
      if (!tracked || !(await this.alignOrder.align(tracked, view)).short) continue;
      const ours = missingText(tracked.order, view);
      const decision = 'the venue lists no such fills yet; they are asked for again';
      differences.push(
        unrepaired('order', accountId, { subject: subjectOf(view), ours, theirs: view.status, decision }),
      );
    }
    return differences;
  }

  /**
   * May a question that leaves now contradict our books? What was only sent may still arrive: `ResolveUnknown` proves that it can
   * not. And what the venue said of an order just now is newer than any answer; how long ago that was no clock says that somebody sets.
   */
  private isReadable(order: Order): boolean {
    return this.ledger.quietFor(order) > this.venues.readLag;
  }

  private async endAbsent(comparison: Comparison, tracked: TrackedOrder): Promise<Compared> {
    const reason = { code: 'VENUE_NOT_FOUND', text: 'the venue knows no such order any more' };
    const { clientOrderId, instrumentId } = tracked.order.request;
    // Somebody spoke of it while it was asked for.
    if ((await this.ledger.find(clientOrderId))?.order.version !== tracked.order.version) return nothing;
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
    // Of what is short its fills are told, or that they are missing.
    if (applied === 0 || short || awaited || !isNews(comparison, view.updatedAt)) return { difference: null, short };
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
   * against our books as they were before the question, and only where they are older than any answer can be: what contradicts
   * them then is no matter of time.
   */
  private async confirm(comparison: Comparison, { order }: TrackedOrder, venue: ExecutionVenue): Promise<Compared> {
    const { clientOrderId, instrumentId } = order.request;
    const ours = await this.ledger.find(clientOrderId);
    if (!ours || !this.isReadable(ours.order)) return nothing;
    const view = await lookUp(venue, ours.order);
    const decision = view === 'not-found' ? null : judge(ours.order, view);
    if (view === 'not-found' || decision?.kind !== 'conflict') return nothing;
    const isStray = decision.code === 'ALIVE_AT_VENUE' && isFinal(ours.order.status);
    const stray = isStray ? { order: ours.order, idAtVenue: view.clientOrderId as ClientOrderId } : null;
    const words = {
      subject: `${instrumentId} order ${clientOrderId}`,
      ours: decision.ours,
      theirs: decision.theirs,
      decision: `${decision.code}: ${stray ? strayText : conflictText}`,
    };
    return { difference: unrepaired('order', comparison.accountId, words), short: false, stray };
  }
}

function inDoubt({ accountId }: Comparison, order: Order, cause: OrderNotIdentified): Compared {
  const words = ambiguityOf(order, cause);
  return words === null ? nothing : { difference: unrepaired('order', accountId, words), short: false };
}

function fillsGone({ accountId }: Comparison, { request, filledQuantity }: Order): Compared {
  const subject = `${request.instrumentId} order ${request.clientOrderId}`;
  const ours = `${Quantity.format(filledQuantity)} booked, and less than the venue counted`;
  const decision =
    'FILLS_AWAITED: the venue ended it and finds it no more; it stays pending until its fills are booked';
  return { difference: unrepaired('order', accountId, { subject, ours, theirs: 'not found', decision }), short: false };
}

function foreign({ accountId }: Comparison, view: VenueOrderView): Compared {
  const words = { ours: 'unknown', theirs: view.status, decision: 'not an order of ours; left alone' };
  return { difference: repaired('order', accountId, { subject: subjectOf(view), ...words }), short: false };
}

const strayText =
  'final here and working at the venue; it is canceled there, and the account opens nothing until it is gone';
const conflictText =
  'no event explains it; the account opens nothing until a person has compared this order with the venue';

const subjectOf = (view: VenueOrderView): string => `${view.instrumentId} order ${view.clientOrderId}`;
