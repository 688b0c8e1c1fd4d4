import type { Window } from './window.js';

/** The greatest of the newest `period` values; exact. The least of them is −maximum(−values). */
export class WindowMaximum {
  private readonly slots: Float64Array;
  private filled = 0;
  private head = Number.NEGATIVE_INFINITY;
  private missing = 0;

  constructor(private readonly period: number) {
    this.slots = new Float64Array(period + 1).fill(Number.NEGATIVE_INFINITY);
    this.missing = period - 1;
  }

  /** NaN until there are `period` values. */
  push(value: number): number {
    const { slots, filled } = this;
    const head = Math.max(this.head, value);
    const greatest = Math.max(head, slots[filled + 1] as number);
    slots[filled] = value;
    this.head = head;
    this.filled = filled + 1;
    if (filled + 1 === this.period) this.turn();
    if (this.missing > 0) {
      this.missing -= 1;
      return Number.NaN;
    }
    return greatest;
  }

  private turn(): void {
    const { slots } = this;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let place = this.period - 1; place >= 0; place -= 1) {
      greatest = Math.max(greatest, slots[place] as number);
      slots[place] = greatest;
    }
    this.filled = 0;
    this.head = Number.NEGATIVE_INFINITY;
  }
}

/**
 * The batch form of {@link WindowMaximum}; with `sign` −1 the least. Rows before the window is full look at what there is.
 */
export function windowExtremes(
  values: Float64Array,
  { from, period, sign }: Window & { readonly sign: 1 | -1 },
  out: Float64Array,
): void {
  const tails = new Float64Array(period + 1).fill(Number.NEGATIVE_INFINITY);
  for (let start = from; start < values.length; start += period) {
    const size = Math.min(period, values.length - start);
    let head = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < size; place += 1) {
      head = Math.max(head, sign * (values[start + place] as number));
      out[start + place] = sign * Math.max(head, tails[place + 1] as number);
    }
    if (size < period) return;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let place = period - 1; place >= 0; place -= 1) {
      greatest = Math.max(greatest, sign * (values[start + place] as number));
      tails[place] = greatest;
    }
  }
}
