import type { BarStrategy } from '../bars/bar-strategy.js';
import { noAmount } from '../scalping-cycle/amounts.js';
import { heedsMarket as cycleHeeds, step as cycleStep } from '../scalping-cycle/machine.js';
import { measuresOf } from '../scalping-cycle/parameters.js';
import { defineStrategy, type Strategy } from '../sdk/define.js';
import type { Effect, StrategyContext, StrategyEvent, StrategyStep } from '../sdk/strategy.js';
import { type BarBotParameters, checkParameters } from './check-parameters.js';
import { hearBars, ofThese } from './hear-bars.js';
import { tellLacking } from './lacking-bars.js';
import { tellFault } from './rule-fault.js';
import { signalOf } from './rule-signal.js';
import { barBotSchema } from './schema.js';
import { type BarBotState, initialBarBot } from './state.js';

/**
 * Runs a strategy over bars live: the very object that the backtester runs decides at the close of each bar, and the machine of the
 * scalping cycle carries it out: one order at a time, the same ids after a restart, exact books.
 *
 * - each closed bar is heard once and in order; a bar that is told again, or corrected afterwards, changes nothing
 * - a wish to enter buys at once, at most so far above the middle; what the market does not give by a short while after the close of the
 *   bar, or by the next one, is not wanted any more
 * - a wish to leave, a stop and a take-profit of the rule close at the market; they work without any bar, too
 * - where bars are missing, it warms up anew on the history before it enters (`WAITS_FOR_BARS`)
 * - a rule whose code throws ends the bot in error; the stops that it has go on, and so does what a user asks for
 *
 * `docs/strategies/bar-strategies.md` has every parameter and every code.
 */
export function barBot(strategy: BarStrategy): Strategy {
  const { id, title, description } = strategy;
  return defineStrategy<BarBotParameters, BarBotState>({
    id,
    title,
    description: `${description} Decides at the close of a bar; long only.`,
    schema: barBotSchema(strategy),
    check: (parameters, instrument) => checkParameters(strategy, parameters, instrument),
    measures: (parameters) => ({ ...measuresOf(parameters), bars: parameters.timeframe }),
    rule: ({ rule }) => rule,
    withhold: (parameters, withheld) => ({ ...parameters, withheld }),
    init: ({ mark }) => initialBarBot(mark),
    heedsMarket: (state, parameters) => !isIdle(state) && cycleHeeds(state.cycle, withSignal(state, parameters)),
    step,
  });
}

const marketKinds: ReadonlySet<StrategyEvent['kind']> = new Set(['quote', 'trade']);
/** A bar whose news was lost is heard with the next tick. */
const hearingKinds: ReadonlySet<StrategyEvent['kind']> = new Set(['bar', 'tick']);

function step(
  state: BarBotState,
  event: StrategyEvent,
  context: StrategyContext,
  parameters: BarBotParameters,
): StrategyStep<BarBotState> {
  if (marketKinds.has(event.kind) && isIdle(state)) return { state, effects: [] };
  const hears = hearingKinds.has(event.kind);
  const heard = hears ? hearBars(state, context, parameters) : begun(state, event, parameters);
  const next = cycleStep(heard.cycle, event, context, withSignal(heard, parameters));
  const moved = next.state === heard.cycle ? heard : { ...heard, cycle: next.state };
  const effects = [...next.effects, ...tagged(heard, next.effects), ...tellFault(state.rule, heard.rule)];
  if (!hears || moved.cycle.mode !== 'running') return { state: moved, effects };
  const told = tellLacking(moved, context, parameters);
  return { state: told.state, effects: [...effects, ...told.effects] };
}

/** Nothing is held, ordered or wanted, and nothing is waited for: no price changes anything. */
const isIdle = ({ cycle, rule }: BarBotState): boolean =>
  cycle.format === 3 &&
  cycle.live === null &&
  cycle.closing === null &&
  cycle.waits === null &&
  cycle.books.poolBase === noAmount &&
  rule.wish?.kind !== 'enter';

const withSignal = ({ rule }: BarBotState, parameters: BarBotParameters): BarBotParameters => ({
  ...parameters,
  signal: signalOf(rule, parameters.withheld !== null),
});

const atRest: ReadonlySet<BarBotState['cycle']['mode']> = new Set(['stopped', 'finished', 'failed']);

/** Who starts it after a rest wants what the market says now, and not what it said then. */
function begun(state: BarBotState, event: StrategyEvent, parameters: BarBotParameters): BarBotState {
  if (parameters.withheld?.hears === false) return state;
  if (event.kind === 'reconfigured') {
    const rule = ofThese(state.rule, parameters);
    return rule === state.rule ? state : { ...state, rule };
  }
  const { fault, ...rule } = state.rule;
  if (event.kind !== 'started') return state;
  if (fault === undefined && (!atRest.has(state.cycle.mode) || rule.last === null)) return state;
  return { ...state, rule: { ...ofThese({ ...rule, mark: '' }, parameters), lacks: null } };
}

/** Why it enters, where the rule says it. */
function tagged({ rule: { wish } }: BarBotState, effects: readonly Effect[]): readonly Effect[] {
  if (wish?.kind !== 'enter' || wish.tag === '') return [];
  const isAsked = effects.some(
    (effect) => effect.kind === 'place' && effect.order.slot.leg === 'entry' && effect.ask === 0,
  );
  if (!isAsked) return [];
  const text = `The rule wants in (${wish.tag}).`;
  return [{ kind: 'log', level: 'INFO', code: 'RULE_ENTRY', text, data: { tag: wish.tag } }];
}
