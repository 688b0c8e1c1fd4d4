import type { Micros, Rng } from '@scalpstorm/kernel';

export interface BackoffLimits {
  readonly first: Micros;
  readonly most: Micros;
}

/** Exponential with jitter: between half and all of `first × 2^attempt`, never more than `most`. `attempt` counts from 0. */
export function backoffDelay(attempt: number, limits: BackoffLimits, rng: Rng): Micros {
  const ceiling = Math.min(limits.most, limits.first * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + (rng.next() * ceiling) / 2);
}
