import { applyOrderEvent, createOrder } from '@scalpstorm/engine';
import { assert, type Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, Currency, Order, OrderEvent, OrderRequest, TradeId } from '@scalpstorm/model';

/** Every fill has an id of its own here: none was applied before. */
const noTrades: ReadonlySet<TradeId> = new Set();

/** Orders as the platform knows them: the engine's own life of an order, one event after another. */
export class OrderDesk {
  private readonly orders = new Map<ClientOrderId, Order>();

  constructor(private readonly quote: Currency) {}

  get = (id: ClientOrderId): Order | undefined => this.orders.get(id);
  all = (): readonly Order[] => [...this.orders.values()];

  open(request: OrderRequest, now: Timestamp): Order {
    const order = createOrder(request, this.quote, now);
    this.orders.set(request.clientOrderId, order);
    return order;
  }

  /** The order after it; null: it says nothing new. */
  apply(id: ClientOrderId, event: OrderEvent, now: Timestamp): Order | null {
    const order = this.orders.get(id);
    assert(order !== undefined, `an event for an order that nobody made: ${id}`);
    const next = applyOrderEvent(order, event, now, noTrades);
    if (next.ok) {
      this.orders.set(id, next.value);
      return next.value;
    }
    assert(next.error.kind === 'nothing-new', `the venue said what can not be: ${JSON.stringify(next.error)}`);
    return null;
  }
}
