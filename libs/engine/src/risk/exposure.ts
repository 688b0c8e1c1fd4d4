import type { InstrumentId, Money, Quantity, UserId, VenueId } from '@scalpstorm/model';
import type { InstrumentTotals } from './instrument-totals.js';
import { valueUp } from './judgement.js';
import type { RiskContext, RiskLimits } from './policy.js';
import type { Standing } from './standing.js';
import { worstOfUser } from './user-worst.js';

type Prices = RiskContext['marks'];
type WorstOf = (totals: InstrumentTotals) => bigint;

/** Σ over bots and instruments of position + open + in doubt + reserved, at the given prices; null when a price is missing. */
export function exposureOf(standing: Standing, limits: Pick<RiskLimits, 'currency'>, marks: Prices): Money | null {
  return sumOf(standing, limits, marks, (totals) => totals.worst);
}

/** The same for one venue. */
export function venueExposureOf(
  standing: Standing,
  limits: Pick<RiskLimits, 'currency'>,
  marks: Prices,
  venue: VenueId,
): Money | null {
  return sumOf(standing, limits, marks, (totals) => (totals.venue === venue ? totals.worst : 0n));
}

/** The same for one user. What is nobody's counts where the user trades. */
export function userExposureOf(
  standing: Standing,
  limits: Pick<RiskLimits, 'currency'>,
  marks: Prices,
  userId: UserId,
): Money | null {
  const trades = standing.users.has(userId);
  return sumOf(standing, limits, marks, ({ instrumentId }) =>
    trades ? worstOfUser(standing.users, userId, instrumentId) : 0n,
  );
}

function sumOf(
  standing: Standing,
  limits: Pick<RiskLimits, 'currency'>,
  marks: Prices,
  worstOf: WorstOf,
): Money | null {
  const found = sumWithout(standing, limits, marks, { worstOf, without: null });
  return found.missing === null ? { amount: found.amount, currency: limits.currency } : null;
}

/** `without`: an instrument that the caller adds by himself. `missing`: one that has no price. */
export function sumWithout(
  standing: Standing,
  limits: Pick<RiskLimits, 'currency'>,
  marks: Prices,
  { worstOf, without }: { readonly worstOf: WorstOf; readonly without: InstrumentId | null },
): { readonly amount: bigint; readonly missing: InstrumentId | null } {
  let amount = 0n;
  for (const totals of standing.instruments.values()) {
    if (totals.instrumentId === without) continue;
    const worst = worstOf(totals);
    if (worst === 0n) continue;
    const mark = totals.quote === limits.currency ? marks.get(totals.instrumentId) : undefined;
    if (mark === undefined) return { amount, missing: totals.instrumentId };
    amount += valueUp(worst as Quantity, mark);
  }
  return { amount, missing: null };
}
