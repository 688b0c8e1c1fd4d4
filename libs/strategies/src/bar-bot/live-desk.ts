import { type Candle, Price, Quantity } from '@scalpstorm/model';
import { AsksForTomorrow, type Bar, type Desk } from '../bars/bar-strategy.js';
import { priceWanted } from '../bars/price-wanted.js';
import type { RuleState, Wish } from './state.js';
import { storableText } from './storable.js';

const tagMax = 200;

/** What the bot has when a bar is heard. */
export interface Standing {
  /** In the base asset; 0 when flat, dust aside. */
  readonly held: number;
  readonly entryPrice: number;
  /** An entry is on its way, and may fill. */
  readonly isEntering: boolean;
}

/** Takes the wishes of a live rule at the close of a bar, by the same words as the backtester's desk. */
export class LiveDesk implements Desk {
  readonly held: number;
  readonly entryPrice: number;
  wish: Wish | null;
  stop: number | null;
  takeProfit: number | null;
  /** Wishes count: the warm-up is over, and the bar is not one of long ago. */
  open = false;
  /** What a wish to enter at this bar becomes; null: it comes too late to be taken. */
  entry: Extract<Wish, { kind: 'enter' }> | null = null;

  constructor(
    private readonly standing: Standing,
    { wish, stop, takeProfit }: RuleState,
  ) {
    this.held = standing.held;
    this.entryPrice = standing.entryPrice;
    this.wish = wish;
    this.stop = stop;
    this.takeProfit = takeProfit;
  }

  /** Before a bar is heard: a wish to enter is good for one bar, and with the position goes what was said of it. */
  turn(): void {
    const isFlat = this.held === 0 && !this.standing.isEntering;
    if (this.wish?.kind === 'enter' || isFlat) this.wish = null;
    if (!isFlat) return;
    this.stop = null;
    this.takeProfit = null;
  }

  enter(tag = ''): void {
    if (!this.open || this.held > 0) return;
    this.wish = this.entry && { ...this.entry, tag: storableText(tag, tagMax) };
  }

  exit(tag = ''): void {
    if (!this.open || this.wish?.kind === 'exit') return;
    const isAny = this.held > 0 || this.standing.isEntering;
    this.wish = isAny ? { kind: 'exit', tag: storableText(tag, tagMax) } : null;
  }

  stopAt(price: number): void {
    if (this.open) this.stop = inJson(priceWanted('stopAt', price));
  }

  takeProfitAt(price: number): void {
    if (this.open) this.takeProfit = inJson(priceWanted('takeProfitAt', price));
  }
}

/** JSON knows no infinity. */
const inJson = (price: number): number => Math.min(price, Number.MAX_VALUE);

/** The bar at a place of a series, in plain numbers. */
export function barAt(series: readonly Candle[], place: number, index: number): Bar {
  const candle = series[place] as Candle;
  return {
    index,
    openedAt: candle.openedAt,
    open: numberOf(candle.open),
    high: numberOf(candle.high),
    low: numberOf(candle.low),
    close: numberOf(candle.close),
    volume: Number(Quantity.format(candle.volume)),
    closeAgo(bars) {
      if (bars < 0) throw new AsksForTomorrow(bars);
      const before = bars > index ? undefined : series[place - bars];
      return before === undefined ? Number.NaN : numberOf(before.close);
    },
  };
}

/** The nearest number to a price, as it is read from a file of prices. */
export const numberOf = (price: Price): number => Number(Price.format(price));
