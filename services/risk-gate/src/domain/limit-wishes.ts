import type { Refusal } from '@scalpstorm/contracts';
import {
  type LimitName,
  type LimitsInForce,
  limitNames,
  type RiskLimits,
  type TightLimits,
  tightenable,
  unitsOf,
} from '@scalpstorm/engine';
import { RiskScope, type ScopeKind } from '@scalpstorm/model';
import { limitNamed, limitOf, settingNames, textOf } from './limit-texts.js';

/** What somebody wants of a limit; null: that nothing is set. */
export interface LimitWish {
  /** Of the setting. */
  readonly name: string;
  readonly value: string | null;
}

export type Wished =
  | { readonly ok: true; readonly limits: TightLimits }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * What holds for the scope after it, or everything that is wrong. `wider`: what is in force around the scope, which nothing may exceed.
 */
export function wished(
  before: TightLimits,
  wishes: readonly LimitWish[],
  around: { readonly scope: RiskScope; readonly wider: LimitsInForce },
): Wished {
  const refusals: Refusal[] = [];
  let limits: TightLimits = before;
  for (const wish of wishes) {
    const judged = judge(wish, around);
    if ('code' in judged) refusals.push(judged);
    else limits = { ...limits, [judged.name]: judged.limit };
  }
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, limits };
}

type Around = Parameters<typeof wished>[2];

function judge(
  { name: setting, value }: LimitWish,
  { scope, wider }: Around,
): Refusal | { readonly name: LimitName; readonly limit: RiskLimits[LimitName] | undefined } {
  const field = `/limits/${setting}`;
  const name = limitNamed(setting);
  if (name === null) {
    const allowed = limitNames.map((one) => settingNames[one]).join(', ');
    const text = `${setting} is no limit that can be set.`;
    return { code: 'LIMIT_UNKNOWN', field, text, allowed, next: 'See the names of GET /v1/risk/limits.' };
  }
  const kinds: readonly ScopeKind[] = tightenable[name];
  if (!kinds.includes(scope.kind)) {
    const text = `${setting} is not set for a ${scope.kind}.`;
    const next = `Set it for one of: ${kinds.join(', ')}.`;
    return { code: 'LIMIT_NOT_OF_SCOPE', field, text, allowed: kinds.join(', '), next };
  }
  if (value === null) return { name, limit: undefined };
  const most = wider.limits[name];
  const limit = limitOf(name, value, wider.limits);
  const source = wider.sources.get(name);
  const whose = source === undefined ? 'the platform’s setting' : `what is set for ${RiskScope.format(source)}`;
  const allowed = `0 to ${textOf(name, most)}`;
  if (limit === null) {
    const text = `${setting} cannot be "${value.slice(0, 40)}".`;
    return {
      code: 'LIMIT_UNREADABLE',
      field,
      text,
      allowed,
      next: 'Send a number as GET /v1/risk/limits shows it, as text.',
    };
  }
  if (unitsOf(limit) <= unitsOf(most)) return { name, limit };
  const text = `${setting} is at most ${textOf(name, most)} there: ${whose}. A narrower scope only tightens.`;
  return { code: 'LIMIT_ABOVE_BOUND', field, text, allowed, next: 'Send less, or have the wider limit raised first.' };
}
