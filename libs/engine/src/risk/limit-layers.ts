import type { Money, RiskScope, ScopeKind } from '@scalpstorm/model';
import type { RiskLimits } from './policy.js';

const everywhere: readonly ScopeKind[] = ['platform', 'venue', 'user', 'account', 'bot'];
const ofAccounts: readonly ScopeKind[] = ['platform', 'venue', 'account'];

/** Every limit that may be tightened, and for whom. What bounds a circle is not a matter of anything inside of it. */
export const tightenable = {
  orderNotionalMax: everywhere,
  botPositionMax: everywhere,
  accountExposureMax: ofAccounts,
  userExposureMax: ['platform', 'user'],
  venueExposureMax: ['platform', 'venue'],
  openOrdersPerBotMax: everywhere,
  openOrdersPerAccountMax: ofAccounts,
  identicalOrdersMax: everywhere,
  ordersPerBotMax: everywhere,
  ordersPerAccountMax: ofAccounts,
  priceCollarBps: everywhere,
  marketDataAgeMax: everywhere,
  balanceAgeMax: ofAccounts,
} as const satisfies Partial<Record<keyof RiskLimits, readonly ScopeKind[]>>;

export type LimitName = keyof typeof tightenable;
export const limitNames = Object.keys(tightenable) as readonly LimitName[];

/** What somebody has set; every one of them is a maximum, so that less is tighter. */
export type TightLimits = { readonly [Name in LimitName]?: RiskLimits[Name] };

export interface LimitLayer {
  readonly scope: RiskScope;
  readonly limits: TightLimits;
}

/** Who set a limit that is tighter than the setting. */
export type LimitSources = ReadonlyMap<keyof RiskLimits, RiskScope>;

export interface LimitsInForce {
  readonly limits: RiskLimits;
  readonly sources: LimitSources;
}

/**
 * The tightest of the settings and of every layer; of equal ones the widest is the source. A layer never loosens what is wider, also when
 * the wider one was tightened later.
 */
export function limitsInForce(settings: RiskLimits, layers: readonly LimitLayer[]): LimitsInForce {
  const sources = new Map<keyof RiskLimits, RiskScope>();
  let limits = settings;
  for (const { scope, limits: tight } of layers) {
    for (const name of limitNames) {
      const wanted = tight[name];
      if (wanted === undefined || unitsOf(wanted) >= unitsOf(limits[name])) continue;
      limits = { ...limits, [name]: wanted };
      sources.set(name, scope);
    }
  }
  return { limits, sources };
}

/** For comparing one with another of the same name. */
export const unitsOf = (limit: Money | number): bigint => (typeof limit === 'number' ? BigInt(limit) : limit.amount);
