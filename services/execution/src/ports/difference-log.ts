import type { DifferenceRecord } from '@scalpstorm/contracts';
import type { AccountId } from '@scalpstorm/model';
import type { Paged } from './external-orders.js';

/** Every difference that was ever found, as long as history is kept. */
export abstract class DifferenceLog {
  /** Newest first. */
  abstract list(accountIds: readonly AccountId[], page: Paged): Promise<readonly DifferenceRecord[]>;
}
