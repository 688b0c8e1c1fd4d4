import { createHmac } from 'node:crypto';
import { Price, Quantity as Quantities, type Quantity } from '@scalpstorm/model';
import type { ExecutionWorld } from './execution-world.js';

/** Somebody else at the simulated exchange, with the same key: takes what one of our orders offers, and never rests. */
export class CounterTrader {
  constructor(private readonly world: Pick<ExecutionWorld, 'addresses' | 'credentials'>) {}

  /** Buys as much of it as is offered for the price or less. */
  async take(quantity: Quantity, price: Price): Promise<void> {
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
