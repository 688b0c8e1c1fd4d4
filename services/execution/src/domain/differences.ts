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

/** So many are told in one message; all of them are in the table. A message has a greatest size, and people a patience. */
export const differencesToldMax = 200;

/** Those that stay open first, and a last one that counts the rest. */
export function toldDifferences(accountId: AccountId, all: readonly Difference[]): readonly Difference[] {
  if (all.length <= differencesToldMax) return all;
  const open = all.filter((difference) => !difference.repaired);
  const sorted = [...open, ...all.filter((difference) => difference.repaired)];
  const told = sorted.slice(0, differencesToldMax);
  const more = all.length - told.length;
  const openMore = Math.max(0, open.length - told.length);
  const rest: Difference = {
    kind: sorted[told.length]?.kind ?? 'fill',
    accountId,
    subject: `${more} more differences`,
    ours: '',
    theirs: '',
    decision: `TOO_MANY_TO_TELL: ${openMore} of them stay open; all are in the table differences of execution`,
    repaired: openMore === 0,
  };
  return [...told, rest];
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
