import { applyOrderEvent, createOrder } from '@scalpstorm/engine';
import { Timestamp, unwrap } from '@scalpstorm/kernel';
import {
  type CancelReason,
  type ClientOrderId,
  Currency,
  Money,
  type Order,
  type OrderEvent,
  type OrderRequest,
  Price,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import { aFill } from '@scalpstorm/testkit';

const usdt = Currency.of('USDT');
const now = Timestamp.fromMicros(1_700_000_000_000_000);
const venueOrderId = VenueOrderId.of('1001');

/** Execution's orders as the engine makes them from what happens at a venue. */
export class VenueOrders {
  private readonly orders = new Map<ClientOrderId, Order>();
  private readonly told = new Map<ClientOrderId, [Order, OrderEvent]>();
  private trades = 0;

  /** @param tell what execution says of it */
  constructor(private readonly tell: (order: Order, event: OrderEvent) => Promise<void>) {}

  async accept(request: OrderRequest): Promise<Order> {
    this.apply(request, { kind: 'sending', attempt: 1, expiresAt: now });
    return this.happened(request, { kind: 'accepted', venueOrderId });
  }

  /** Fees are taken in quote, 0.1 %. */
  async fill(request: OrderRequest, quantity: Quantity = request.quantity): Promise<Order> {
    return this.happened(request, this.filling(request, quantity));
  }

  /** A fill that nobody is told of. */
  missed(request: OrderRequest, quantity: Quantity): void {
    this.apply(request, this.filling(request, quantity));
  }

  /** The last that was told of it, delivered once more. */
  async repeat({ clientOrderId }: OrderRequest): Promise<void> {
    const told = this.told.get(clientOrderId);
    if (!told) throw new Error(`nothing was told of ${clientOrderId}`);
    await this.tell(...told);
  }

  async cancelRequested(request: OrderRequest, cancelReason: CancelReason = 'stop'): Promise<Order> {
    return this.happened(request, { kind: 'cancel-requested', cancelReason });
  }

  async canceled(request: OrderRequest): Promise<Order> {
    return this.happened(request, { kind: 'canceled', reason: { code: 'VENUE_CANCELED', text: 'canceled' } });
  }

  private filling(request: OrderRequest, quantity: Quantity): OrderEvent {
    this.trades += 1;
    const { clientOrderId, instrumentId, side } = request;
    const price = request.price ?? Price.of('50500');
    const fee = Money.of(side === 'buy' ? '0.5' : '0.51', 'USDT');
    const tradeId = TradeId.of(`${this.trades}`);
    return {
      kind: 'filled',
      fill: aFill({ tradeId, clientOrderId, venueOrderId, instrumentId, side, price, quantity, fee }),
    };
  }

  private async happened(request: OrderRequest, event: OrderEvent): Promise<Order> {
    const order = this.apply(request, event);
    this.told.set(request.clientOrderId, [order, event]);
    await this.tell(order, event);
    return order;
  }

  private apply(request: OrderRequest, event: OrderEvent): Order {
    const before = this.orders.get(request.clientOrderId) ?? createOrder(request, usdt, now);
    const order = unwrap(applyOrderEvent(before, event, now, new Set()));
    this.orders.set(request.clientOrderId, order);
    return order;
  }
}
