import { type Clock, type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import type { Price } from '@scalpstorm/model';
import { VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { fieldsOf, price } from './fields.js';
import { isUnknownEndpoint } from './query-error.js';
import type { BinanceRest } from './rest.js';

const usableFor: Micros = 60 * second;
const freshFor: Micros = 10 * second;
/** A symbol that nobody has wanted for so long is not read again. */
const wantedFor: Micros = 3_600 * second;
/** Bounds what is read, and so the weight of it: those that were wanted last. */
const wantedMax = 100;
/** How often {@link ReferencePrices.refresh} must be called. */
export const refreshInterval: Micros = 25 * second;

/**
 * The venue's average price of a symbol, which its price band counts from. Read behind the orders, never before one: nobody
 * waits for it, and an order whose reference is not known goes to the venue unjudged.
 */
export class ReferencePrices {
  private readonly known = new Map<string, { readonly price: Price; readonly readAt: Timestamp }>();
  private readonly wantedAt = new Map<string, Timestamp>();
  private readonly asking = new Set<string>();
  private supported = true;

  constructor(
    private readonly rest: Pick<BinanceRest, 'ask'>,
    private readonly clock: Clock,
  ) {}

  /** Null: not known, or too old to judge by. */
  get(symbol: string): Price | null {
    const known = this.known.get(symbol);
    return known !== undefined && this.clock.now() - known.readAt <= usableFor ? known.price : null;
  }

  /** Begins to read it when it is not new any more. */
  want(symbol: string): void {
    this.wantedAt.delete(symbol);
    this.wantedAt.set(symbol, this.clock.now());
    const [oldest] = this.wantedAt.keys();
    if (this.wantedAt.size > wantedMax && oldest !== undefined) this.drop(oldest);
    void this.readUnlessFresh(symbol);
  }

  /** Reads what was wanted lately again, one after the other. Never throws. */
  async refresh(): Promise<void> {
    for (const [symbol, wantedAt] of [...this.wantedAt]) {
      if (this.clock.now() - wantedAt > wantedFor) this.drop(symbol);
      else await this.readUnlessFresh(symbol);
    }
  }

  private async readUnlessFresh(symbol: string): Promise<void> {
    const known = this.known.get(symbol);
    const fresh = known !== undefined && this.clock.now() - known.readAt < freshFor;
    if (fresh || !this.supported || this.asking.has(symbol)) return;
    this.asking.add(symbol);
    await this.read(symbol);
  }

  private async read(symbol: string): Promise<void> {
    try {
      const average = await this.rest.ask({
        cost: { weight: 2, orders: 0 },
        priority: 'read',
        send: (exchange) => exchange.publicGetAvgPrice({ symbol }),
        read: (payload) => price(fieldsOf(payload, 'avgPrice'), 'price'),
      });
      if (this.wantedAt.has(symbol)) this.known.set(symbol, { price: average, readAt: this.clock.now() });
    } catch (error) {
      if (!(error instanceof VenueUnreachable || error instanceof VenueRefused)) throw error;
      if (isUnknownEndpoint(error)) this.supported = false;
    } finally {
      this.asking.delete(symbol);
    }
  }

  private drop(symbol: string): void {
    this.wantedAt.delete(symbol);
    this.known.delete(symbol);
  }
}
