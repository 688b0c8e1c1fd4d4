import type { Side } from '@scalpstorm/model';
import type { Lots, Ticks } from '../book-order.js';
import { PriceLadder } from '../price-ladder.js';

/** One price of the record. */
interface RecordedLevel {
  /** What the record displays. */
  recorded: Lots;
  /** What our orders took of it: gone as long as the level stands. */
  consumed: Lots;
  /** Recorded trades since the last depth update: the display does not show them yet. */
  traded: Lots;
  /** When the level last changed, to tell which of two crossed levels is stale. */
  stamp: number;
}

/**
 * One side of the recorded book and how much of it our orders may still take. The rule is the cautious one:
 * available = recorded − consumed − traded. What we took stays taken until the level is gone, growth is new liquidity,
 * and shrinkage comes off what is left first.
 */
export class RecordedSide {
  private readonly levels = new Map<Ticks, RecordedLevel>();
  /** Prices with anything available. */
  readonly ladder: PriceLadder<Lots>;
  private readonly traded = new Map<Ticks, number>();

  constructor(side: Side) {
    this.ladder = new PriceLadder(side);
  }

  prices(): readonly Ticks[] {
    return [...this.levels.keys()];
  }

  recordedAt(price: Ticks): Lots {
    return this.levels.get(price)?.recorded ?? 0;
  }

  availableAt(price: Ticks): Lots {
    return this.ladder.get(price) ?? 0;
  }

  stampAt(price: Ticks): number {
    return this.levels.get(price)?.stamp ?? 0;
  }

  /** The record says a level's new total. True when what is available changed. */
  set(price: Ticks, recorded: Lots, stamp: number): boolean {
    const level = this.levels.get(price);
    if (recorded === 0) {
      this.levels.delete(price);
      this.traded.delete(price);
    } else if (level === undefined) this.levels.set(price, { recorded, consumed: 0, traded: 0, stamp });
    else {
      level.recorded = recorded;
      level.consumed = Math.min(level.consumed, recorded);
      level.stamp = stamp;
    }
    return this.refresh(price);
  }

  consume(price: Ticks, lots: Lots): void {
    const level = this.levels.get(price);
    if (level === undefined) return;
    level.consumed += lots;
    this.refresh(price);
  }

  /** Others traded here: gone until the next depth update, which will have counted it. True when anything changed. */
  markTraded(price: Ticks, lots: Lots, time: number): boolean {
    const level = this.levels.get(price);
    if (level === undefined || lots === 0) return false;
    level.traded += Math.min(lots, this.availableAt(price));
    this.traded.set(price, time);
    return this.refresh(price);
  }

  /** A depth update as of `time` has counted every trade up to it. Gives the prices that have more again. */
  forgetTraded(time: number): readonly Ticks[] {
    const changed: Ticks[] = [];
    for (const [price, tradedAt] of this.traded) {
      if (tradedAt > time) continue;
      this.traded.delete(price);
      const level = this.levels.get(price);
      if (level === undefined) continue;
      level.traded = 0;
      if (this.refresh(price)) changed.push(price);
    }
    return changed;
  }

  private refresh(price: Ticks): boolean {
    const level = this.levels.get(price);
    const available = level === undefined ? 0 : Math.max(0, level.recorded - level.consumed - level.traded);
    if (available === this.availableAt(price)) return false;
    if (available === 0) this.ladder.delete(price);
    else this.ladder.set(price, available);
    return true;
  }
}
