import type { Account } from '../domain/account.js';

/** What a signed request asks, whichever door it came through. */
export interface TradingCall {
  readonly account: Account;
  readonly params: URLSearchParams;
  readonly now: number;
  /** Orders and fills are shown as they were so long ago; left out: as they are. */
  readonly staleMs?: number;
}
