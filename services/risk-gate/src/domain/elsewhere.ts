import { type RiskContext, type RiskLimits, type Standing, userExposureOf, venueExposureOf } from '@scalpstorm/engine';
import { type AccountId, type Instrument, type Mode, Money, type OrderRequest, UserId } from '@scalpstorm/model';

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
): RiskContext['elsewhere'] {
  const mode = modes.get(accountId) ?? said;
  const counts = (id: AccountId): boolean => id !== accountId && (modes.get(id) ?? mode) === mode;
  const others = [...standings].filter(([id]) => counts(id)).map(([, standing]) => standing);
  const sum = (of: (standing: Standing) => Money | null): Money | null =>
    others.reduce<Money | null>((total, standing) => {
      const more = of(standing);
      return total === null || more === null ? null : Money.plus(total, more);
    }, Money.zero(limits.currency));
  return {
    user: sum((standing) => userExposureOf(standing, limits, marks, userId)),
    venue: instrument === null ? null : sum((standing) => venueExposureOf(standing, limits, marks, instrument.venue)),
  };
}
