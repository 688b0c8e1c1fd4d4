import type { Scale, Tick } from './scale.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 4, 7, 14].map((count) => count * day),
];
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Round times of UTC, at most about as many as aimed at. */
export function timeTicks(scale: Scale, aimed: number): readonly Tick[] {
  const least = (scale.high - scale.low) / aimed;
  const step = steps.find((one) => one >= least);
  return step === undefined ? monthTicks(scale, least) : evenTicks(scale, step);
}

function evenTicks(scale: Scale, step: number): readonly Tick[] {
  const ticks: Tick[] = [];
  for (let at = Math.ceil(scale.low / step) * step; at <= scale.high; at += step) {
    ticks.push({ place: scale.placeOf(at), text: step < day ? clockText(at, step) : dateText(at) });
  }
  return ticks;
}

function monthTicks(scale: Scale, least: number): readonly Tick[] {
  const step = monthSteps.find((count) => count * 30 * day >= least) ?? 120;
  const first = new Date(scale.low);
  const start = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth() + 1) / step) * step;
  const ticks: Tick[] = [];
  for (let month = start; ; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12);
    if (at > scale.high) return ticks;
    const text = step >= 12 ? String(Math.floor(month / 12)) : `${months[month % 12]} ${Math.floor(month / 12)}`;
    ticks.push({ place: scale.placeOf(at), text });
  }
}

const dateText = (ms: number): string => `${new Date(ms).getUTCDate()} ${months[new Date(ms).getUTCMonth()]}`;

/** Midnight tells the day instead. */
function clockText(ms: number, step: number): string {
  if (ms % day === 0) return dateText(ms);
  return new Date(ms).toISOString().slice(11, step < minute ? 19 : 16);
}

export const monthName = (month: number): string => months[month - 1] ?? '';
