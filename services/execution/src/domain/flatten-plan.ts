import { type Plan, rulesOf, startPlan } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import { type Account, type Instrument, PlanId, Quantity, type UserId } from '@scalpstorm/model';
import { letters } from './external-id.js';

/** What a halt of level flatten closes for one user, and how it stands. */
export interface Flattening {
  readonly account: Pick<Account, 'id' | 'mode'>;
  readonly userId: UserId;
  readonly instrument: Instrument;
  /** What may be closed, not rounded. */
  readonly quantity: Quantity;
  /** How many fills the position has: a close changes it, so one state of it is closed by one plan. */
  readonly fills: number;
  /** Counts those of the same state that came to nothing. */
  readonly round: number;
}

const idDigits = 12;

/** The same for whoever asks again, also after a restart: so are the ids of its orders. */
export function flattenPlan({ account, userId, instrument, quantity, fills, round }: Flattening, now: Timestamp): Plan {
  const what = `${account.id} ${userId} ${instrument.id} ${fills} ${round}`;
  return startPlan(
    {
      id: PlanId.of(`plan_${letters(what, idDigits)}`),
      ...{ userId, accountId: account.id, mode: account.mode, hidden: false, instrument },
      terms: {
        kind: 'flatten',
        side: 'sell',
        purpose: 'close',
        quantity: Quantity.floorTo(quantity, rulesOf(instrument).stepSize),
      },
    },
    now,
  );
}
