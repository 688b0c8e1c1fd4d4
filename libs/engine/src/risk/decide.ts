import { assert } from '@scalpstorm/kernel';
import { type OrderRequest, Price } from '@scalpstorm/model';
import { worstPrice } from '../orders/trigger.js';
import { checks } from './checks.js';
import { higher, type Judgement, referencePrice } from './judgement.js';
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
    return { kind: 'denied', denial: { ...found, field: refusal.field } };
  }
  return { kind: 'approved' };
}

function assertUsable(limits: RiskLimits): void {
  const { orderNotionalMax, botPositionMax, accountExposureMax, userExposureMax, venueExposureMax } = limits;
  for (const money of [orderNotionalMax, botPositionMax, accountExposureMax, userExposureMax, venueExposureMax]) {
    assert(money.currency === limits.currency, `a limit in ${money.currency} among limits in ${limits.currency}`);
  }
  const most = Math.max(limits.ordersPerBotMax, limits.ordersPerAccountMax);
  assert(most <= approvalsKept, `an order rate above ${approvalsKept} cannot be watched`);
}
