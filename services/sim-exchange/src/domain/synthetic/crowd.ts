import { type Rng, seededRng } from '@scalpstorm/kernel';
import type { BookEvent, Lots, OrderId, Ticks } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import { crowdOwner, type Exchange } from '../exchange.js';
import type { Market } from '../market.js';
import { usualLots } from './default-markets.js';
import { FairValue } from './fair-value.js';

/** One decision of everybody, in market time. */
export const stepSeconds = 0.1;
/** On each side so many levels a tick apart, then so many a rung apart; old rungs stay until they are that many behind the best. */
const topLevels = 5;
const rungs = 22;
const rungsKept = 40;
/** A rung is this share of the starting price, and at least a tick: the ladder is as deep as the price is quick. */
const rungShare = 5e-6;
const spreadMax = 3;
const takerReach = 3;
/** Nobody stays away longer: at least one trade in this many steps. */
const silenceMax = 12;

interface CrowdQuote {
  readonly id: OrderId;
  readonly side: Side;
  readonly price: Ticks;
  remaining: Lots;
}

/** Agents of one market that quote and take through the real engine. The same seed and orders give the same market. */
export class Crowd {
  private readonly rng: Rng;
  private readonly fair: FairValue;
  private readonly quotes: Record<Side, Map<Ticks, CrowdQuote>> = { buy: new Map(), sell: new Map() };
  private readonly byId = new Map<OrderId, CrowdQuote>();
  private readonly usualLots: number;
  private readonly rung: Ticks;
  private stepsSinceTrade = 0;
  private spread = 1;

  constructor(
    private readonly exchange: Exchange,
    private readonly market: Market,
    seed: number,
    /** Where an earlier life of the market ended; null for the price that the market starts at. */
    private readonly endsAt: Ticks | null = null,
  ) {
    this.rng = seededRng(seed);
    const { spec } = market;
    const startTicks = Math.round((spec.referencePrice * 1e8) / spec.tickUnits);
    this.fair = new FairValue(startTicks, this.rng);
    this.rung = Math.max(1, Math.round(startTicks * rungShare));
    this.usualLots = usualLots(spec);
    market.follow((events) => this.hear(events));
  }

  /** What the first trades are about; in a later life where the earlier one ended. */
  get startsAt(): Ticks {
    return this.endsAt ?? Math.round(this.fair.value);
  }

  /**
   * A book and a tape before the doors open, at times from `from` to `to`. A later life stays where the earlier one ended until
   * somebody can trade.
   */
  warmUp(from: number, to: number, steps: number): void {
    for (let index = 0; index < steps; index += 1) {
      this.step(from + Math.floor(((to - from) * index) / steps));
      if (this.endsAt !== null) this.fair.goOnFrom(this.endsAt);
    }
  }

  /** One step of market time; `now` only stamps what happens and decides nothing. */
  step(now: number): void {
    this.exchange.asOne(this.market, () => this.act(now));
  }

  private act(now: number): void {
    this.fair.step(stepSeconds);
    if (this.rng.next() < 0.05) this.spread = 1 + this.rng.below(spreadMax);
    const bid = Math.max(1, Math.floor(this.fair.value - this.spread / 2));
    const ask = bid + this.spread;
    this.withdraw(bid, ask, now);
    this.refresh(now);
    for (let level = 0; level < topLevels; level += 1) {
      this.offer('buy', bid - level, now);
      this.offer('sell', ask + level, now);
    }
    const [below, above] = [Math.floor((bid - topLevels) / this.rung), Math.ceil((ask + topLevels) / this.rung)];
    for (let level = 0; level < rungs; level += 1) {
      this.offer('buy', (below - level) * this.rung, now);
      this.offer('sell', (above + level) * this.rung, now);
    }
    this.take(now);
  }

  /** The crowd hears of its own fills like everybody. */
  private hear(events: readonly BookEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'traded') continue;
      this.stepsSinceTrade = 0;
      for (const id of [event.makerId, event.takerId]) {
        const quote = this.byId.get(id);
        if (quote === undefined) continue;
        quote.remaining -= event.quantity;
        if (quote.remaining <= 0) this.drop(quote);
      }
    }
  }

  private withdraw(bid: Ticks, ask: Ticks, now: number): void {
    const stale = [...this.byId.values()].filter(({ side, price }) => {
      const behind = side === 'buy' ? bid - price : price - ask;
      return behind < 0 || behind > this.rung * rungsKept || (behind >= topLevels && price % this.rung !== 0);
    });
    for (const quote of stale) this.cancel(quote, now);
  }

  /** Somebody always changes his mind: one quote gets another size. */
  private refresh(now: number): void {
    const side: Side = this.rng.next() < 0.5 ? 'buy' : 'sell';
    const quotes = [...this.quotes[side].values()];
    const quote = quotes[this.rng.below(quotes.length)];
    if (quote !== undefined) this.cancel(quote, now);
  }

  private offer(side: Side, price: Ticks, now: number): void {
    if (price < 1 || this.quotes[side].has(price)) return;
    const quantity = this.size(1);
    const quote: CrowdQuote = { id: this.exchange.nextCrowdId(), side, price, remaining: quantity };
    this.byId.set(quote.id, quote);
    this.quotes[side].set(price, quote);
    const order = { id: quote.id, owner: crowdOwner, side, price, quantity, selfTradePrevention: 'none' } as const;
    this.exchange.placeForCrowd(this.market, { ...order, type: 'limit', timeInForce: 'GTC' }, now);
  }

  private take(now: number): void {
    this.stepsSinceTrade += 1;
    const comes = this.rng.next() < this.fair.takersPerSecond * stepSeconds;
    if (!comes && this.stepsSinceTrade < silenceMax) return;
    const [bid, ask] = [this.market.book.best('buy'), this.market.book.best('sell')];
    if (bid === null || ask === null) return;
    const lean = this.fair.value - (bid + ask) / 2;
    const side: Side = this.rng.next() < 1 / (1 + Math.exp(-lean)) ? 'buy' : 'sell';
    const price = side === 'buy' ? ask + takerReach : Math.max(1, bid - takerReach);
    const identity = { id: this.exchange.nextCrowdId(), owner: crowdOwner, side, selfTradePrevention: 'none' } as const;
    this.exchange.placeForCrowd(
      this.market,
      { ...identity, type: 'limit', price, quantity: this.size(0.5), timeInForce: 'IOC' },
      now,
    );
  }

  private cancel(quote: CrowdQuote, now: number): void {
    this.drop(quote);
    this.exchange.cancelForCrowd(this.market, quote.id, now);
  }

  private drop(quote: CrowdQuote): void {
    this.byId.delete(quote.id);
    if (this.quotes[quote.side].get(quote.price) === quote) this.quotes[quote.side].delete(quote.price);
  }

  /** Sizes vary by a factor of a few around `share` of the usual order. */
  private size(share: number): Lots {
    return Math.max(1, Math.round(this.usualLots * share * Math.exp(0.8 * this.rng.gaussian())));
  }
}
