import { second, Timestamp } from '@scalpstorm/kernel';
import { step as cycleStep, heedsMarket } from '../scalping-cycle/machine.js';
import { measuresOf } from '../scalping-cycle/parameters.js';
import { withPatience } from '../scalping-cycle/patience.js';
import { initialState, type ScalpingState } from '../scalping-cycle/state.js';
import { defineStrategy } from '../sdk/define.js';
import type { Effect, StrategyContext, StrategyEvent, StrategyStep } from '../sdk/strategy.js';
import { checkParameters, type ModelSignalParameters } from './check-parameters.js';
import { modelSignalSchema } from './schema.js';
import { freshPrediction } from './signal.js';

/** Events after which it is told whether the model is waited for; prices come too often to say it at each. */
const tellingEvents: ReadonlySet<StrategyEvent['kind']> = new Set([
  'started',
  'resumed',
  'restored',
  'released',
  'tick',
  'prediction',
]);

/**
 * Trades on what a model expects, by the machine of the scalping cycle: one order at a time, the same ids after a restart, the same
 * books. The model decides when to enter and may ask to leave; nothing waits for it. Without a prediction that is still valid no
 * order opens anything, and what is held is closed by take-profit, stop-loss or time.
 */
export const modelSignal = defineStrategy({
  id: 'model-signal',
  title: 'Model signal',
  description:
    'Buys when a model expects more than the costs; sells at take-profit, stop-loss, after a time or on the opposite signal. Stands still without a fresh prediction.',
  schema: modelSignalSchema,
  check: checkParameters,
  measures: (parameters: ModelSignalParameters) => ({ ...measuresOf(parameters), model: parameters.model }),
  init: () => initialState,
  heedsMarket,
  step,
});

function step(
  state: ScalpingState,
  event: StrategyEvent,
  context: StrategyContext,
  parameters: ModelSignalParameters,
): StrategyStep<ScalpingState> {
  const begun = event.kind === 'prediction' ? askedAnew(state, context, parameters) : state;
  const next = cycleStep(begun, event, context, parameters);
  if (!tellingEvents.has(event.kind) || next.state.mode !== 'running') return next;
  const answers = freshPrediction(parameters.model, context) !== null;
  // The cycle itself may wait for something else, and says when that is over.
  if (answers && next.state.waits?.told) return next;
  return { state: next.state, effects: [...next.effects, standing(parameters.model, answers)] };
}

/** A model may speak many times a second; the market is not asked so often. */
const askEvery = second;

/** Another prediction is another market, where it comes a while after the order that found none. */
function askedAnew(state: ScalpingState, context: StrategyContext, { model }: ModelSignalParameters): ScalpingState {
  const asked = state.orders.at(-1)?.placedAt ?? 0;
  const isSoon = context.now < Timestamp.plus(Timestamp.fromMicros(asked), askEvery);
  return isSoon || freshPrediction(model, context) === null ? state : withPatience(state);
}

/** Said again and again; only a change is told to others. */
function standing(model: string, answers: boolean): Effect {
  if (answers) {
    const reason = { code: 'MODEL_ANSWERS', text: `Trades on the predictions of ${model}.` };
    return { kind: 'reached', milestone: 'goes-on', reason };
  }
  const text = `No fresh prediction of ${model}: nothing is opened until there is one; what is held is closed by its own rules.`;
  return { kind: 'reached', milestone: 'waits', reason: { code: 'WAITS_FOR_MODEL', text } };
}
