import type { Window } from './window.js';

/**
 * Σ weight × value ÷ Σ weight over the newest `period` pairs, anchored as {@link WindowMean} is; the newest value where the weights sum
 * to zero. Weights are at least 0.
 */
export class WindowWeightedMean {
  private readonly slots: Float64Array;
  private readonly weightSlots: Float64Array;
  private filled = 0;
  private head = 0;
  private weights = 0;
  private headAnchor = 0;
  private tailAnchor = 0;
  private missing = 0;

  constructor(private readonly period: number) {
    this.slots = new Float64Array(period + 1);
    this.weightSlots = new Float64Array(period + 1);
    this.missing = period - 1;
  }

  /** NaN until there are `period` pairs. */
  push(value: number, weight: number): number {
    const { slots, weightSlots, filled } = this;
    if (filled === 0) this.headAnchor = value;
    const anchor = this.headAnchor;
    const head = this.head + (value - anchor) * weight;
    const weights = this.weights + weight;
    const older = weightSlots[filled + 1] as number;
    const sum = head + ((slots[filled + 1] as number) + older * (this.tailAnchor - anchor));
    const total = weights + older;
    slots[filled] = value;
    weightSlots[filled] = weight;
    this.head = head;
    this.weights = weights;
    this.filled = filled + 1;
    if (filled + 1 === this.period) this.turn(value);
    if (this.missing > 0) {
      this.missing -= 1;
      return Number.NaN;
    }
    return total > 0 ? anchor + sum / total : value;
  }

  private turn(anchor: number): void {
    const { slots, weightSlots } = this;
    let sum = 0;
    let weights = 0;
    for (let place = this.period - 1; place >= 0; place -= 1) {
      const weight = weightSlots[place] as number;
      sum += ((slots[place] as number) - anchor) * weight;
      weights += weight;
      slots[place] = sum;
      weightSlots[place] = weights;
    }
    this.tailAnchor = anchor;
    this.filled = 0;
    this.head = 0;
    this.weights = 0;
  }
}

/** The batch form of {@link WindowWeightedMean}; rows before the window is full look at what there is. */
export function windowWeightedMeans(
  { values, weights }: { readonly values: Float64Array; readonly weights: Float64Array },
  { from, period }: Window,
  out: Float64Array,
): void {
  const tails = new Float64Array(period + 1);
  const weightTails = new Float64Array(period + 1);
  let tailAnchor = 0;
  for (let start = from; start < values.length; start += period) {
    const size = Math.min(period, values.length - start);
    const anchor = values[start] as number;
    const apart = tailAnchor - anchor;
    let head = 0;
    let headWeight = 0;
    for (let place = 0; place < size; place += 1) {
      const value = values[start + place] as number;
      const weight = weights[start + place] as number;
      head += (value - anchor) * weight;
      headWeight += weight;
      const older = weightTails[place + 1] as number;
      const sum = head + ((tails[place + 1] as number) + older * apart);
      const total = headWeight + older;
      out[start + place] = total > 0 ? anchor + sum / total : value;
    }
    if (size < period) return;
    tailAnchor = values[start + period - 1] as number;
    let back = 0;
    let backWeight = 0;
    for (let place = period - 1; place >= 0; place -= 1) {
      const weight = weights[start + place] as number;
      back += ((values[start + place] as number) - tailAnchor) * weight;
      backWeight += weight;
      tails[place] = back;
      weightTails[place] = backWeight;
    }
  }
}
