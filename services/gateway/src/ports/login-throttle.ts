/** Slows down guessing. Attempts count when they begin, so that many at once gain nothing. */
export abstract class LoginThrottle {
  /** Counts an attempt. Null when it may go on, else the seconds to wait. */
  abstract enter(attempt: Attempt): Promise<number | null>;
  /** The attempt was the right user's: the account's earlier failures are forgotten. */
  abstract succeeded(attempt: Attempt): Promise<void>;
}

export interface Attempt {
  readonly account: string;
  readonly clientAddress: string;
}
