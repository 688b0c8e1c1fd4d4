import { assert } from '@scalpstorm/kernel';
import { ticksMax } from '@scalpstorm/matching';
import { Quantity, type Side } from '@scalpstorm/model';
import type { CandleRow, MarketRow, TradeRow } from '../data/market-row.js';
import type { Scale } from '../data/scale.js';
import { isLowFirst, pathPoint, type Stance } from './candle-path.js';
import { emptyView, type LaneMarket, type MarketEar, type MarketView, type VenueOrder } from './lane-market.js';
import type { LaneMarketRules } from './lane-options.js';
import { RecentBar } from './recent-bar.js';
import { type Resting, RestingOrders } from './resting.js';

/**
 * A market of which only prices are known: bars, or trades.
 * - What rests is filled at its own price when the price goes through it, up to the share of what was traded that may be ours; where the
 *   price only touches it, after what others had queued there has traded.
 * - What takes is filled at the last price, half the spread and the slippage worse, never worse than its limit.
 * - Over bars, what comes after the close of one waits for the open of the next.
 */
export class TapeMarket implements LaneMarket {
  readonly view: MarketView = emptyView();
  private readonly buys = new RestingOrders('buy');
  private readonly sells = new RestingOrders('sell');
  private readonly recent = new RecentBar();
  /** Came while no price was to be had. */
  private waiting: VenueOrder[] = [];
  private isOpen = false;
  private held = 0;
  /** Lots that may still be ours: of the bar, or of the print. */
  private budget = Number.POSITIVE_INFINITY;
  /** Over trades nobody knows what stands in the book: so many lots may still be taken in this minute, by what the one before traded. */
  private minuteBudget: number;
  /** What others have queued where an order comes to rest, in lots. */
  private readonly queueAhead: number;
  private lowFirst = true;

  constructor(
    private readonly rules: LaneMarketRules,
    scale: Scale,
    private readonly overTrades: boolean,
    private readonly ear: MarketEar,
  ) {
    this.queueAhead = queueOf(rules, scale, overTrades);
    this.minuteBudget = this.shareOf(0);
  }

  play(row: MarketRow, at: number): void {
    if (row.kind === 'trade') this.playTrade(row, at);
    // Bars beside trades say nothing new.
    else if (row.kind === 'candle' && !this.overTrades) this.playCandle(row, at);
  }

  place(order: VenueOrder): void {
    if (this.isOpen) this.meet(order);
    else this.waiting.push(order);
  }

  cancel(order: VenueOrder): boolean {
    const place = this.waiting.indexOf(order);
    if (place >= 0) this.waiting.splice(place, 1);
    return place >= 0 || this.sideOf(order.side).remove(order);
  }

  private playTrade({ ticks, lots, aggressor }: TradeRow, at: number): void {
    this.budget = Math.min(lots, this.shareOf(lots));
    this.through(ticks, lots);
    if (this.recent.print(ticks, lots, at)) this.minuteBudget = this.shareOf(this.recent.volume);
    this.show([ticks, lots, lots], aggressor, at);
    this.open();
  }

  private playCandle(row: CandleRow, at: number): void {
    const { stage, volume } = row;
    if (stage === 0) this.budget = volume === null ? Number.POSITIVE_INFINITY : this.shareOf(volume);
    const before = this.view.last;
    if (stage === 1) this.lowFirst = isLowFirst(this.rules.path, this.stance);
    const ticks = pathPoint(row, this.lowFirst);
    this.through(ticks, Number.POSITIVE_INFINITY);
    const counted = stage === 3 ? (volume ?? 0) : 0;
    this.show([ticks, Math.max(counted, 1), counted], ticks >= before ? 'buy' : 'sell', at);
    if (stage === 0) this.open();
    if (stage !== 3) return;
    this.isOpen = false;
    this.recent.set(row.high, row.low, row.close, volume ?? 0);
  }

  /** On whose side the account is, which is what a pessimist goes by. */
  private get stance(): Stance {
    if (this.held !== 0) return this.held > 0 ? 'long' : 'short';
    const [buying, selling] = [this.buys.list.length > 0, this.sells.list.length > 0];
    return buying === selling ? 'none' : buying ? 'buying' : 'selling';
  }

