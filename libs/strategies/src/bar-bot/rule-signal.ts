import type { CycleExit } from '@scalpstorm/model';
import type { Leaving, Signal } from '../scalping-cycle/parameters.js';
import { markOf } from '../scalping-cycle/pricing.js';
import type { StrategyContext } from '../sdk/strategy.js';
import { numberOf } from './live-desk.js';
import type { RuleState } from './state.js';

/** What the rule has wished for, as the cycle asks: it enters on a wish of this cycle that is new, and leaves on a wish or at a price. */
export const signalOf = ({ wish, stop, takeProfit }: RuleState, isWithheld: boolean): Signal => ({
  mayEnter: ({ now }, cycle) => !isWithheld && wish?.kind === 'enter' && wish.cycle === cycle && now <= wish.until,
  leaves: (context) => (wish?.kind === 'exit' ? wantsOut(wish.tag) : leavesAt(context, stop, takeProfit)),
});

const wantsOut = (tag: string): Leaving => ({
  kind: 'signal',
  reason: { code: 'RULE_EXIT', text: `The rule wants out${tag && ` (${tag})`}; closing at the market.` },
});

/** By what the market would pay now; without a price nothing is decided. */
function leavesAt(context: StrategyContext, stop: number | null, takeProfit: number | null): Leaving | null {
  if (stop === null && takeProfit === null) return null;
  const mark = markOf(context, 'sell');
  if (mark === null) return null;
  const price = numberOf(mark);
  if (stop !== null && price <= stop) return reached('stop-loss', price, stop);
  return takeProfit !== null && price >= takeProfit ? reached('take-profit', price, takeProfit) : null;
}

const words = {
  'stop-loss': ['RULE_STOP', 'stop'],
  'take-profit': ['RULE_TAKE_PROFIT', 'take-profit'],
} as const satisfies Partial<Record<CycleExit, readonly string[]>>;

function reached(kind: keyof typeof words, price: number, level: number): Leaving {
  const [code, word] = words[kind];
  const text = `The price ${price} reached the rule’s ${word} at ${Number(level.toPrecision(12))}; closing at the market.`;
  return { kind, reason: { code, text } };
}
