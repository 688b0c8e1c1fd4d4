import type { Window } from './window.js';

/**
 * The mean of the newest `period` values, summed as distances from a value of their own block: a series that stands still has exactly
 * its value as the mean, and noise upon a large number keeps its digits.
 */
export class WindowMean {
  private readonly slots: Float64Array;
  private filled = 0;
  private head = 0;
  /** The first value of this block, the last one of the block before, and how far they are apart. */
  private headAnchor = 0;
  private tailAnchor = 0;
  private apart = 0;
  private missing = 0;

  constructor(private readonly period: number) {
    this.slots = new Float64Array(period + 1);
    this.missing = period - 1;
  }

  /** NaN until there are `period` values. */
  push(value: number): number {
    const { slots, filled, period } = this;
    if (filled === 0) {
      this.headAnchor = value;
      this.apart = this.tailAnchor - value;
    }
    const anchor = this.headAnchor;
    const head = this.head + (value - anchor);
    const tail = (slots[filled + 1] as number) + (period - filled - 1) * this.apart;
    slots[filled] = value;
    this.head = head;
    this.filled = filled + 1;
    if (filled + 1 === period) this.turn(value);
    if (this.missing > 0) {
      this.missing -= 1;
      return Number.NaN;
    }
    return anchor + (head + tail) / period;
  }

  private turn(anchor: number): void {
    const { slots } = this;
    let sum = 0;
    for (let place = this.period - 1; place >= 0; place -= 1) {
      sum += (slots[place] as number) - anchor;
      slots[place] = sum;
    }
    this.tailAnchor = anchor;
    this.filled = 0;
    this.head = 0;
  }
}

/** The batch form of {@link WindowMean}; rows before the window is full get nonsense. */
export function windowMeans(values: Float64Array, { from, period }: Window, out: Float64Array): void {
  const tails = new Float64Array(period + 1);
  let tailAnchor = 0;
  for (let start = from; start < values.length; start += period) {
    const size = Math.min(period, values.length - start);
    const anchor = values[start] as number;
    const apart = tailAnchor - anchor;
    let head = 0;
    for (let place = 0; place < size; place += 1) {
      head += (values[start + place] as number) - anchor;
      const tail = (tails[place + 1] as number) + (period - place - 1) * apart;
      out[start + place] = anchor + (head + tail) / period;
    }
    if (size < period) return;
    tailAnchor = values[start + period - 1] as number;
    let sum = 0;
    for (let place = period - 1; place >= 0; place -= 1) {
      sum += (values[start + place] as number) - tailAnchor;
      tails[place] = sum;
    }
  }
}
