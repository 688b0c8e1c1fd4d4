import { Injectable } from '@nestjs/common';
import type { ExternalDecision, ExternalOrder } from '@scalpstorm/contracts';
import { ClientOrderId, type OrderEvent, type OrderRequest, type UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, VenueOrderView } from '@scalpstorm/venue-api';
import { externalIdOf } from '../domain/external-id.js';
import { externalRefusals, type Refusal } from '../domain/external-refusals.js';
import { ExternalOrders } from '../ports/external-orders.js';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { CompareOrders } from './compare-orders.js';
import { Reconcile } from './reconcile.js';

export interface Decision {
  readonly kind: ExternalDecision;
  readonly by: UserId;
}

/**
 * Orders at the venue that nobody placed here: listed with every comparison, left alone until a person decides. Whose decision it was
 * is durable before anything is done about it, and repeating one is harmless.
 */
@Injectable()
export class DecideExternalOrder {
  constructor(
    private readonly orders: ExternalOrders,
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconcile: Reconcile,
    private readonly clock: WallClock,
    private readonly log: Log,
    compareOrders: CompareOrders,
  ) {
    compareOrders.follow((accountId, foreign) => this.orders.seen(accountId, foreign, this.clock.now()));
  }

  /**
   * Null: done, or what came of it is in its row.
   * @throws VenueUnreachable, VenueRefused when the venue does not answer
   */
  async decide(order: ExternalOrder, decision: Decision): Promise<Refusal | null> {
    if (order.decision !== null && order.decision.kind !== 'ignore' && order.decision.kind !== decision.kind)
      return externalRefusals.decided(order);
    const venue = this.venues.venueOf(order.accountId);
    if (venue === null) return externalRefusals.notConnected(order);
    if (decision.kind === 'ignore') return this.settle(order, decision, 'left alone');
    const view = await venue.lookup(order.clientOrderId as ClientOrderId, order.instrumentId, order.venueOrderId);
    if (view === 'not-found' || (view.status !== 'open' && view.status !== 'partially-filled'))
      return externalRefusals.gone(order);
    if (decision.kind === 'cancel') return this.cancel(order, decision, venue);
    return this.adopt(order, decision, view);
  }

  private async settle(order: ExternalOrder, { kind, by }: Decision, outcome: string): Promise<null> {
    const { accountId, id, venueOrderId } = order;
    await this.orders.decide({ accountId, id, kind, by, at: this.clock.now() });
    await this.orders.settle(order, outcome);
    this.log.info({ accountId, venueOrderId, decision: kind, by }, `an external order was decided on: ${outcome}`);
    return null;
  }

  private async cancel(order: ExternalOrder, decision: Decision, venue: ExecutionVenue): Promise<null> {
    const { accountId, id, clientOrderId, instrumentId, venueOrderId } = order;
    await this.orders.decide({ accountId, id, ...decision, at: this.clock.now() });
    const named = { clientOrderId: clientOrderId as ClientOrderId, venueOrderId };
    const outcome = await venue.cancel({ ...named, instrumentId });
    const text = outcome.kind === 'rejected' || outcome.kind === 'unknown' ? `: ${outcome.code} ${outcome.text}` : '';
    return this.settle(order, decision, `cancel ${outcome.kind}${text}`);
  }

  /**
   * Only what has no fill yet, so that what it moves from now on is all that it moves; and only resting orders, because only those
   * can be followed and canceled like ours. It belongs to nobody's bot.
   */
  private async adopt(order: ExternalOrder, decision: Decision, view: VenueOrderView): Promise<Refusal | null> {
    const account = this.venues.accounts().find(({ id }) => id === order.accountId);
    if (account === undefined) return externalRefusals.notConnected(order);
    const waits = view.trigger !== undefined;
    if (view.type !== 'limit' || view.price === null || waits) return externalRefusals.notResting(order);
    if (view.filledQuantity > 0n) return externalRefusals.filled(order);
    const clientOrderId = externalIdOf(view);
    const request: OrderRequest = {
      clientOrderId,
      userId: decision.by,
      botId: null,
      accountId: account.id,
      mode: account.mode,
      instrumentId: view.instrumentId,
      side: view.side,
      type: 'limit',
      quantity: view.quantity,
      price: view.price,
      timeInForce: 'GTC',
      purpose: 'open',
    };
    await this.orders.decide({ accountId: account.id, id: order.id, ...decision, at: this.clock.now() });
    const events: OrderEvent[] = [
      { kind: 'sending', attempt: 1, expiresAt: view.updatedAt },
      { kind: 'accepted', venueOrderId: view.venueOrderId },
    ];
    await this.ledger.admit(request, { clientOrderId, events, occurredAt: view.updatedAt, causedBy: null });
    await this.settle(order, decision, `taken into the books as ${clientOrderId}`);
    // What was filled or ended while it was taken in.
    this.reconcile.repair(account.id, 'request');
    return null;
  }
}
