import type { AccountId, ClientOrderId, Price } from '@scalpstorm/model';

/** The best price that each emulated order which trails has had; written behind, so that a start forgets a second of it at most. */
export abstract class FollowedPrices {
  abstract load(accountId: AccountId): Promise<ReadonlyMap<ClientOrderId, Price>>;
  abstract keep(accountId: AccountId, prices: ReadonlyMap<ClientOrderId, Price>): Promise<void>;
  abstract forget(accountId: AccountId, ids: readonly ClientOrderId[]): Promise<void>;
}
