import { createHmac } from 'node:crypto';
import { Price, Quantity as Quantities, type Quantity } from '@scalpstorm/model';
import type { ExecutionWorld } from './execution-world.js';

/** Somebody else at the simulated exchange, with the same key: takes what one of our orders offers, and never rests. */
export class CounterTrader {
  constructor(private readonly world: Pick<ExecutionWorld, 'addresses' | 'credentials'>) {}

  /** A price inside the spread, so that an order there is alone and first. */
  async priceBelowAsk(): Promise<Price> {
    const answer = await fetch(`${this.world.addresses.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
    const { askPrice } = (await answer.json()) as { askPrice: string };
    return Price.fromUnits(Price.of(askPrice) - Price.of('0.01'));
  }

  async buy(quantity: Quantity, price: Price): Promise<void> {
    const { addresses, credentials } = this.world;
    const query = new URLSearchParams({
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'IOC',
      price: Price.format(price),
      quantity: Quantities.format(quantity),
      selfTradePreventionMode: 'NONE',
      timestamp: String(Date.now()),
    }).toString();
    const signature = createHmac('sha256', credentials.secret).update(query).digest('hex');
    const answer = await fetch(`${addresses.rest}/api/v3/order?${query}&signature=${signature}`, {
      method: 'POST',
      headers: { 'X-MBX-APIKEY': credentials.apiKey },
    });
    if (!answer.ok) throw new Error(`the venue refused the other side: ${await answer.text()}`);
  }
}
