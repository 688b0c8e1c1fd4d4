import type { Window } from './window.js';

/**
 * Mean and population standard deviation of the newest `period` values. Head and tail sum distances and squared distances from a value
 * of their own, which is in the window as long as they are: so the squares are at most `period` times what is looked for, and
 * subtracting the square of the mean loses no more digits than that, wherever the series lies and however it jumps.
 */
export class WindowMoments {
  mean = Number.NaN;
  private readonly slots: Float64Array;
  private readonly squareSlots: Float64Array;
  private filled = 0;
  private head = 0;
  private squares = 0;
  private headAnchor = 0;
  private tailAnchor = 0;
  private missing = 0;

  constructor(private readonly period: number) {
    this.slots = new Float64Array(period + 1);
    this.squareSlots = new Float64Array(period + 1);
    this.missing = period - 1;
  }

  /** Sets `mean` and returns the deviation; both NaN until there are `period` values. */
  push(value: number): number {
    const { slots, squareSlots, filled, period } = this;
    if (filled === 0) this.headAnchor = value;
    const anchor = this.headAnchor;
    const distance = value - anchor;
    const head = this.head + distance;
    const squares = this.squares + distance * distance;
    const older = period - filled - 1;
    const apart = this.tailAnchor - anchor;
    const tail = slots[filled + 1] as number;
    const offset = (head + (tail + older * apart)) / period;
    const square = squares + ((squareSlots[filled + 1] as number) + (2 * tail + older * apart) * apart);
    slots[filled] = value;
    this.head = head;
    this.squares = squares;
    this.filled = filled + 1;
    if (filled + 1 === period) this.turn(value);
    if (this.missing > 0) {
      this.missing -= 1;
      return Number.NaN;
    }
    this.mean = anchor + offset;
    return Math.sqrt(Math.max(0, square / period - offset * offset));
  }

  private turn(anchor: number): void {
    const { slots, squareSlots } = this;
    let sum = 0;
    let squares = 0;
    for (let place = this.period - 1; place >= 0; place -= 1) {
      const distance = (slots[place] as number) - anchor;
      sum += distance;
      squares += distance * distance;
      slots[place] = sum;
      squareSlots[place] = squares;
    }
    this.tailAnchor = anchor;
    this.filled = 0;
    this.head = 0;
    this.squares = 0;
  }
}

/** The batch form of {@link WindowMoments}; rows before the window is full get nonsense. */
export function windowMoments(
  values: Float64Array,
  { from, period }: Window,
  { means, deviations }: { readonly means: Float64Array; readonly deviations: Float64Array },
): void {
  const tails = new Float64Array(period + 1);
  const squareTails = new Float64Array(period + 1);
  let tailAnchor = 0;
  for (let start = from; start < values.length; start += period) {
    const size = Math.min(period, values.length - start);
    const anchor = values[start] as number;
    const apart = tailAnchor - anchor;
    let head = 0;
    let squares = 0;
    for (let place = 0; place < size; place += 1) {
      const distance = (values[start + place] as number) - anchor;
      head += distance;
      squares += distance * distance;
      const older = period - place - 1;
      const tail = tails[place + 1] as number;
      const offset = (head + (tail + older * apart)) / period;
      const square = squares + ((squareTails[place + 1] as number) + (2 * tail + older * apart) * apart);
      means[start + place] = anchor + offset;
      deviations[start + place] = Math.sqrt(Math.max(0, square / period - offset * offset));
    }
    if (size < period) return;
    tailAnchor = values[start + period - 1] as number;
    let sum = 0;
    let back = 0;
    for (let place = period - 1; place >= 0; place -= 1) {
      const distance = (values[start + place] as number) - tailAnchor;
      sum += distance;
      back += distance * distance;
      tails[place] = sum;
      squareTails[place] = back;
    }
  }
}
