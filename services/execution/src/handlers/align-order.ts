import { Injectable } from '@nestjs/common';
import { type Reconciliation, reconcileOrder } from '@scalpstorm/engine';
import type { ClientOrderId, Order } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { VenueOrderView } from '@scalpstorm/venue-api';
import type { TrackedOrder } from '../domain/order-row.js';
import { Ledger } from '../ports/ledger.js';

export interface Aligned {
  readonly tracked: TrackedOrder;
  /** Events that moved our order. */
  readonly applied: number;
  /** The venue knows of fills that are not booked; the end of the order is held back until they are. */
  readonly short: boolean;
  readonly conflict: Extract<Reconciliation, { kind: 'conflict' }> | null;
}

/** Applies what the venue's view proves about an order of ours; `engine/orders` decides what that is. Fills come by themselves. */
@Injectable()
export class AlignOrder {
  constructor(
    private readonly ledger: Ledger,
    private readonly clock: WallClock,
  ) {}

  async align(tracked: TrackedOrder, view: VenueOrderView): Promise<Aligned> {
    const decision = judge(tracked.order, view);
    if (decision.kind === 'conflict') return { tracked, applied: 0, short: false, conflict: decision };
    if (decision.kind !== 'aligned') return { tracked, applied: 0, short: false, conflict: null };
    const { clientOrderId } = tracked.order.request;
    const { events, missing } = decision;
    const recorded =
      events.length === 0
        ? null
        : await this.ledger.record({ clientOrderId, events, occurredAt: this.clock.now(), causedBy: null });
    return {
      tracked: recorded?.tracked ?? tracked,
      applied: recorded?.applied ?? 0,
      short: missing > 0n,
      conflict: null,
    };
  }
}

/** What the view says about the order as it was when it was asked for. */
export function judge(order: Order, view: VenueOrderView | 'not-found'): Reconciliation {
  const circumstances = { knownTrades: new Set<never>(), absenceProved: false };
  if (view === 'not-found') return reconcileOrder(order, view, circumstances);
  const status = view.status === 'partially-filled' ? 'open' : view.status;
  const theirs = { ...view, clientOrderId: view.clientOrderId as ClientOrderId, status, fills: [] };
  return reconcileOrder(order, theirs, circumstances);
}
