import type { Account } from '../domain/account.js';

/** What a signed request asks, whichever door it came through. */
export interface TradingCall {
  readonly account: Account;
  readonly params: URLSearchParams;
  readonly now: number;
}
