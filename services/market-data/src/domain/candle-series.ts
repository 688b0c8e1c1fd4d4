import { Timestamp } from '@scalpstorm/kernel';
import {
  type Candle,
  type InstrumentId,
  type Price,
  Quantity,
  type Timeframe,
  type Trade,
  timeframeLength,
} from '@scalpstorm/model';
import { openingOf } from './timeframe.js';

/** A closed candle, new or corrected. */
export interface CandleClosed {
  readonly candle: Candle;
  /** Something of it may be missing: the venue has to be asked for its own. */
  readonly doubtful: boolean;
  /** False: it is known like this, and only the doubt is new. */
  readonly isNews: boolean;
}

interface Building {
  readonly candle: Candle;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
  readonly doubtful: boolean;
}

/** After a silence longer than so many candles the flat ones between are left out; the venue's own fill the hole. */
const flatCandlesMax = 120;

/**
 * The candles of one instrument in one timeframe, built from trades. An interval without a trade gives a flat candle at the last
 * close, so that a series has no holes. Knows no clock: `advance` tells the venue's time.
 */
export class CandleSeries {
  private building: Building | null = null;
  private closed: Candle[] = [];
  /** Those of them that came from the venue: they have all their trades. */
  private readonly theirs = new WeakSet<Candle>();
  private changed = false;

  constructor(
    private readonly instrumentId: InstrumentId,
    private readonly timeframe: Timeframe,
    private readonly historyMax: number,
  ) {}

  trade(trade: Trade): readonly CandleClosed[] {
    const openedAt = openingOf(trade.occurredAt, this.timeframe);
    const { building } = this;
    if (building !== null && openedAt < building.candle.openedAt) return this.correct(trade, openedAt);
    const closed = building !== null && openedAt > building.candle.openedAt ? this.roll(openedAt) : [];
    const current = this.building;
    this.building =
      current === null || current.candle.openedAt !== openedAt
        ? // The first candle of a series began before we listened.
          { ...this.firstTrade(trade, openedAt), doubtful: current === null }
        : withTrade(current, trade);
    this.changed = true;
    return closed;
  }

  /** Closes what is over at this time of the venue. */
  advance(now: Timestamp): readonly CandleClosed[] {
    const openedAt = openingOf(now, this.timeframe);
    if (this.building === null || openedAt <= this.building.candle.openedAt) return [];
    return this.roll(openedAt);
  }

  /** The venue's own candles, oldest first: they outrank what we built. Gives the closed ones that were not known like this. */
  adopt(candles: readonly Candle[]): readonly CandleClosed[] {
    const news: CandleClosed[] = [];
    for (const candle of candles) {
      if (!candle.closed) {
        news.push(...this.adoptOpen(candle));
        continue;
      }
      this.theirs.add(candle);
      if (this.keep(candle)) news.push({ candle, doubtful: false, isNews: true });
    }
    return news;
  }

  /** The connection was lost or trades are missing: what is being built is not to be trusted. */
  doubt(): void {
    if (this.building !== null) this.building = { ...this.building, doubtful: true };
  }

  /** The candle being built, when it changed since the last call. */
  takeChanged(): Candle | null {
    if (!this.changed || this.building === null) return null;
    this.changed = false;
    // The venue told this one as closed already; nobody wants to hear it open after that.
    const last = this.closed.at(-1);
    return last !== undefined && last.openedAt >= this.building.candle.openedAt ? null : this.building.candle;
  }

  /** Closed ones, oldest first. */
  history(): readonly Candle[] {
    return this.closed;
  }

  /** Closes the building candle and everything up to, not including, the one that opens at `openedAt`. */
  private roll(openedAt: Timestamp): readonly CandleClosed[] {
    const closed: CandleClosed[] = [];
    const length = timeframeLength[this.timeframe];
    while (this.building !== null && this.building.candle.openedAt < openedAt) {
      const { candle } = this.building;
      closed.push(...this.close(this.building));
      const following = Timestamp.plus(candle.openedAt, length);
      const tooFar = openedAt - following > flatCandlesMax * length;
      this.building = { ...flat(candle, tooFar ? openedAt : following), doubtful: tooFar };
    }
    return closed;
  }

  private close({ candle, doubtful }: Building): readonly CandleClosed[] {
    const done = { ...candle, closed: true };
    const known = this.closed.findLast(({ openedAt }) => openedAt === done.openedAt);
    if (known === undefined) {
      this.keep(done);
      return [{ candle: done, doubtful, isNews: true }];
    }
    // The venue told this one as closed while we still waited for late trades: it knows better than what we doubt. What we do not
    // doubt has every trade as well, and two that have every trade do not differ.
    return doubtful || sameCandle(known, done) ? [] : [{ candle: known, doubtful: true, isNews: false }];
  }

