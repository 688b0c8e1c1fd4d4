import { type Micros, Timestamp } from '@scalpstorm/kernel';
import type { Quote, Trade } from '@scalpstorm/model';
import {
  featureNames,
  flowHalfLives,
  quoteAgeMax,
  returnLags,
  sampleEvery,
  volatilityLags,
  windowSamples,
} from './feature-set.js';

/** What was known at a moment. */
export interface Sample {
  /** A multiple of `sampleEvery`; only events before it are in the values. */
  readonly at: Timestamp;
  /** One a feature, in the order of `featureNames`. */
  readonly values: Float32Array;
}

const bps = 10_000;
/** Prices and quantities as the model counts them are 10^-12. */
const unit = 1e-12;

/**
 * The features of one instrument, one event at a time. Training reads a capture through it and serving the live market, so both
 * see the same values. A sample is made when the first event after its time comes, before that event counts. Memory is bounded: 65
 * prices and two decayed sums.
 *
 * `at` is the time at which an event was heard. One that goes back counts as simultaneous with the one before.
 */
export class FeatureStream {
  private readonly mids = new Float64Array(windowSamples + 1);
  private filled = 0;
  private newest = -1;
  private now = 0;
  private quotedAt = 0;
  private quote: { bid: number; ask: number; bidQuantity: number; askQuantity: number } | null = null;
  private readonly flows = flowHalfLives.map((halfLife) => new DecayedFlow(halfLife));

  /** The newest sample whose time has come, if one has since the last call and enough is known. */
  onQuote(quote: Quote, at: Timestamp): Sample | null {
    const sample = this.advance(at);
    this.quote = {
      bid: Number(quote.bidPrice) * unit,
      ask: Number(quote.askPrice) * unit,
      bidQuantity: Number(quote.bidQuantity) * unit,
      askQuantity: Number(quote.askQuantity) * unit,
    };
    this.quotedAt = this.now;
    return sample;
  }

  onTrade(trade: Trade, at: Timestamp): Sample | null {
    const sample = this.advance(at);
    const worth = Number(trade.price) * unit * Number(trade.quantity) * unit;
    for (const flow of this.flows) flow.add(trade.aggressor === 'buy' ? worth : -worth, this.now);
    return sample;
  }

  /** Lets time pass in a market that says nothing. */
  advance(at: Timestamp): Sample | null {
    const before = Math.floor(this.now / sampleEvery);
    this.now = Math.max(this.now, at);
    const last = Math.floor(this.now / sampleEvery);
    if (last === before) return null;
    const time = last * sampleEvery;
    if (this.quote === null || time - this.quotedAt > quoteAgeMax) {
      this.forget();
      return null;
    }
    const mid = (this.quote.bid + this.quote.ask) / 2;
    // More than a window at once would mean a quote older than is allowed; what lies between has the price of its beginning.
    for (let index = Math.max(before + 1, last - windowSamples); index <= last; index += 1) this.push(mid);
    return this.filled > windowSamples ? { at: Timestamp.fromMicros(time), values: this.values(time) } : null;
  }

  /** What follows has nothing to do with what was: a feed broke. */
  forget(): void {
    this.filled = 0;
    this.quote = null;
    for (const flow of this.flows) flow.forget();
  }

  private push(mid: number): void {
    this.newest = (this.newest + 1) % this.mids.length;
    this.mids[this.newest] = mid;
    this.filled = Math.min(this.filled + 1, this.mids.length);
  }

  /** The price so many samples ago. */
  private mid(lag: number): number {
    return this.mids[(this.newest - lag + this.mids.length) % this.mids.length] ?? Number.NaN;
  }

  private values(time: number): Float32Array {
    const values = new Float32Array(featureNames.length);
    let place = 0;
    const put = (value: number): void => {
      values[place] = value;
      place += 1;
    };
    const now = this.mid(0);
    for (const lag of returnLags) put((now / this.mid(lag) - 1) * bps);
    for (const lag of volatilityLags) put(this.volatility(lag));
    put(this.rangePosition());
    this.putBook(put);
    for (const flow of this.flows) put(flow.imbalance(time));
    return values;
  }

  private volatility(lag: number): number {
    let sum = 0;
    for (let index = 0; index < lag; index += 1) sum += (this.mid(index) / this.mid(index + 1) - 1) ** 2;
    return Math.sqrt(sum / lag) * bps;
  }

  /** 0: at the lowest price of the window, 1: at the highest, ½ where it did not move. */
  private rangePosition(): number {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const mid of this.mids) {
      low = Math.min(low, mid);
      high = Math.max(high, mid);
    }
    return high === low ? 0.5 : (this.mid(0) - low) / (high - low);
  }

  /** Microprice = (ask × bid size + bid × ask size) ÷ both sizes (Stoikov 2018), told from the mid. */
  private putBook(put: (value: number) => void): void {
    if (this.quote === null) return;
    const { bid, ask, bidQuantity, askQuantity } = this.quote;
    const mid = (bid + ask) / 2;
    const sizes = bidQuantity + askQuantity;
    put(((ask - bid) / mid) * bps);
    put(sizes === 0 ? 0 : (bidQuantity - askQuantity) / sizes);
    put(sizes === 0 ? 0 : ((ask * bidQuantity + bid * askQuantity) / sizes / mid - 1) * bps);
  }
}

/** Signed and whole volume of trades; what is a half-life old counts half. */
class DecayedFlow {
  private signed = 0;
  private whole = 0;
  private at = 0;

  constructor(private readonly halfLife: Micros) {}

  add(signed: number, at: number): void {
    const decay = this.decay(at);
    this.signed = this.signed * decay + signed;
    this.whole = this.whole * decay + Math.abs(signed);
    this.at = at;
  }

  /** From −1 (all sold) to 1 (all bought), drawn to 0 by the volume that is missing to the one at the last trade. */
  imbalance(at: number): number {
    return this.whole === 0 ? 0 : (this.signed / this.whole) * this.decay(at);
  }

  forget(): void {
    this.signed = 0;
    this.whole = 0;
  }

  private decay(at: number): number {
    return 2 ** (-Math.max(0, at - this.at) / this.halfLife);
  }
}
