import { formatDecimal, type OrderRequest, Price, type Quantity, type RiskScope } from '@scalpstorm/model';
import { triggerLevel } from '../orders/trigger.js';
import type { RiskContext, RiskDenial, RiskLimits } from './policy.js';
import type { Standing } from './standing.js';

/** An order before the checks. */
export interface Judgement {
  readonly request: OrderRequest;
  readonly standing: Standing;
  readonly limits: RiskLimits;
  readonly context: RiskContext;
  /** What one unit of base counts for: the reference price, or the worst that the order may come to where that is higher. */
  readonly worthEach: Price;
}

/** The middle of the book, else the last trade, else nothing. */
export function referencePrice({ context }: Pick<Judgement, 'context'>): Price | null {
  const { market } = context;
  if (market === null) return null;
  if (market.bid !== null && market.ask !== null) return Price.fromUnits((market.bid + market.ask) / 2n);
  return market.last;
}

/** What the market is when the order comes to it: where its trigger is, else as it is now. */
export function marketThen(judgement: Pick<Judgement, 'context' | 'request'>): Price | null {
  const now = referencePrice(judgement);
  return triggerLevel(judgement.request, now) ?? now;
}

/** Quantity × price in units of 10^-18, rounded up: a limit errs on the safe side. */
export function valueUp(quantity: Quantity, price: Price): bigint {
  const unit = 10n ** 6n;
  return (quantity * price + unit - 1n) / unit;
}

export const moneyText = (amount: bigint, limits: RiskLimits): string =>
  `${formatDecimal(amount, 18)} ${limits.currency}`;

/** What a check found; the field is added by the table of checks. */
export type Finding = Omit<RiskDenial, 'field'> & {
  /** The limit that was broken, where the check has more than one. */
  readonly broken?: keyof RiskLimits;
};

export const whose = ({ kind, id }: RiskScope): string =>
  kind === 'platform' ? 'the whole platform' : `the ${kind} ${id}`;

/** `numbers`: the limit and the value that broke it, as texts. */
export function denial(code: string, text: string, numbers: readonly [string, string], next: string): Finding {
  const [limit, value] = numbers;
  return { code, text, limit, value, next };
}

export function higher(left: Price, right: Price): Price {
  if (left > right) return left;
  return right;
}
