import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type Candle, ClientOrderId, isFinal, Quantity, type Timeframe, timeframeLength } from '@scalpstorm/model';
import { runWithin } from '../bars/bar-strategy.js';
import { noAmount } from '../scalping-cycle/amounts.js';
import { entryPrice, held } from '../scalping-cycle/books.js';
import { Draft } from '../scalping-cycle/draft.js';
import { openQuantity } from '../scalping-cycle/exiting.js';
import { withPatience } from '../scalping-cycle/patience.js';
import type { ScalpingState } from '../scalping-cycle/state.js';
import type { StrategyContext } from '../sdk/strategy.js';
import type { BarBotParameters } from './check-parameters.js';
import { barAt, LiveDesk, numberOf, type Standing } from './live-desk.js';
import { ruleFault } from './rule-fault.js';
import { type BarBotState, newRule, type RuleState } from './state.js';
import { storableSnapshot } from './storable.js';

/** A bot that has stopped hears nothing, and warms up anew when it is started. */
const hearingModes: ReadonlySet<ScalpingState['mode']> = new Set(['running', 'pausing', 'paused']);

/**
 * Lets the rule hear every bar that it has not heard, once and in order. Where the series does not go on from the newest one that it
 * knows, it warms up anew from all of it. Of bars that come late an exit and a stop still count, an entry only of the newest one, and
 * only while that is new. What its code does wrong is its fault, and it hears no more; what protects a position goes on. The very same
 * state when there is nothing new.
 */
export function hearBars(state: BarBotState, context: StrategyContext, parameters: BarBotParameters): BarBotState {
  const series = context.bars ?? [];
  const newest = series.at(-1);
  const hears = state.rule.fault === undefined && parameters.withheld?.hears !== false;
  if (newest === undefined || !hears || !hearingModes.has(state.cycle.mode)) return state;
  const rule = ofThese(state.rule, parameters);
  if (rule.last !== null && newest.openedAt <= rule.last) return state;
  const following = rule.last === null ? -1 : rule.last + timeframeLength[parameters.timeframe];
  const from = series.findIndex(({ openedAt }) => openedAt === following);
  // One that warms up begins anew, too, when there is more history than it has heard.
  const isAnew = from < 0 || (rule.heard <= parameters.rule.warmUp && from > rule.heard);
  const begun = isAnew ? { ...rule, decider: null, heard: 0 } : rule;
  const heard = heardOrFault({ ...state, rule: begun }, isAnew ? 0 : from, context, parameters);
  return { cycle: heard.wish?.kind === 'enter' ? withPatience(state.cycle) : state.cycle, rule: heard };
}

/** With other parameters it is another rule; what protects a position goes on, and so does what its code did wrong. */
export function ofThese(rule: RuleState, { mark }: BarBotParameters): RuleState {
  if (rule.mark === mark) return rule;
  const { stop, takeProfit, lacks, fault } = rule;
  return { ...newRule(mark), stop, takeProfit, lacks, ...(fault !== undefined && { fault }) };
}

function heardOrFault(
  state: BarBotState,
  from: number,
  context: StrategyContext,
  parameters: BarBotParameters,
): RuleState {
  try {
    return runWithin(parameters.rule, () => listen(state, from, context, parameters));
  } catch (error) {
    const { rule } = state;
    const wish = rule.wish?.kind === 'exit' ? rule.wish : null;
    return { ...rule, decider: null, heard: 0, wish, fault: ruleFault(error) };
  }
}

function listen(
  { rule, cycle }: BarBotState,
  from: number,
  context: StrategyContext,
  parameters: BarBotParameters,
): RuleState {
  const series = context.bars ?? [];
  const { warmUp } = parameters.rule;
  const goesOn = rule.decider !== null;
  const decider = parameters.rule.decider();
  if (rule.decider !== null) decider.restore(rule.decider);
  const desk = new LiveDesk(standingOf(cycle, context, parameters), rule);
  let { heard } = rule;
  for (let place = from; place < series.length; place += 1) {
    const isNewest = place === series.length - 1;
    desk.turn();
    desk.open = heard >= warmUp && (isNewest || goesOn);
    desk.entry = isNewest ? entryAt(series[place] as Candle, cycle, context.now, parameters.timeframe) : null;
    decider.onClose(barAt(series, place, heard), desk);
    heard += 1;
  }
  const { wish, stop, takeProfit } = desk;
  const last = series.at(-1)?.openedAt ?? rule.last;
  return { ...rule, decider: storableSnapshot(decider.snapshot()), heard, last, wish, stop, takeProfit };
}

function standingOf(cycle: ScalpingState, context: StrategyContext, parameters: BarBotParameters): Standing {
  const draft = new Draft(cycle, context, parameters);
  const { live } = draft;
  const entry = entryPrice(cycle.books);
  const isHeld = cycle.books.poolBase !== noAmount && openQuantity(draft) > 0n;
  return {
    held: isHeld ? Number(Quantity.format(held(cycle.books))) : 0,
    entryPrice: isHeld && entry !== null ? numberOf(entry) : Number.NaN,
    isEntering: live?.leg === 'entry' && !isFinal(live.status),
  };
}

/** How long after its close a bar may still lead to an entry: what comes later is another market. */
const lateMin: Micros = 5 * second;
const lateMax: Micros = 900 * second;
const lateShare = 4;

export const lateness = (timeframe: Timeframe): Micros =>
  Math.min(Math.max(timeframeLength[timeframe] / lateShare, lateMin), lateMax);

/** What a wish to enter at this bar is; null: it comes too late, or this bar has led to an entry before, in a life that is forgotten. */
function entryAt({ openedAt }: Candle, { cycle, orders }: ScalpingState, now: Timestamp, timeframe: Timeframe) {
  const length = timeframeLength[timeframe];
  const until = Timestamp.plus(openedAt, length + lateness(timeframe));
  // An entry of the bar before was asked for right after that one had closed.
  const spent = orders.some(
    ({ id, leg, filled, placedAt }) =>
      leg === 'entry' &&
      filled !== noAmount &&
      placedAt >= openedAt + length / 2 &&
      (ClientOrderId.slotOf(id)?.cycle ?? cycle) < cycle,
  );
  return spent || now > until ? null : { kind: 'enter' as const, cycle, until, tag: '' };
}
