import type { Lots, TickLots, Ticks } from '@scalpstorm/matching';

/** Minutes over which the venue averages (avgPriceMins). */
export const averageMinutes = 5;

const secondMs = 1_000;
const windowSeconds = averageMinutes * 60;
/** What is older, in milliseconds, is in no average. */
export const averageReach = (windowSeconds + 1) * secondMs;

interface Second {
  readonly second: number;
  readonly quote: bigint;
  readonly lots: bigint;
}

/** What trades of the last minutes cost on average, weighted by their quantities, in steps of a second. Times are milliseconds. */
export class AveragePrice {
  private readonly closed: Second[] = [];
  private closedQuote = 0n;
  private closedLots = 0n;
  private second = Number.NEGATIVE_INFINITY;
  private quote: TickLots = 0;
  private lots: Lots = 0;

  add({ price, quantity, time }: { readonly price: Ticks; readonly quantity: Lots; readonly time: number }): void {
    this.addAll(time, { quote: price * quantity, lots: quantity });
  }

  /** All trades of a time at once. */
  addAll(time: number, { quote, lots }: { readonly quote: TickLots; readonly lots: Lots }): void {
    this.advance(time);
    this.quote += quote;
    this.lots += lots;
  }

  /** Ticks × `scale`, cut; null when nothing traded in these minutes. */
  at(now: number, scale: bigint): bigint | null {
    this.advance(now);
    const lots = this.closedLots + BigInt(this.lots);
    return lots === 0n ? null : ((this.closedQuote + BigInt(this.quote)) * scale) / lots;
  }

  private advance(time: number): void {
    const second = Math.floor(time / secondMs);
    // A clock that was put back far begins anew; a little of it belongs to the present second.
    if (second < this.second - windowSeconds) this.clear();
    else if (second <= this.second) return;
    if (this.lots > 0) {
      const last = { second: this.second, quote: BigInt(this.quote), lots: BigInt(this.lots) };
      this.closed.push(last);
      this.closedQuote += last.quote;
      this.closedLots += last.lots;
    }
    this.quote = this.lots = 0;
    this.second = second;
    this.forget(second - windowSeconds);
  }

  private forget(until: number): void {
    for (let first = this.closed[0]; first !== undefined && first.second <= until; first = this.closed[0]) {
      this.closed.shift();
      this.closedQuote -= first.quote;
      this.closedLots -= first.lots;
    }
  }

  private clear(): void {
    this.closed.length = 0;
    this.closedQuote = this.closedLots = 0n;
    this.quote = this.lots = 0;
  }
}
