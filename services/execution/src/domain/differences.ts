import type { Difference } from '@scalpstorm/contracts';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';

/** The user stream may be this late without anything being lost. */
const streamPatience: Micros = 2 * second;

/** One comparison of an account with its venue. */
export interface Comparison {
  readonly accountId: AccountId;
  /** Venue time at which it began. */
  readonly began: Timestamp;
  /** What the stream had no chance to tell: we were away. */
  readonly afterGap: boolean;
}

/** What happened just now and was not heard yet is no difference: the stream is telling it at this moment. */
export function isNews(comparison: Comparison, happenedAt: Timestamp): boolean {
  return comparison.afterGap || happenedAt <= Timestamp.plus(comparison.began, -streamPatience);
}

type Words = Omit<Difference, 'kind' | 'accountId' | 'repaired'>;

export const repaired = (kind: Difference['kind'], accountId: AccountId, words: Words): Difference => ({
  kind,
  accountId,
  ...words,
  repaired: true,
});

export const unrepaired = (kind: Difference['kind'], accountId: AccountId, words: Words): Difference => ({
  kind,
  accountId,
  ...words,
  repaired: false,
});
