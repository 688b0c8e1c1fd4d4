import type { Window } from './window.js';

/**
 * The sum of the newest `period` values. See `window.ts` for why nothing is ever subtracted: the error does not grow with the length of
 * the series (at most period × 1.1e-16 of the sum of the magnitudes), and a window of zeros sums to zero.
 */
export class WindowSum {
  /** Left of `filled` the values of this block, from there on the sums from each place to the end of the block before. */
  private readonly slots: Float64Array;
  private filled = 0;
  private head = 0;
  private missing = 0;

  constructor(private readonly period: number) {
    this.slots = new Float64Array(period + 1);
    this.missing = period - 1;
  }

  /** NaN until there are `period` values. */
  push(value: number): number {
    const { slots, filled } = this;
    const head = this.head + value;
    const sum = head + (slots[filled + 1] as number);
    slots[filled] = value;
    this.head = head;
    this.filled = filled + 1;
    if (filled + 1 === this.period) this.turn();
    if (this.missing > 0) {
      this.missing -= 1;
      return Number.NaN;
    }
    return sum;
  }

  private turn(): void {
    const { slots } = this;
    let sum = 0;
    for (let place = this.period - 1; place >= 0; place -= 1) {
      sum += slots[place] as number;
      slots[place] = sum;
    }
    this.filled = 0;
    this.head = 0;
  }
}

/** The batch form of {@link WindowSum}; rows before the window is full get partial sums. */
export function windowSums(values: Float64Array, { from, period }: Window, out: Float64Array): void {
  const tail = new Float64Array(period + 1);
  for (let start = from; start < values.length; start += period) {
    const size = Math.min(period, values.length - start);
    let head = 0;
    for (let place = 0; place < size; place += 1) {
      head += values[start + place] as number;
      out[start + place] = head + (tail[place + 1] as number);
    }
    if (size < period) return;
    let sum = 0;
    for (let place = period - 1; place >= 0; place -= 1) {
      sum += values[start + place] as number;
      tail[place] = sum;
    }
  }
}
