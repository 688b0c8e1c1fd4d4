/** How many requests a user or an address may send. */
export abstract class RateLimits {
  /** Counts a request. Null when it may go on, else the seconds to wait. Never throws for a lost cache. */
  abstract enter(of: 'user' | 'address', who: string): Promise<number | null>;
}
