import type { Difference } from '@scalpstorm/contracts';
import type { AccountId, Fill } from '@scalpstorm/model';
import { unrepaired } from './differences.js';
import { contentOf } from './fill-content.js';
import type { Refused } from './fold.js';

/** A fill that the venue tells and the books can not take. */
export interface RefusedFill {
  readonly fill: Fill;
  readonly fault: Refused['fault']['kind'];
  /** What is booked instead, for people. */
  readonly booked: string;
}

export function refusedFills(refused: readonly Refused[]): readonly RefusedFill[] {
  return refused.flatMap(({ event, fault }) => {
    if (event.kind !== 'filled') return [];
    return [
      { fill: event.fill, fault: fault.kind, booked: fault.kind === 'fill-conflict' ? fault.booked : 'not booked' },
    ];
  });
}

/** A fill that stays unbooked is a difference in every comparison, until it is booked or closed. */
export function refusedDifference(accountId: AccountId, { fill, fault, booked }: RefusedFill): Difference {
  const why =
    fault === 'fill-conflict'
      ? 'the trade is booked with other content'
      : `the order can not have this fill (${fault.replaceAll('-', ' ')})`;
  return unrepaired('fill', accountId, {
    subject: `${fill.instrumentId} trade ${fill.tradeId}`,
    ours: booked,
    theirs: contentOf(fill),
    decision:
      `${refusalCode(fault)}: ${why}; it is not booked, and the account opens nothing. Compare the trade with the venue's own ` +
      'list; close the row in refused_fills when it is explained.',
  });
}

export const refusalCode = (fault: RefusedFill['fault']): string =>
  fault === 'fill-conflict' ? 'FILL_CONFLICT' : 'FILL_NOT_BOOKED';
