import {
  exposureOf,
  type RiskContext,
  type RiskLimits,
  type Standing,
  userExposureOf,
  venueExposureOf,
} from '@scalpstorm/engine';
import { type AccountId, type Instrument, type Mode, type OrderRequest, UserId } from '@scalpstorm/model';

type Elsewhere = RiskContext['elsewhere'];
/** Where something counts that has no price. */
export type Unpriced = Exclude<ReturnType<Elsewhere['user']>, bigint>;

interface World {
  readonly standings: ReadonlyMap<AccountId, Standing>;
  /** Of every account that was heard of. */
  readonly modes: ReadonlyMap<AccountId, Mode>;
  readonly limits: RiskLimits;
  readonly marks: RiskContext['marks'];
}

/** The only user who is known to trade there; null: nobody is, or several do. */
export function soleUser({ users }: Standing): UserId | null {
  const known = [...users.keys()].filter((user) => user !== '');
  const [one] = known;
  return known.length !== 1 || one === undefined ? null : UserId.of(one);
}

/**
 * What the user, and the venue, are exposed to on other accounts. Money of different modes is never summed; an account of which the mode is not
 * known yet counts with everybody, and where it is the request's own, the mode that the request says is taken for it.
 */
export function exposedElsewhere(
  { accountId, userId, mode: said }: OrderRequest,
  instrument: Instrument | null,
  { standings, modes, limits, marks }: World,
): Elsewhere {
  const mode = modes.get(accountId) ?? said;
  const counts = (id: AccountId): boolean => id !== accountId && (modes.get(id) ?? mode) === mode;
  return {
    user() {
      let total = 0n;
      for (const [id, standing] of standings) {
        if (!counts(id)) continue;
        const { amount, missing } = userExposureOf(standing, limits, marks, userId);
        if (missing !== null) return { accountId: id, instrumentId: missing };
        total += amount;
      }
      return total;
    },
    venue() {
      let total = 0n;
      if (instrument === null) return total;
      for (const [id, standing] of standings)
        if (counts(id)) total += venueExposureOf(standing, limits, marks, instrument.venue).amount;
      return total;
    },
  };
}

/** Accounts on which something counts that has no price, the first of each. */
export function unpricedOf({ standings, limits, marks }: Omit<World, 'modes'>): readonly Unpriced[] {
  return [...standings].flatMap(([accountId, standing]) => {
    const { missing } = exposureOf(standing, limits, marks);
    return missing === null ? [] : [{ accountId, instrumentId: missing }];
  });
}
