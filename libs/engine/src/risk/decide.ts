import { assert } from '@scalpstorm/kernel';
import { type OrderRequest, Price } from '@scalpstorm/model';
import { worstPrice } from '../orders/trigger.js';
import type { Refusal } from './check.js';
import { checks } from './checks.js';
import { higher, type Judgement, referencePrice, whose } from './judgement.js';
import { tightenable } from './limit-layers.js';
import type { RiskContext, RiskLimits, Verdict } from './policy.js';
import { approvalsKept, type Standing } from './standing.js';

/**
 * The gate's verdict: the first check that fails denies. Pure; the caller reserves an approved order before it says so.
 * An opening order is denied when something needed is not known. A closing order meets no limit.
 */
export function decide(request: OrderRequest, standing: Standing, limits: RiskLimits, context: RiskContext): Verdict {
  assertUsable(limits);
  const reference = referencePrice({ context });
  const own = worstPrice(request, reference, limits.priceCollarBps) ?? Price.zero;
  const worthEach = higher(own, reference ?? Price.zero);
  const judgement: Judgement = { request, standing, limits, context, worthEach };
  for (const check of checks) {
    if (request.purpose === 'close' && !check.closing) continue;
    const found = check.judge(judgement);
    if (found === null) continue;
    const refusal = check.refusals.find(({ code }) => code === found.code);
    assert(refusal !== undefined, `the check "${check.name}" does not say that it answers ${found.code}`);
    const { broken, ...denied } = found;
    const text = denied.text + sourceText(broken ?? refusal.limit, judgement);
    return { kind: 'denied', denial: { ...denied, text, field: refusal.field } };
  }
  return { kind: 'approved' };
}

/** Whom to ask about a limit. Of one that nobody may tighten there is nothing to say. */
function sourceText(limit: Refusal['limit'], { context }: Judgement): string {
  if (typeof limit !== 'string' || !(limit in tightenable)) return '';
  const source = context.limitSources?.get(limit);
  return source === undefined ? ' It is the platform’s setting.' : ` It was set for ${whose(source)}.`;
}

function assertUsable(limits: RiskLimits): void {
  const { orderNotionalMax, botPositionMax, accountExposureMax, userExposureMax, venueExposureMax } = limits;
  for (const money of [orderNotionalMax, botPositionMax, accountExposureMax, userExposureMax, venueExposureMax]) {
    assert(money.currency === limits.currency, `a limit in ${money.currency} among limits in ${limits.currency}`);
  }
  const most = Math.max(limits.ordersPerBotMax, limits.ordersPerAccountMax);
  assert(most <= approvalsKept, `an order rate above ${approvalsKept} cannot be watched`);
}