  private open(): void {
    this.isOpen = true;
    if (this.waiting.length === 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const order of waiting) this.meet(order);
  }

  /** What rests meets a price to which so many lots were traded. */
  private through(ticks: number, lots: number): void {
    this.fillResting(this.buys, ticks, lots);
    this.fillResting(this.sells, ticks, lots);
  }

  private fillResting(side: RestingOrders, ticks: number, lots: number): void {
    for (let place = 0; place < side.list.length; ) {
      const resting = side.list[place] as Resting;
      const depth = side.depth(resting, ticks);
      if (depth < 0) return;
      const most = depth > 0 ? lots : resting.ahead === Number.POSITIVE_INFINITY ? 0 : lots - resting.ahead;
      if (depth === 0 && resting.ahead < Number.POSITIVE_INFINITY) resting.ahead = Math.max(0, resting.ahead - lots);
      const { order } = resting;
      const filled = Math.min(order.left, this.budget, Math.max(most, 0));
      if (filled > 0) this.fill(order, filled, order.limit, 'maker');
      if (order.left === 0) side.list.splice(place, 1);
      else place += 1;
    }
  }

  private meet(order: VenueOrder): void {
    const { view } = this;
    const { limit, timeInForce } = order;
    const takes = limit === null || (order.side === 'buy' ? limit >= view.ask : limit <= view.bid);
    if (takes && timeInForce === 'PO') {
      this.ear.ended(order, 'would-take');
      return;
    }
    if (limit === null && !this.ear.affords(order, BigInt(this.takerTicks(order)) * BigInt(order.left))) {
      this.ear.ended(order, 'too-poor');
      return;
    }
    this.ear.accepted(order);
    const available = Math.min(order.left, this.overTrades ? this.minuteBudget : this.budget);
    if (takes && available > 0 && !(timeInForce === 'FOK' && available < order.left))
      this.fill(order, available, this.takerTicks(order), 'taker');
    if (order.left === 0) return;
    const rests = limit !== null && (timeInForce === 'GTC' || timeInForce === 'PO' || timeInForce === 'GTD');
    if (rests) this.sideOf(order.side).add({ order: order as Resting['order'], ahead: this.queueAhead });
    else this.ear.ended(order, 'unfilled');
  }

  private takerTicks({ side, limit, left }: VenueOrder): number {
    const best = side === 'buy' ? this.view.ask : this.view.bid;
    const slip = this.recent.slip(this.rules.slippage, best, left);
    if (side === 'buy') return Math.min(Math.ceil(best + slip), limit ?? ticksMax);
    return Math.max(Math.floor(best - slip), limit ?? 1);
  }

  private fill(order: VenueOrder, lots: number, ticks: number, liquidity: 'maker' | 'taker'): void {
    assert(lots <= order.left, 'filled more than was wanted');
    order.left -= lots;
    if (liquidity === 'taker' && this.overTrades) this.minuteBudget -= lots;
    else this.budget -= lots;
    this.held += order.side === 'buy' ? lots : -lots;
    this.ear.filled(order, lots, ticks, liquidity);
  }

  private shareOf(lots: number): number {
    const { liquidityShare } = this.rules;
    if (liquidityShare === null) return Number.POSITIVE_INFINITY;
    return Math.floor(lots * liquidityShare);
  }

  private show([ticks, lots, counted]: readonly [number, number, number], aggressor: Side, at: number): void {
    const { view } = this;
    const half = (ticks * this.rules.spreadBps) / 20_000;
    view.version += 1;
    view.prints += 1;
    view.at = at;
    view.bid = Math.max(1, Math.floor(ticks - half));
    view.ask = Math.ceil(ticks + half);
    view.bidLots = lots;
    view.askLots = lots;
    view.last = ticks;
    view.lastLots = lots;
    view.counted = counted;
    view.aggressor = aggressor;
  }

  private sideOf(side: Side): RestingOrders {
    return side === 'buy' ? this.buys : this.sells;
  }
}

function queueOf({ fillsOnTouch, queueAhead }: LaneMarketRules, scale: Scale, overTrades: boolean): number {
  if (!overTrades) return fillsOnTouch ? 0 : Number.POSITIVE_INFINITY;
  return queueAhead === null ? Number.POSITIVE_INFINITY : scale.lotsOf(Quantity.of(queueAhead));
}
