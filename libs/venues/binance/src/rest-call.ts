import type { Timestamp } from '@scalpstorm/kernel';
import type { CcxtBinance } from './ccxt-binance.js';
import type { Priority, RateCost } from './rate-budget.js';

/** One request over REST. */
export interface RestCall<Answer> {
  readonly cost: RateCost;
  readonly priority: Priority;
  /** Made when the budget allows, so that a timestamp in it is fresh. */
  readonly send: (exchange: CcxtBinance) => Promise<unknown>;
  readonly read: (payload: unknown) => Answer;
  /** Venue time after which it must not leave any more. */
  readonly expiresAt?: Timestamp;
  /** Asked after every wait, right before it is sent; false: it does not leave. */
  readonly mayLeave?: () => boolean;
  /** Does not leave while the budget is short or shared blindly. */
  readonly ifSpare?: boolean;
  /** Nobody wants the answer any more: it does not leave then. */
  readonly signal?: AbortSignal;
}
