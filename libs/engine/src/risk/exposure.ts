import type { InstrumentId, Quantity, UserId, VenueId } from '@scalpstorm/model';
import type { InstrumentTotals } from './instrument-totals.js';
import { valueUp } from './judgement.js';
import type { RiskContext, RiskLimits } from './policy.js';
import type { Standing } from './standing.js';
import { worstOfUser } from './user-worst.js';

type Prices = RiskContext['marks'];
type WorstOf = (totals: InstrumentTotals) => bigint;

interface Summed {
  readonly amount: bigint;
  readonly missing: InstrumentId | null;
}

/** Σ over bots and instruments of position + open + in doubt + reserved, at the given prices. */
export function exposureOf(standing: Standing, limits: Pick<RiskLimits, 'currency'>, marks: Prices): Summed {
  return sumWithout(standing, limits, marks, { worstOf: (totals) => totals.worst, without: null });
}

/** The same for one venue. */
export function venueExposureOf(
  standing: Standing,
  limits: Pick<RiskLimits, 'currency'>,
  marks: Prices,
  venue: VenueId,
): Summed {
  const worstOf: WorstOf = (totals) => (totals.venue === venue ? totals.worst : 0n);
  return sumWithout(standing, limits, marks, { worstOf, without: null });
}

/** The same for one user. What is nobody's counts where the user trades. */
export function userExposureOf(
  standing: Standing,
  limits: Pick<RiskLimits, 'currency'>,
  marks: Prices,
  userId: UserId,
): Summed {
  const trades = standing.users.has(userId);
  const worstOf: WorstOf = ({ instrumentId }) => (trades ? worstOfUser(standing.users, userId, instrumentId) : 0n);
  return sumWithout(standing, limits, marks, { worstOf, without: null });
}

/**
 * `without`: an instrument that the caller adds by himself. `missing`: the first that has no price, which is left out. Less without a
 * price than the venue takes in one order is no exposure: nobody can sell it, so nobody could make it count again.
 */
export function sumWithout(
  standing: Standing,
  limits: Pick<RiskLimits, 'currency'>,
  marks: Prices,
  { worstOf, without }: { readonly worstOf: WorstOf; readonly without: InstrumentId | null },
): Summed {
  let amount = 0n;
  let missing: InstrumentId | null = null;
  for (const totals of standing.instruments.values()) {
    if (totals.instrumentId === without) continue;
    const worst = worstOf(totals);
    if (worst === 0n) continue;
    const mark = totals.quote === limits.currency ? marks.get(totals.instrumentId) : undefined;
    if (mark !== undefined) amount += valueUp(worst as Quantity, mark);
    else if (worst >= totals.quantityMin) missing ??= totals.instrumentId;
  }
  return { amount, missing };
}
