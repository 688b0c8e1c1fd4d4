import type { Timestamp } from '@scalpstorm/kernel';

/** Attempts in one window. An account has its own limit, because one guesser may use many addresses, and so has an address. */
export const attemptLimits = { accountFromAddress: 10, account: 50, address: 300 } as const;
export type Counted = keyof typeof attemptLimits;

export const attemptWindowMs = 300_000;

/** Which window a time falls into, and how long that one still lasts. */
export function attemptWindow(now: Timestamp): { readonly number: number; readonly secondsLeft: number } {
  const millis = Math.floor(now / 1_000);
  const number = Math.floor(millis / attemptWindowMs);
  return { number, secondsLeft: Math.ceil(((number + 1) * attemptWindowMs - millis) / 1_000) };
}

export const isOverLimit = (counts: Readonly<Record<Counted, number>>): boolean =>
  (Object.keys(attemptLimits) as Counted[]).some((name) => counts[name] > attemptLimits[name]);
