/**
 * What a request is counted against: what a user or an address may ask in all, or, apart from that, how often they may halt and
 * release. Whoever has asked too much can still pull the brake.
 */
export type Budget = 'usual' | 'brake';

/** How much of a budget is left after a request was counted. */
export interface RateStanding {
  /** As clients know it, e.g. `user` or `brake-user`. */
  readonly name: string;
  readonly limit: number;
  readonly remaining: number;
  /** Until there is all of it again. */
  readonly resetSeconds: number;
  /** This request was one too many. */
  readonly exceeded: boolean;
}

/** How many requests a user or an address may send. */
export abstract class RateLimits {
  /** Counts a request. Never throws for a lost cache. */
  abstract enter(of: 'user' | 'address', who: string, budget?: Budget): Promise<RateStanding>;
}
