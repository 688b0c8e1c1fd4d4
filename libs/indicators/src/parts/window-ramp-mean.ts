import type { Window } from './window.js';

/**
 * The mean of the newest `period` values, the oldest weighted 1 and the newest `period`; anchored as {@link WindowMean} is. In a tail
 * the oldest value weighs 1 as well, and in a head of m values all weigh `period − m` more than their own place.
 */
export class WindowRampMean {
  private readonly slots: Float64Array;
  private readonly weight: number = Number.NaN;
  private filled = 0;
  private head = 0;
  private ramp = 0;
  private headAnchor = 0;
  private tailAnchor = 0;
  private missing = 0;

  constructor(private readonly period: number) {
    this.slots = new Float64Array(period + 1);
    this.weight = (period * (period + 1)) / 2;
    this.missing = period - 1;
  }

  /** NaN until there are `period` values. */
  push(value: number): number {
    const { slots, filled, period } = this;
    if (filled === 0) this.headAnchor = value;
    const anchor = this.headAnchor;
    const distance = value - anchor;
    const head = this.head + distance;
    const ramp = this.ramp + (filled + 1) * distance;
    const older = period - filled - 1;
    const tail = (slots[filled + 1] as number) + ((older * (older + 1)) / 2) * (this.tailAnchor - anchor);
    slots[filled] = value;
    this.head = head;
    this.ramp = ramp;
    this.filled = filled + 1;
    if (filled + 1 === period) this.turn(value);
    if (this.missing > 0) {
      this.missing -= 1;
      return Number.NaN;
    }
    return anchor + (tail + ramp + older * head) / this.weight;
  }

  private turn(anchor: number): void {
    const { slots } = this;
    let sum = 0;
    let ramp = 0;
    for (let place = this.period - 1; place >= 0; place -= 1) {
      sum += (slots[place] as number) - anchor;
      ramp += sum;
      slots[place] = ramp;
    }
    this.tailAnchor = anchor;
    this.filled = 0;
    this.head = 0;
    this.ramp = 0;
  }
}

/** The batch form of {@link WindowRampMean}; rows before the window is full get nonsense. */
export function windowRampMeans(values: Float64Array, { from, period }: Window, out: Float64Array): void {
  const tails = new Float64Array(period + 1);
  const weight = (period * (period + 1)) / 2;
  let tailAnchor = 0;
  for (let start = from; start < values.length; start += period) {
    const size = Math.min(period, values.length - start);
    const anchor = values[start] as number;
    const apart = tailAnchor - anchor;
    let head = 0;
    let ramp = 0;
    for (let place = 0; place < size; place += 1) {
      const distance = (values[start + place] as number) - anchor;
      head += distance;
      ramp += (place + 1) * distance;
      const older = period - place - 1;
      const tail = (tails[place + 1] as number) + ((older * (older + 1)) / 2) * apart;
      out[start + place] = anchor + (tail + ramp + older * head) / weight;
    }
    if (size < period) return;
    tailAnchor = values[start + period - 1] as number;
    let sum = 0;
    let back = 0;
    for (let place = period - 1; place >= 0; place -= 1) {
      sum += (values[start + place] as number) - tailAnchor;
      back += sum;
      tails[place] = back;
    }
  }
}
