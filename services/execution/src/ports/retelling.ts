import type { Micros } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';

/** Events may be lost on their way although the bus had acknowledged them; our books are not. */
export abstract class Retelling {
  /**
   * Tells the newest state of every working order again, and of those that ended within the time. Hearers know the version and
   * ignore what they have. Gives the number of orders.
   */
  abstract retell(accountId: AccountId, endedWithin: Micros): Promise<number>;
}
