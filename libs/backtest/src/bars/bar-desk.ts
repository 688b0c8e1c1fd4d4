import { type BarColumns, type Desk, priceWanted } from '@scalpstorm/strategies';
import type { BarMarket } from './bar-market.js';
import { Fills, fillReasons } from './fills.js';
import { Purse } from './purse.js';
import { takesAt } from './takes-at.js';

const [signal, stop, takeProfit] = [
  fillReasons.indexOf('signal'),
  fillReasons.indexOf('stop'),
  fillReasons.indexOf('take-profit'),
];

/**
 * Takes a strategy's wishes at the close of a bar and fills them in the bars after it. A wish is filled at the next open; a stop and a
 * take-profit work from the next bar on, at their price, or at the open where the market jumped over it. An exit that is under way is
 * not taken back by a wish to enter.
 */
export class BarDesk implements Desk {
  readonly purse: Purse;
  /** What is left to buy or sell of a wish; `Infinity`: all of it, its size is known at the fill. */
  private buying = 0;
  private selling = 0;
  private tag = '';
  private stopPrice = Number.NaN;
  private takePrice = Number.NaN;
  /** How much of the bar that is played may still be ours. */
  private room = Number.POSITIVE_INFINITY;
  /** Whether there is anything to do at the next bar; most bars have nothing. */
  busy = false;
  /** Wishes count from here on: the warm-up is over. */
  open = false;

  constructor(
    private readonly bars: BarColumns,
    private readonly market: BarMarket,
    fills = new Fills(),
  ) {
    this.purse = new Purse(market, fills);
  }

  get held(): number {
    return this.purse.held;
  }

  get entryPrice(): number {
    return this.purse.entryPrice;
  }

  enter(tag = ''): void {
    if (!this.open || this.purse.held > 0 || this.buying > 0) return;
    this.buying = Number.POSITIVE_INFINITY;
    this.tag = tag;
    this.busy = true;
  }

  exit(tag = ''): void {
    if (!this.open) return;
    this.buying = 0;
    if (this.purse.held === 0 || this.selling > 0) return;
    this.selling = Number.POSITIVE_INFINITY;
    this.tag = tag;
    this.busy = true;
  }

  stopAt(price: number): void {
    if (!this.open) return;
    this.stopPrice = priceWanted('stopAt', price);
    this.busy = true;
  }

  takeProfitAt(price: number): void {
    if (!this.open) return;
    this.takePrice = priceWanted('takeProfitAt', price);
    this.busy = true;
  }

  /** Plays the bar that begins, before the strategy hears its close. */
  play(bar: number): void {
    const { liquidityShare } = this.market;
    if (liquidityShare !== null) this.room = liquidityShare * (this.bars.volume[bar] as number);
    if (this.selling > 0) this.sellAtMarket(bar);
    else if (this.buying > 0) this.buyAtMarket(bar);
    if (this.purse.held > 0 && this.isProtected) this.protect(bar);
    if (this.purse.held === 0 && this.buying === 0) this.forget();
    this.busy = this.isPending || this.isProtected;
  }

  /** Asked before a bar's range is looked at: where nothing reads those columns, they stay out of the way. */
  private get isProtected(): boolean {
    return !Number.isNaN(this.stopPrice) || !Number.isNaN(this.takePrice);
  }

  /** Whether a wish is not filled yet. */
  get isPending(): boolean {
    return this.buying > 0 || this.selling > 0;
  }

  private buyAtMarket(bar: number): void {
    const { purse } = this;
    const open = this.bars.open[bar] as number;
    const wanted = this.buying === Number.POSITIVE_INFINITY ? purse.sizeAt(open) : this.buying;
    const price = takesAt(this.bars, bar, open, wanted, this.market);
    // What the spread makes dearer, the cash still has to pay for.
    const left = price === open ? wanted : Math.min(wanted, purse.sizeAt(price));
    const quantity = this.atMost(left);
    this.buying = quantity < left ? left - quantity : 0;
    if (!(quantity > 0)) return;
    purse.buy(bar, quantity, price);
    purse.fills.note(signal, this.tag);
  }

  private sellAtMarket(bar: number): void {
    const left = Math.min(this.selling, this.purse.held);
    const quantity = this.atMost(left);
    this.selling = quantity < left ? left - quantity : 0;
    this.sell(bar, quantity, this.bars.open[bar] as number, signal);
  }

  private protect(bar: number): void {
    if (!this.falls(bar) && !this.rises(bar)) return;
    const { bars } = this;
    const stopFirst = this.falls(bar) && (this.market.path === 'stop-first' || !this.rises(bar) || this.gapsDown(bar));
    const open = bars.open[bar] as number;
    const quantity = this.atMost(this.purse.held);
    if (stopFirst) this.sell(bar, quantity, Math.min(open, this.stopPrice), stop);
    else this.sell(bar, quantity, Math.max(open, this.takePrice), takeProfit);
    // What a thin bar leaves goes on at the market.
    this.selling = this.purse.held;
  }

  private falls(bar: number): boolean {
    return (this.bars.low[bar] as number) <= this.stopPrice;
  }

  private rises(bar: number): boolean {
    return (this.bars.high[bar] as number) >= this.takePrice;
  }

  private gapsDown(bar: number): boolean {
    return (this.bars.open[bar] as number) <= this.stopPrice;
  }

  private sell(bar: number, quantity: number, from: number, reason: number): void {
    if (!(quantity > 0)) return;
    const isMaker = reason === takeProfit;
    const price = isMaker ? from : takesAt(this.bars, bar, from, -quantity, this.market);
    this.purse.sell(bar, quantity, price, isMaker);
    this.purse.fills.note(reason, reason === signal ? this.tag : '');
  }

  private atMost(quantity: number): number {
    const taken = Math.min(quantity, this.room);
    this.room -= taken;
    return taken;
  }

  private forget(): void {
    this.stopPrice = Number.NaN;
    this.takePrice = Number.NaN;
    this.selling = 0;
  }
}
