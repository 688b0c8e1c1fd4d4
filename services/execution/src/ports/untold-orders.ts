import type { AccountId } from '@scalpstorm/model';

/** Events of orders that the bus refused for good: what our books know of these orders the others were not told. */
export abstract class UntoldOrders {
  /** Those that no person has sent again or closed. */
  abstract count(accountId: AccountId): Promise<number>;
  /** Who acts as soon as one is refused. */
  abstract follow(onRefused: (accountId: AccountId) => void): void;
}
