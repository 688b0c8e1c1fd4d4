import { Injectable } from '@nestjs/common';
import { awaitsFills, type Reconciliation, reconcileOrder } from '@scalpstorm/engine';
import type { ClientOrderId, Order } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import type { VenueOrderView } from '@scalpstorm/venue-api';
import { isAmended } from '../domain/amended.js';
import { isTakenIn } from '../domain/external-id.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { endingOf, missingText } from '../domain/venue-events.js';
import { Ledger } from '../ports/ledger.js';

export interface Aligned {
  readonly tracked: TrackedOrder;
  /** Events that moved our order. */
  readonly applied: number;
  /** The venue knows of fills that are not booked; the end of the order is held back until they are. */
  readonly short: boolean;
  readonly conflict: Extract<Reconciliation, { kind: 'conflict' }> | null;
}

/**
 * Applies what the venue's view proves about an order of ours; `engine/orders` decides what that is. Fills come by themselves, and
 * often later than an end that counts them: such an end is held back, and applied when they are booked, wherever they come from.
 */
@Injectable()
export class AlignOrder {
  /** How the venue ended the orders whose end is held back, by its own word to this process; as many as there are such orders. */
  private readonly ends = new Map<ClientOrderId, VenueOrderView>();
  private onHeld: (order: Order) => void = () => undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** Who asks for the fills at once when an end that was told is held back; whoever looked it up asks himself. */
  follow(onHeld: (order: Order) => void): void {
    this.onHeld = onHeld;
  }

  /** Newer than every answer that may lie behind. Null: no end is held back, or another process was told of it. */
  heldEnd(clientOrderId: ClientOrderId): VenueOrderView | null {
    return this.ends.get(clientOrderId) ?? null;
  }

  forget(clientOrderId: ClientOrderId): void {
    this.ends.delete(clientOrderId);
  }

  async align(tracked: TrackedOrder, view: VenueOrderView): Promise<Aligned> {
    const decision = judge(tracked.order, view);
    if (decision.kind === 'conflict') return { tracked, applied: 0, short: false, conflict: decision };
    if (decision.kind !== 'aligned') return { tracked, applied: 0, short: false, conflict: null };
    const { clientOrderId } = tracked.order.request;
    const { missing } = decision;
    // Of an end that has to wait the others are told too; the ledger knows whether the fills have come meanwhile.
    const events = missing > 0n ? [...decision.events, ...endingOf(view)] : decision.events;
    const recorded =
      events.length === 0
        ? null
        : await this.ledger.record({
            clientOrderId,
            events,
            filledAtVenue: view.filledQuantity,
            occurredAt: this.clock.now(),
            causedBy: null,
          });
    const now = recorded?.tracked ?? tracked;
    this.remember(now.order, view);
    return { tracked: now, applied: recorded?.applied ?? 0, short: missing > 0n, conflict: null };
  }

  /** After what the venue told with this view was stored: an end that is held back is kept in mind, or applied if it need not wait. */
  async told(tracked: TrackedOrder, view: VenueOrderView): Promise<void> {
    const { clientOrderId } = tracked.order.request;
    const before = this.heldEnd(clientOrderId);
    this.remember(tracked.order, view);
    const end = this.heldEnd(clientOrderId);
    if (end === null) return;
    if (tracked.order.filledQuantity >= end.filledQuantity) await this.align(tracked, end);
    else if (before === null) this.onHeld(tracked.order);
  }

  private remember(order: Order, view: VenueOrderView): void {
    const { clientOrderId } = order.request;
    if (!awaitsFills(order)) this.forget(clientOrderId);
    if (!awaitsFills(order) || endingOf(view).length === 0) return;
    if (!this.ends.has(clientOrderId))
      this.log.warn({ clientOrderId, end: view.status }, `short of fills at its end: ${missingText(order, view)}`);
    this.ends.set(clientOrderId, view);
  }
}

/** What the view says about the order as it was when it was asked for. */
export function judge(order: Order, view: VenueOrderView | 'not-found'): Reconciliation {
  const circumstances = { knownTrades: new Set<never>(), absenceProved: false };
  if (view === 'not-found') return reconcileOrder(order, view, circumstances);
  const status = view.status === 'partially-filled' ? 'open' : view.status;
  // Under another id nobody knows what becomes of it while it works; when it is over, its fills and its end count.
  const ours = isTakenIn(order, view) || (status !== 'open' && isAmended(order, view));
  const clientOrderId = ours ? order.request.clientOrderId : (view.clientOrderId as ClientOrderId);
  const theirs = { ...view, clientOrderId, status, fills: [] };
  return reconcileOrder(order, theirs, circumstances);
}
