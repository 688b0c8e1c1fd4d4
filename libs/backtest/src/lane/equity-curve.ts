import type { Micros } from '@scalpstorm/kernel';
import { Price } from '@scalpstorm/model';
import { yearMicros } from '../figures/equity-figures.js';
import type { Listing } from './venue.js';

/** A market as far as its price is asked for. */
type Priced = Pick<Listing, 'instrument' | 'scale' | 'market'>;

/** What one instrument cost: a statistic, so plain numbers. */
export interface PriceCurve {
  readonly symbol: string;
  /** When the account was first valued; NaN before. */
  first: number;
  /** At the times of the equity; NaN before there is one. */
  readonly values: number[];
}

/** What the account was worth at the end of every interval in which anything happened; exact, in 10^-18 of the quote. */
export class EquityCurve {
  readonly times: number[] = [];
  readonly values: bigint[] = [];
  readonly prices: readonly PriceCurve[];
  nextAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly every: Micros,
    private readonly markets: readonly Priced[],
  ) {
    this.prices = markets.map(({ instrument }) => ({ symbol: instrument.symbol, first: Number.NaN, values: [] }));
  }

  begin(at: number): void {
    this.nextAt = this.boundaryAfter(at);
  }

  /** Every market has a price now. */
  keepFirstPrices(): void {
    for (const [place, curve] of this.prices.entries()) curve.first = priceOf(this.markets[place] as Priced);
  }

  /** An interval is over before something happens at this time. */
  note(value: bigint, at: number): void {
    this.keep(value, this.nextAt);
    this.nextAt = this.boundaryAfter(at);
  }

  /** What is left of the last interval counts as one. */
  end(value: bigint, at: number): void {
    if (this.times.at(-1) === at + 1) return;
    this.keep(value, at + 1);
  }

  private keep(value: bigint, at: number): void {
    this.times.push(at);
    this.values.push(value);
    for (const [place, { values }] of this.prices.entries()) values.push(priceOf(this.markets[place] as Priced));
  }

  private boundaryAfter(at: number): number {
    return (Math.floor(at / this.every) + 1) * this.every;
  }
}

/** By how far apart they are in the mean: never closer than was wanted, and further where the data are sparser. */
export function pointsAYear({ times }: Pick<EquityCurve, 'times'>, every: Micros): number {
  // The last one may end an interval that was not over.
  const isCut = times.length > 1 && (times.at(-1) as number) - (times.at(-2) as number) < every;
  const last = times.length - (isCut ? 2 : 1);
  if (last < 1) return yearMicros / every;
  return (yearMicros * last) / ((times[last] as number) - (times[0] as number));
}

/** Of the last trade, or between bid and ask where there was none. */
function priceOf({ scale, market }: Priced): number {
  const { last, bid, ask } = market.view;
  const numberOf = (ticks: number): number => Number(Price.format(scale.price(ticks)));
  if (last > 0) return numberOf(last);
  if (bid > 0 && ask > 0) return (numberOf(bid) + numberOf(ask)) / 2;
  return bid > 0 ? numberOf(bid) : Number.NaN;
}
