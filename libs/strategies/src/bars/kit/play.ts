import { AsksForTomorrow, type Bar, type BarColumns, type BarDecider, type Desk } from '../bar-strategy.js';
import { priceWanted } from '../price-wanted.js';

/** What a strategy wished at the close of a bar. */
export interface BarWish {
  readonly bar: number;
  /** The last of `enter` and `exit`. */
  readonly wish: 'enter' | 'exit' | null;
  readonly tag: string;
  /** As they were put at this bar; null: not put. */
  readonly stop: number | null;
  readonly takeProfit: number | null;
  /** Whether something was held at its close. */
  readonly held: boolean;
}

/** What a desk knows between bars. */
export interface PlayState {
  held: number;
  entryPrice: number;
  entering: boolean;
  leaving: boolean;
  stop: number;
  takeProfit: number;
}

/** A desk that is flat and wants nothing. */
export const freshDesk = (): PlayState => ({
  held: 0,
  entryPrice: Number.NaN,
  entering: false,
  leaving: false,
  stop: Number.NaN,
  takeProfit: Number.NaN,
});

export interface PlayOptions {
  /** The first bar that is heard, 0 by default. */
  readonly from?: number;
  /** The bar before which it ends. */
  readonly to?: number;
  /** Wishes of bars before this one are not taken. */
  readonly warmUp?: number;
  /** Goes on from here; is written on. */
  readonly desk?: PlayState;
}

/**
 * Plays bars to a decider and tells its wish at each: a wish is filled whole at the next open, without costs. For tests; the
 * backtester reckons with money, and the platform with venues.
 */
export function play(decider: BarDecider, bars: BarColumns, options: PlayOptions = {}): readonly BarWish[] {
  const { from = 0, to = bars.length, warmUp = 0, desk = freshDesk() } = options;
  const told: BarWish[] = [];
  for (let index = from; index < to; index += 1) {
    fill(desk, bars, index);
    const said = {
      wish: null as BarWish['wish'],
      tag: '',
      stop: null as number | null,
      takeProfit: null as number | null,
    };
    decider.onClose(barAt(bars, index), deskOver(desk, said, index >= warmUp));
    told.push({ bar: index, ...said, held: desk.held > 0 });
    if (index >= warmUp) take(desk, said);
  }
  return told;
}

type Said = { wish: BarWish['wish']; tag: string; stop: number | null; takeProfit: number | null };

function deskOver({ held, entryPrice }: PlayState, said: Said, isTaken: boolean): Desk {
  const say = (wish: 'enter' | 'exit', tag = '') => Object.assign(said, { wish, tag });
  return {
    held,
    entryPrice,
    enter: (tag) => void say('enter', tag),
    exit: (tag) => void say('exit', tag),
    stopAt(price) {
      said.stop = isTaken ? priceWanted('stopAt', price) : price || null;
    },
    takeProfitAt(price) {
      said.takeProfit = isTaken ? priceWanted('takeProfitAt', price) : price || null;
    },
  };
}

function take(desk: PlayState, { wish, stop, takeProfit }: Said): void {
  if (wish !== null) {
    desk.entering = wish === 'enter' && desk.held === 0;
    desk.leaving = wish === 'exit' && desk.held > 0;
  }
  desk.stop = stop ?? desk.stop;
  desk.takeProfit = takeProfit ?? desk.takeProfit;
}

/** What begins with a bar, and what happens in it: the stop before the target. */
function fill(desk: PlayState, bars: BarColumns, bar: number): void {
  const open = bars.open[bar] as number;
  if (desk.leaving) Object.assign(desk, freshDesk());
  else if (desk.entering) Object.assign(desk, { held: 1, entryPrice: open, entering: false });
  if (desk.held === 0) return void Object.assign(desk, freshDesk());
  const isOver = (bars.low[bar] as number) <= desk.stop || (bars.high[bar] as number) >= desk.takeProfit;
  if (isOver) Object.assign(desk, freshDesk());
}

const barAt = (bars: BarColumns, index: number): Bar => ({
  index,
  openedAt: bars.openedAt[index] as number,
  open: bars.open[index] as number,
  high: bars.high[index] as number,
  low: bars.low[index] as number,
  close: bars.close[index] as number,
  volume: bars.volume[index] as number,
  closeAgo(ago) {
    if (ago < 0) throw new AsksForTomorrow(ago);
    return bars.close[index - ago] ?? Number.NaN;
  },
});
