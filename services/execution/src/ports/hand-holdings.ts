import type { AccountId, InstrumentId, Quantity, UserId } from '@scalpstorm/model';

/** What the fills of all orders that no bot placed come to for one user: by hand, and of plans. */
export interface HandHolding {
  readonly userId: UserId;
  readonly instrumentId: InstrumentId;
  /** Signed; less the fees that were taken in base. Together they are the position of no bot. */
  readonly quantity: Quantity;
}

/** An account may be several users': its position of no bot says nothing of whose it is. */
export abstract class HandHoldings {
  /** Those that are not zero. */
  abstract of(accountId: AccountId): Promise<readonly HandHolding[]>;
}
