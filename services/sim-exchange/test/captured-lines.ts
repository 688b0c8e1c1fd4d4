import type { Market, PublicTrade } from '../src/domain/market.js';
import { VenueNews } from '../src/domain/venue-news.js';

/** A line of a capture of ETHUSDT, received so many milliseconds after its beginning. */
export const at = (ms: number, value: unknown): string =>
  `${1_700_000_000_000 + ms}000000 ${typeof value === 'string' ? value : JSON.stringify(value)}`;

export const depth = (U: number, u: number, b: string[][], a: string[][], more = {}) => ({
  stream: 'ethusdt@depth@100ms',
  data: { e: 'depthUpdate', E: u, s: 'ETHUSDT', U, u, b, a, ...more },
});

export const trade = (p: string, q: string, m: boolean) => ({
  stream: 'ethusdt@trade',
  data: { e: 'trade', E: 1, s: 'ETHUSDT', t: 1, p, q, T: 1_000, m, M: true },
});

export const snapshot = {
  lastUpdateId: 12,
  bids: [
    ['2000.50', '1.25'],
    ['2000.00', '3.5'],
  ],
  asks: [
    ['2001.00', '2.75'],
    ['2001.25', '4'],
  ],
};

/** Keeps the trades that were told. */
export class HeardNews extends VenueNews {
  readonly trades: PublicTrade[] = [];
  traded(_market: Market, trade: PublicTrade): void {
    this.trades.push(trade);
  }
  quoteChanged(): void {}
  orderChanged(): void {}
  balancesChanged(): void {}
}
