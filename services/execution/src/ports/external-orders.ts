import type { ExternalDecision, ExternalOrder } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, UserId } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';

export interface Paged {
  /** Rows older than this one; null: from the newest on. */
  readonly before: bigint | null;
  readonly limit: number;
}

export interface Decided {
  readonly accountId: AccountId;
  readonly id: bigint;
  readonly kind: ExternalDecision;
  readonly by: UserId;
  readonly at: Timestamp;
}

/** What is remembered of orders at the venue that nobody placed here, and of who decided what about them. */
export abstract class ExternalOrders {
  /** All that an account had when it was compared: new ones are added, those that are gone are marked so. */
  abstract seen(accountId: AccountId, orders: readonly VenueOrderView[], at: Timestamp): Promise<void>;
  /** Newest first. */
  abstract list(accountIds: readonly AccountId[], page: Paged): Promise<readonly ExternalOrder[]>;
  /** Null: none of these accounts has it. */
  abstract find(accountIds: readonly AccountId[], id: bigint): Promise<ExternalOrder | null>;
  /** How many work at their venue and nobody has decided on, by account; those without any are not there. */
  abstract waiting(): Promise<ReadonlyMap<AccountId, number>>;
  /** Durable before anything is done about it. */
  abstract decide(decided: Decided): Promise<void>;
  abstract settle(settled: Pick<Decided, 'accountId' | 'id'>, outcome: string): Promise<void>;
}
