import { second, Timestamp } from '@scalpstorm/kernel';
import { Price, Quantity } from '@scalpstorm/model';
import { isTradable } from '../scalping-cycle/books.js';
import type { CyclePlan, Holding, PlannedEntry, Resting } from '../scalping-cycle/plan.js';
import { moved } from '../scalping-cycle/pricing.js';
import type { StrategyContext } from '../sdk/strategy.js';
import { levelOf, type Step } from './steps.js';

export interface DcaRule {
  readonly steps: readonly Step[];
  readonly startPrice: Price | null;
  /** In 10^-4 percent. */
  readonly takeProfit: bigint;
}

/** What is bought at once pays at most so much more than the ask: 10^-4. */
const slippage = 10n;
/** A base order that the market ran away from is priced anew. */
const baseRestsFor = 10 * second;

/**
 * Which step is due is told by how much the cycle has bought, and by nothing else: the first one of which something is missing that can
 * be traded. So a step that was filled in part is made whole before the next, and none is ever bought twice.
 */
export function planOf(rule: DcaRule): CyclePlan {
  return {
    follows: true,
    entry: (holding, context) => {
      if (context.quote === null && rule.startPrice === null) return { kind: 'waits', lacking: ['quote'] };
      return dueOf(rule, holding, context);
    },
    adds: (holding, context) => (context.quote === null ? null : dueOf(rule, holding, context)),
    replaces: (order, holding, context) => order.leg === 'entry' && isLeftBehind(rule, order, holding, context),
  };
}

function dueOf(rule: DcaRule, holding: Holding, context: StrategyContext): PlannedEntry | null {
  const { instrument, quote } = context;
  const isFirst = hasNotBegun(holding);
  for (const [index, step] of rule.steps.entries()) {
    const missing = Quantity.fromUnits(step.upTo - holding.entered);
    if (missing <= 0n) continue;
    const price = isFirst && index === 0 ? basePrice(rule, context) : levelBelow(step, holding, context);
    if (price === null) return null;
    const quantity = Quantity.floorTo(missing, instrument.stepSize);
    if (!isTradable(quantity, instrument, price)) continue;
    return isFirst || (quote !== null && quote.askPrice <= price) ? { kind: 'entry', price, quantity } : null;
  }
  return null;
}

/** What earlier cycles have left, too little to be sold, is no beginning of this one. */
const hasNotBegun = ({ entered }: Holding): boolean => entered === 0n;

function basePrice({ startPrice }: DcaRule, { quote, instrument }: StrategyContext): Price | null {
  if (startPrice !== null || quote === null) return startPrice;
  const { askPrice } = quote;
  return Price.ceilTo(Price.fromUnits(askPrice + (askPrice * slippage) / 10_000n), instrument.tickSize);
}

/** Only on top of what the cycle has bought; what is missing of the base order is bought for no more than the first part of it. */
const levelBelow = (step: Step, holding: Holding, { instrument }: StrategyContext): Price | null => {
  const { first, average } = holding;
  const from = average === null || hasNotBegun(holding) ? null : (first ?? average);
  return from === null ? null : levelOf(step, from, instrument.tickSize);
};

/**
 * The price has gone without it. A base order is priced anew; a safety order gives way to the exit when the ask has come half of the way
 * from its level to the take-profit.
 */
function isLeftBehind(
  { startPrice, takeProfit }: DcaRule,
  order: Resting,
  holding: Holding,
  { quote, now }: StrategyContext,
): boolean {
  const { average } = holding;
  if (quote === null) return false;
  if (average === null || hasNotBegun(holding)) {
    const isOld = now >= Timestamp.plus(order.placedAt, baseRestsFor);
    return startPrice === null && isOld && quote.askPrice > order.price;
  }
  const target = moved(average, takeProfit, true, 'sell');
  return quote.askPrice * 2n >= order.price + target;
}
