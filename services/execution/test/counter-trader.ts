import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';
import { Price, Quantity as Quantities, type Quantity } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import type { ExecutionWorld } from './execution-world.js';

const triesMax = 20;

/** Somebody else at the simulated exchange, with the same key: takes what one of our orders offers, and never rests. */
export class CounterTrader {
  constructor(private readonly world: Pick<ExecutionWorld, 'addresses' | 'credentials'>) {}

  /** A price inside the spread, so that an order there is alone and first; waits for a spread that has room for one. */
  priceBelowAsk(): Promise<Price> {
    return eventually(
      async () => {
        const answer = await fetch(`${this.world.addresses.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
        const { askPrice, bidPrice } = (await answer.json()) as { askPrice: string; bidPrice: string };
        const price = Price.fromUnits(Price.of(askPrice) - Price.of('0.01'));
        expect(price > Price.of(bidPrice)).toBe(true);
        return price;
      },
      { everyMs: 5, timeoutMs: 30_000 },
    );
  }

  /**
   * Buys so much again and again until somebody was bought from: who offers for less, or offered the same before, comes first.
   * @param isServed asked after each time
   */
  async take(quantity: Quantity, price: Price, isServed: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      await this.buy(quantity, price);
      if (await isServed()) return;
    }
  }

  private async buy(quantity: Quantity, price: Price): Promise<void> {
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
