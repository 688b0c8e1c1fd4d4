import type { CancelRequested, OrderApproved } from '@scalpstorm/contracts';
import { createMeta } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import {
  type Account,
  ClientOrderId,
  EventId,
  type Fill,
  type Order,
  type OrderRequest,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aFill, anAccount, anOrderRequest, FakeClock } from '@scalpstorm/testkit';
import { CancelOrder } from '../src/handlers/cancel-order.js';
import { CancelRequestedHandler } from '../src/handlers/cancel-requested.handler.js';
import { CompareFills } from '../src/handlers/compare-fills.js';
import { CompareOrders } from '../src/handlers/compare-orders.js';
import { OrderApprovedHandler } from '../src/handlers/order-approved.handler.js';
import { PlaceOrder } from '../src/handlers/place-order.js';
import { Reconcile } from '../src/handlers/reconcile.js';
import { ResolveUnknown } from '../src/handlers/resolve-unknown.js';
import { FakeVenue, FakeVenues } from './fake-venue.js';
import { MemoryLedger, type MemoryStorage } from './memory-ledger.js';
import { MemoryReconciliations } from './memory-reconciliations.js';

/** The handlers of execution over fakes; with the storage of another one, it is the same account after a crash. */
export class ExecutionParts {
  readonly clock = new FakeClock();
  readonly venue: FakeVenue;
  readonly ledger: MemoryLedger;
  readonly reconciliations = new MemoryReconciliations();
  readonly log = new RecordingLog();
  readonly approved: OrderApprovedHandler;
  readonly cancelRequested: CancelRequestedHandler;
  readonly placeOrder: PlaceOrder;
  readonly resolveUnknown: ResolveUnknown;
  readonly reconcile: Reconcile;
  private events = 0;

  constructor(options: { readonly storage?: MemoryStorage; readonly account?: Account } = {}) {
    const { clock, log } = this;
    const now = () => clock.now();
    const metrics = new Metrics('execution');
    this.venue = new FakeVenue(now);
    this.ledger = new MemoryLedger(now, options.storage);
    const venues = new FakeVenues(this.venue, options.account ?? anAccount());
    const cancelOrder = new CancelOrder(this.ledger, venues, clock, log);
    this.placeOrder = new PlaceOrder(this.ledger, venues, cancelOrder, clock, log, metrics);
    this.approved = new OrderApprovedHandler(this.ledger, venues, this.placeOrder, clock, log);
    this.cancelRequested = new CancelRequestedHandler(this.ledger, venues, cancelOrder, this.placeOrder, log);
    this.resolveUnknown = new ResolveUnknown(this.ledger, venues, this.placeOrder, cancelOrder, clock, log, metrics);
    const compareOrders = new CompareOrders(this.ledger, this.placeOrder, clock);
    const compareFills = new CompareFills(this.ledger, this.reconciliations);
    this.reconcile = new Reconcile(
      this.ledger,
      venues,
      this.reconciliations,
      compareOrders,
      compareFills,
      log,
      metrics,
    );
  }

  approval(order: OrderRequest = anOrderRequest()): OrderApproved {
    return { meta: this.meta(), order, expiresAt: Timestamp.plus(this.clock.now(), 2 * second) };
  }

  cancellation(order: OrderRequest = anOrderRequest()): CancelRequested {
    const { accountId, clientOrderId } = order;
    return { meta: this.meta(), accountId, clientOrderId, reason: 'stop' };
  }

  /** An order that rests at the venue, as a request and its answer left it. */
  async rest(order: OrderRequest = anOrderRequest()): Promise<Order> {
    await this.approved.handle(this.approval(order));
    await settled(() => this.stored(order).status === 'accepted');
    return this.stored(order);
  }

  stored({ clientOrderId }: OrderRequest = anOrderRequest()): Order {
    const order = this.ledger.storage.order(clientOrderId);
    if (order === null) throw new Error(`no order ${clientOrderId}`);
    return order;
  }

  /** A fill of the order as this venue tells it. */
  fillOf(order: OrderRequest, tradeId: string, changes: Partial<Fill> = {}): Fill {
    const { clientOrderId, instrumentId, side } = order;
    return aFill({
      tradeId: TradeId.of(tradeId),
      clientOrderId: ClientOrderId.of(clientOrderId),
      venueOrderId: VenueOrderId.of(`v-${clientOrderId}`),
      instrumentId,
      side,
      occurredAt: this.clock.now(),
      ...changes,
    });
  }

  private meta() {
    this.events += 1;
    const now = this.clock.now();
    return createMeta(EventId.of(`event-${this.events}`), null, now, now);
  }
}

const turnsMax = 1_000;

/** Lets everything that is already decided run; no time passes. */
export async function settled(holds: () => boolean = () => false): Promise<void> {
  for (let turn = 0; turn < turnsMax && !holds(); turn += 1) await Promise.resolve();
}

/** A promise that a test keeps when it likes. */
export function held<Value>(): { readonly promise: Promise<Value>; readonly keep: (value: Value) => void } {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { promise, keep: resolve };
}
