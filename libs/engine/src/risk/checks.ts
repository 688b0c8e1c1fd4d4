import { accountChecks } from './account-checks.js';
import type { Check } from './check.js';
import { limitChecks } from './limit-checks.js';
import { marketChecks } from './market-checks.js';
import { orderChecks } from './order-checks.js';
import { readinessChecks, requestChecks } from './readiness-checks.js';
import { termsChecks, triggerChecks } from './terms-checks.js';
import { tradingChecks } from './trading-checks.js';

/**
 * In this order. First what stops everything, then what is wrong with the order itself, then whether account and
 * venue are in order, then what is wrong with the market, then the limits from the smallest circle to the largest, last what the account can bear. A closing order meets
 * no limit. `docs/risk-checks.md` shows them with what to do about each.
 */
export const checks: readonly Check[] = [
  ...requestChecks,
  ...tradingChecks,
  ...termsChecks,
  ...orderChecks,
  ...readinessChecks,
  ...marketChecks,
  ...triggerChecks,
  ...limitChecks,
  ...accountChecks,
];
