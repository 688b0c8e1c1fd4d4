import type { AccountId, Order, Position } from '@scalpstorm/model';

/** What an account stands in, as execution's books say it. */
export interface AccountBooks {
  readonly accountId: AccountId;
  /** The working ones and those that ended not long ago. */
  readonly orders: readonly Order[];
  readonly positions: readonly Position[];
}
