import type { BookLevel, Price, Quantity } from '@scalpstorm/model';

/** `depthUpdate`: changes of the venue's book from counter `first` to counter `last`, both inclusive. */
export interface DepthUpdate {
  readonly first: number;
  readonly last: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface DepthSnapshot {
  readonly last: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export type BookStep =
  /** Buffered, waiting for a snapshot. */
  | 'buffered'
  | 'applied'
  /** Older than what we have. */
  | 'ignored'
  /** Something is missing: the book is void until a fresh snapshot is in. */
  | 'gap';

/** Of the changes that wait for a snapshot: twenty seconds of them, which is far more than an answer may take. */
export const bufferMax = 200;
/** And so many levels in all of them: what a venue tells at once has no bound. */
export const bufferedLevelsMax = 10_000;
const levelsMax = 5_000;

/**
 * Keeps a copy of the venue's book in step: updates are buffered until a snapshot is there, older ones are dropped, the
 * first must span the snapshot, and each next begins where the one before ended (Binance, "manage a local order book").
 */
export class BookSync {
  private readonly bids: BookLevel[] = [];
  private readonly asks: BookLevel[] = [];
  private buffer: DepthUpdate[] = [];
  private bufferedLevels = 0;
  private lastId: number | null = null;

  get synced(): boolean {
    return this.lastId !== null;
  }

  /** Changes that wait for a snapshot. */
  get buffered(): number {
    return this.buffer.length;
  }

  /** The venue's counter of the last applied change; 0 before the first snapshot. */
  get sequence(): number {
    return this.lastId ?? 0;
  }

  /** Forgets everything: after a lost connection or a gap. */
  reset(): void {
    this.bids.length = 0;
    this.asks.length = 0;
    this.buffer = [];
    this.bufferedLevels = 0;
    this.lastId = null;
  }

  update(update: DepthUpdate): BookStep {
    if (this.lastId === null) {
      this.keep(update);
      return 'buffered';
    }
    if (update.last <= this.lastId) return 'ignored';
    if (update.first > this.lastId + 1) {
      this.reset();
      this.keep(update);
      return 'gap';
    }
    this.apply(update);
    return 'applied';
  }

  /** True: in step. False: the snapshot is older than the oldest buffered change, a newer one is needed. */
  snapshot(snapshot: DepthSnapshot): boolean {
    const pending = this.buffer.filter((update) => update.last > snapshot.last);
    let last = snapshot.last;
    for (const update of pending) {
      if (update.first > last + 1) return false;
      last = update.last;
    }
    this.reset();
    this.lastId = snapshot.last;
    for (const level of snapshot.bids) setLevel(this.bids, level, 'down');
    for (const level of snapshot.asks) setLevel(this.asks, level, 'up');
    for (const update of pending) this.apply(update);
    return true;
  }

  /** Best first. */
  top(levels: number): { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] } {
    return { bids: this.bids.slice(0, levels), asks: this.asks.slice(0, levels) };
  }

  /** The oldest go: a newer snapshot does without them. */
  private keep(update: DepthUpdate): void {
    this.buffer.push(update);
    this.bufferedLevels += levelsOf(update);
    while (this.buffer.length > bufferMax || this.bufferedLevels > bufferedLevelsMax) {
      const oldest = this.buffer.shift();
      if (oldest === undefined) return;
      this.bufferedLevels -= levelsOf(oldest);
    }
  }

  private apply(update: DepthUpdate): void {
    for (const level of update.bids) setLevel(this.bids, level, 'down');
    for (const level of update.asks) setLevel(this.asks, level, 'up');
    this.lastId = update.last;
  }
}

const levelsOf = ({ bids, asks }: DepthUpdate): number => bids.length + asks.length;

/** A quantity of zero removes the level. */
function setLevel(levels: BookLevel[], level: BookLevel, order: 'up' | 'down'): void {
  const at = position(levels, level.price, order);
  const there = levels[at]?.price === level.price;
  if (level.quantity === (0n as Quantity)) {
    if (there) levels.splice(at, 1);
  } else if (there) {
    levels[at] = level;
  } else {
    levels.splice(at, 0, level);
    if (levels.length > levelsMax) levels.pop();
  }
}

/** Index of the price, or where it belongs. */
function position(levels: readonly BookLevel[], price: Price, order: 'up' | 'down'): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = levels[middle];
    const before = at !== undefined && (order === 'up' ? at.price < price : at.price > price);
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}
