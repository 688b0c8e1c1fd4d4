import type { Standing } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, Order, OrderRequest } from '@scalpstorm/model';

export interface Reserved {
  readonly request: OrderRequest;
  /** When the approval can not be acted on any more, with room for what execution was just writing. */
  readonly releaseAt: Timestamp;
}

/** What is to be known when books that are being read are at hand. */
export interface Reading {
  readonly began: Timestamp;
  /** What had been heard by then is in the books. */
  readonly standings: ReadonlyMap<AccountId, Standing>;
  readonly doubts: ReadonlySet<AccountId>;
  /** Orders that were heard since; they may be newer than what is read. */
  readonly heard: { readonly order: Order; readonly occurredAt: Timestamp }[];
}
