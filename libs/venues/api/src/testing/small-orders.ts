import {
  AccountId,
  ClientOrderId,
  type Instrument,
  notional,
  type OrderRequest,
  Price,
  Quantity,
  type Quote,
  UserId,
} from '@scalpstorm/model';

/** Builds small orders that the venue's filters let pass. */
export class SmallOrders {
  private count = 0;

  constructor(private readonly instrument: Instrument) {}

  next(): ClientOrderId {
    this.count += 1;
    return ClientOrderId.of(`contract${this.count}`);
  }

  /** Never fills: a tenth below the best bid. */
  resting({ bidPrice }: Quote, clientOrderId = this.next()): OrderRequest {
    const { tickSize } = this.instrument;
    const price = Price.floorTo(Price.fromUnits((bidPrice * 9n) / 10n), tickSize);
    return { ...this.order(clientOrderId, price), type: 'limit', price, timeInForce: 'GTC' };
  }

  market({ askPrice }: Quote, side: 'buy' | 'sell'): OrderRequest {
    return { ...this.order(this.next(), askPrice), side, type: 'market', price: null, timeInForce: 'IOC' };
  }

  private order(clientOrderId: ClientOrderId, price: Price): Omit<OrderRequest, 'type' | 'price' | 'timeInForce'> {
    const { id, stepSize, quantityMin, notionalMin, quote } = this.instrument;
    let quantity = Quantity.max(quantityMin, stepSize);
    while (notional(price, quantity, quote).amount < 2n * notionalMin.amount)
      quantity = Quantity.plus(quantity, quantity);
    return {
      clientOrderId,
      userId: UserId.of('contract'),
      botId: null,
      accountId: AccountId.of('contract'),
      mode: 'demo',
      instrumentId: id,
      side: 'buy',
      quantity,
      purpose: 'open',
    };
  }
}