  /** A trade that belongs to a candle that is closed already. */
  private correct(trade: Trade, openedAt: Timestamp): readonly CandleClosed[] {
    const index = this.closed.findLastIndex((candle) => candle.openedAt === openedAt);
    const found = this.closed[index];
    if (found === undefined) return [];
    // The venue's own has it: counted once more it would be there twice.
    if (this.theirs.has(found)) return [{ candle: found, doubtful: true, isNews: false }];
    const candle = widened(found, trade);
    this.closed[index] = candle;
    // Whether it was the first or the last of the interval is not known any more.
    return [{ candle, doubtful: true, isNews: true }];
  }

  private adoptOpen(candle: Candle): readonly CandleClosed[] {
    const { building } = this;
    const at = candle.openedAt;
    // What we built without a doubt needs no help; adopting it again and again would keep it doubtful for ever.
    if (building !== null && (building.candle.openedAt > at || !building.doubtful)) return [];
    // The venue is in a later interval already: ours is over, with whatever it has.
    const closed = building !== null && building.candle.openedAt < at ? this.close(building) : [];
    const own = building?.candle.openedAt === at && building.candle.trades > 0 ? building : null;
    this.building = {
      candle: own === null ? candle : merged(candle, own.candle),
      firstAt: at,
      lastAt: own?.lastAt ?? at,
      // The venue's candle and our trades overlap by an unknown number.
      doubtful: true,
    };
    this.changed = true;
    return closed;
  }

  private firstTrade(trade: Trade, openedAt: Timestamp): Omit<Building, 'doubtful'> {
    const { price, quantity, occurredAt } = trade;
    const { instrumentId, timeframe } = this;
    const prices = { open: price, high: price, low: price, close: price };
    const candle = { instrumentId, timeframe, openedAt, ...prices, volume: quantity, trades: 1, closed: false };
    return { candle, firstAt: occurredAt, lastAt: occurredAt };
  }

  /** False when it is known exactly like this. */
  private keep(candle: Candle): boolean {
    const index = this.closed.findLastIndex((known) => known.openedAt <= candle.openedAt);
    const known = this.closed[index];
    if (known?.openedAt === candle.openedAt) {
      this.closed[index] = candle;
      return !sameCandle(known, candle);
    }
    this.closed.splice(index + 1, 0, candle);
    if (this.closed.length > this.historyMax) this.closed.shift();
    return true;
  }
}

function flat(before: Candle, openedAt: Timestamp): Omit<Building, 'doubtful'> {
  const { close } = before;
  const prices = { open: close, high: close, low: close, close };
  const candle = { ...before, ...prices, openedAt, volume: Quantity.zero, trades: 0, closed: false };
  return { candle, firstAt: openedAt, lastAt: openedAt };
}

function withTrade(building: Building, trade: Trade): Building {
  const { candle, firstAt, lastAt } = building;
  const { price, occurredAt } = trade;
  const first = candle.trades === 0 || occurredAt < firstAt;
  const last = candle.trades === 0 || occurredAt >= lastAt;
  const wide = candle.trades === 0 ? { ...widened(candle, trade), high: price, low: price } : widened(candle, trade);
  return {
    ...building,
    candle: { ...wide, open: first ? price : candle.open, close: last ? price : candle.close },
    firstAt: first ? occurredAt : firstAt,
    lastAt: last ? occurredAt : lastAt,
  };
}

const widened = (candle: Candle, { price, quantity }: Trade): Candle => ({
  ...candle,
  high: price > candle.high ? price : candle.high,
  low: price < candle.low ? price : candle.low,
  volume: Quantity.plus(candle.volume, quantity),
  trades: candle.trades + 1,
});

/** The venue's open candle with what we heard meanwhile. */
const merged = (theirs: Candle, ours: Candle): Candle => ({
  ...theirs,
  high: farther(theirs.high, ours.high, (price, than) => price > than),
  low: farther(theirs.low, ours.low, (price, than) => price < than),
  close: ours.close,
  volume: Quantity.max(theirs.volume, ours.volume),
  trades: Math.max(theirs.trades, ours.trades),
});

const farther = (price: Price, other: Price, beyond: (price: Price, than: Price) => boolean): Price =>
  beyond(other, price) ? other : price;

const sameCandle = (left: Candle, right: Candle): boolean =>
  left.open === right.open &&
  left.high === right.high &&
  left.low === right.low &&
  left.close === right.close &&
  left.volume === right.volume &&
  left.trades === right.trades;
