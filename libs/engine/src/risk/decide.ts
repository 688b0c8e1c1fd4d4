import { assert } from '@scalpstorm/kernel';
import { type Money, type OrderRequest, Price } from '@scalpstorm/model';
import { checks } from './checks.js';
import { higher, type Judgement, referencePrice, valueUp } from './judgement.js';
import type { RiskContext, RiskLimits, Verdict } from './policy.js';
import { approvalsKept, type Standing } from './standing.js';

/**
 * The gate's verdict: the first check that fails denies. Pure; the caller reserves an approved order before it says so.
 * An opening order is denied when something needed is not known. A closing order meets no limit.
 */
export function decide(request: OrderRequest, standing: Standing, limits: RiskLimits, context: RiskContext): Verdict {
  assertUsable(limits);
  const reference = referencePrice({ context }) ?? Price.zero;
  const own = request.price ?? Price.zero;
  const judgement: Judgement = { request, standing, limits, context, worthEach: higher(own, reference) };
  for (const check of checks) {
    if (request.purpose === 'close' && !check.closing) continue;
    const found = check.judge(judgement);
    if (found) return { kind: 'denied', denial: found };
  }
  return { kind: 'approved' };
}

/** Σ over bots and instruments of position + open + in doubt + reserved, at the given prices; null when a price is missing. */
export function exposureOf(
  standing: Standing,
  limits: Pick<RiskLimits, 'currency'>,
  marks: RiskContext['marks'],
): Money | null {
  let amount = 0n;
  for (const totals of standing.instruments.values()) {
    if (totals.worst === 0n) continue;
    const mark = totals.quote === limits.currency ? marks.get(totals.instrumentId) : undefined;
    if (mark === undefined) return null;
    amount += valueUp(totals.worst, mark);
  }
  return { amount, currency: limits.currency };
}

function assertUsable(limits: RiskLimits): void {
  for (const money of [limits.orderNotionalMax, limits.botPositionMax, limits.accountExposureMax]) {
    assert(money.currency === limits.currency, `a limit in ${money.currency} among limits in ${limits.currency}`);
  }
  const most = Math.max(limits.ordersPerBotMax, limits.ordersPerAccountMax);
  assert(most <= approvalsKept, `an order rate above ${approvalsKept} cannot be watched`);
}
