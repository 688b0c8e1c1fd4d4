import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type Reason, timeframeLength } from '@scalpstorm/model';
import type { Effect, StrategyContext } from '../sdk/strategy.js';
import type { BarBotParameters } from './check-parameters.js';
import { lateness } from './hear-bars.js';
import type { BarBotState } from './state.js';

/** What is there in a moment need not be told. */
const patience: Micros = 5 * second;

interface Told {
  readonly state: BarBotState;
  readonly effects: readonly Effect[];
}

/** Says that it stands still, for want of bars or because it may not open, once that lasts, and that it goes on. */
export function tellLacking(state: BarBotState, context: StrategyContext, parameters: BarBotParameters): Told {
  const { lacks, fault } = state.rule;
  // It has ended in error, and that was told.
  if (fault !== undefined) return { state, effects: [] };
  const lack = lackOf(state, context, parameters);
  if (lack === null) return lacks === null ? { state, effects: [] } : goesOn(state, parameters);
  const since = lacks?.since ?? context.now;
  if (parameters.withheld === null && context.now < since + patience) {
    return { state: lacks === null ? withLacks(state, { since, told: false }) : state, effects: [] };
  }
  const reason = { code: lack.code, text: lack.text };
  // Said again and again, because a halt may have hidden it; only a change is told to others.
  const reached: Effect = { kind: 'reached', milestone: 'waits', reason };
  if (lacks?.told) return { state, effects: [reached] };
  const log: Effect = { kind: 'log', level: lack.level, ...reason, data: { timeframe: parameters.timeframe } };
  return { state: withLacks(state, { since, told: true }), effects: [log, reached] };
}

function goesOn(state: BarBotState, { timeframe }: BarBotParameters): Told {
  const reason = { code: 'BARS_HEARD', text: `Decides at the close of ${timeframe} bars.` };
  const wasTold = state.rule.lacks?.told === true;
  // The cycle itself may wait for something else, and says when that is over.
  const tells = wasTold && !state.cycle.waits?.told;
  return {
    state: withLacks(state, null),
    effects: tells ? [{ kind: 'reached', milestone: 'goes-on', reason }] : [],
  };
}

const withLacks = (state: BarBotState, lacks: BarBotState['rule']['lacks']): BarBotState => ({
  ...state,
  rule: { ...state.rule, lacks },
});

interface Lack extends Reason {
  readonly level: 'INFO' | 'WARNING';
}

function lackOf(
  { rule }: BarBotState,
  { now, instrument }: StrategyContext,
  parameters: BarBotParameters,
): Lack | null {
  const { timeframe, withheld } = parameters;
  if (withheld !== null) return { level: 'WARNING', ...withheld };
  const code = 'WAITS_FOR_BARS';
  const wanted = parameters.rule.warmUp + 1;
  const end = 'Nothing is opened until then; what is held is closed by its stops.';
  if (rule.last === null || rule.heard < wanted) {
    const text = `Warms up on ${wanted} closed ${timeframe} bars of ${instrument.symbol}. ${end}`;
    return { level: 'INFO', code, text };
  }
  const length = timeframeLength[timeframe];
  const dueAt = rule.last + 2 * length + lateness(timeframe);
  if (now <= dueAt) return null;
  const closedAt = Timestamp.toIso(Timestamp.fromMicros(rule.last + length));
  const text =
    `Waits for ${timeframe} bars of ${instrument.symbol}: the newest closed at ${closedAt}. ${end} ` +
    'See whether market-data hears the venue.';
  return { level: 'WARNING', code, text };
}
