import { roundStep } from '../figures/distribution.js';
import type { Gappy } from '../window-plots.js';

/** Values to places from 0 to 1. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly placeOf: (value: number) => number;
}

export interface Tick {
  /** 0 to 1. */
  readonly place: number;
  readonly text: string;
}

export function scaleOf(low: number, high: number): Scale {
  const width = high - low;
  return { low, high, placeOf: (value) => (width > 0 ? (value - low) / width : 0.5) };
}

/** From the lowest to the highest of all, with some air; a single value gets some around it. */
export function scaleOver(columns: readonly Gappy[], air = 0.05): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (const value of column) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(low <= high)) return scaleOf(0, 1);
  const room = (high - low || Math.abs(low) || 1) * air;
  return scaleOf(low - room, high + room);
}

/** Round values inside the scale, about as many as aimed at. */
export function ticksOf(scale: Scale, aimed: number, textOf: (value: number, step: number) => string): readonly Tick[] {
  if (!(scale.high > scale.low)) return [];
  const step = roundStep((scale.high - scale.low) / aimed);
  const ticks: Tick[] = [];
  for (let count = Math.ceil(scale.low / step); count * step <= scale.high; count += 1) {
    const value = Number((count * step).toPrecision(12));
    ticks.push({ place: scale.placeOf(value), text: textOf(value, step) });
  }
  return ticks;
}

/** So many that two neighbours differ. */
export const decimalsOf = (step: number): number => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
