import { Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, isFinal, Price, Quantity, type Side } from '@scalpstorm/model';
import type { StrategyContext, StrategyEvent, StrategyStep } from '../sdk/strategy.js';
import { advance, isEnding, unwanted } from './advance.js';
import { noAmount } from './amounts.js';
import { Draft } from './draft.js';
import { mayEnter } from './entering.js';
import { exitDue, watches, watchMarket } from './exiting.js';
import { hearDenial, hearOrder } from './hearing.js';
import type { ScalpingParameters } from './parameters.js';
import { ask, cancel, isUnanswered, restingPrice } from './placing.js';
import { restingOf } from './planned.js';
import { priceFor } from './pricing.js';
import { sizingMark } from './sizing.js';
import { judgeAnew, watchNoLonger } from './standing.js';
import { currentForm, type OrderFact, type ScalpingState, unheard } from './state.js';

/** How long an end waits for any word of an order that was asked for; an approval has expired long before. */
const goOnWithoutAnswer = 60_000_000;

/**
 * The scalping cycle. At most one order of the bot is alive at any time, and the next one is determined by what the
 * state has booked: (cycle, leg, attempt). Repeats, late and reordered events, and restarts from an older state lead to
 * the same ids, so that nothing is ever ordered twice.
 */
export function step(
  state: ScalpingState,
  event: StrategyEvent,
  context: StrategyContext,
  parameters: ScalpingParameters,
): StrategyStep<ScalpingState> {
  const draft = new Draft(currentForm(state), context, parameters);
  switch (event.kind) {
    case 'quote':
    case 'trade':
    case 'prediction':
    case 'bar':
      onMarket(draft);
      break;
    case 'order-changed':
      if (hearOrder(draft, event.order)) onOrder(draft, event.order.request.clientOrderId);
      break;
    case 'order-denied':
      if (hearDenial(draft, event.clientOrderId, event.reason)) advance(draft);
      break;
    case 'tick':
      onTick(draft);
      break;
    case 'restored':
      onRestored(draft);
      break;
    case 'reconfigured':
      onReconfigured(draft);
      break;
    case 'released':
      if (draft.state.retryAt !== null) draft.set({ retryAt: null, failures: 0 });
      // The halt stood where its reason had stood.
      if (draft.state.waits !== null) draft.set({ waits: null });
      advance(draft);
      break;
    default:
      onCommand(draft, event);
  }
  return draft.result;
}

function onOrder(draft: Draft, id: ClientOrderId): void {
  const stray = id === draft.state.live ? undefined : draft.fact(id);
  const hasPlace = draft.state.live === null && ClientOrderId.slotOf(id)?.cycle === draft.state.cycle;
  // Given up long ago and alive after all: there is no place for it beside the live one, nor in a later cycle.
  if (stray?.adopted && !isFinal(stray.status) && !hasPlace) cancel(draft, stray, 'replace');
  advance(draft);
}

/** Whether {@link onMarket} has anything to do; a state in an older form is brought up to date by any event. */
export function heedsMarket(state: ScalpingState, parameters: ScalpingParameters): boolean {
  return state.format !== 3 || waitsForPrice(state) || watches({ state, parameters }) || follows(state, parameters);
}

function onMarket(draft: Draft): void {
  if (watches(draft) && watchMarket(draft)) advance(draft);
  else if (waitsForPrice(draft.state) || isOff(draft)) advance(draft);
}

/** An order rests that its plan compares with the market. */
const follows = ({ mode, live }: ScalpingState, { plan }: ScalpingParameters): boolean =>
  plan?.follows === true && live !== null && (mode === 'running' || mode === 'paused' || mode === 'pausing');

function isOff(draft: Draft): boolean {
  const live = follows(draft.state, draft.parameters) ? draft.live : undefined;
  return live !== undefined && !isFinal(live.status) && !isEnding(live) && unwanted(draft, live) !== null;
}

/** An order that the new parameters would not make is replaced; its fills stay where they are booked. */
function onReconfigured(draft: Draft): void {
  const { live } = draft;
  // Where the exit begins to trail is told by the new parameters.
  if (draft.state.best !== null || draft.state.target !== null) draft.set({ target: null, best: null });
  if (live && live.leg !== 'flatten' && live.type === 'limit' && !isFinal(live.status) && !isAsNow(draft, live)) {
    draft.remember({ ...live, outdated: true });
  }
  restNoLonger(draft);
  judgeAnew(draft);
  advance(draft);
}

/** A shorter cool-down counts from the edit, a longer one from the next cycle. */
function restNoLonger(draft: Draft): void {
  const { restUntil } = draft.state;
  const until = Timestamp.plus(draft.context.now, draft.parameters.coolDown);
  if (restUntil === null || restUntil <= until) return;
  draft.set({ restUntil: until });
  draft.emit({ kind: 'wait-until', at: until });
}

function isAsNow(draft: Draft, order: OrderFact): boolean {
  const { leg, side, price, quantity, timeInForce, sizedBy } = order;
  const { parameters, context } = draft;
  if (timeInForce !== parameters.timeInForce) return false;
  if (leg !== 'entry') {
    const due = exitDue(draft);
    return due.kind === 'due' && priceText(draft, side, due.exit.price) === price;
  }
  if (parameters.plan !== undefined) {
    const resting = restingOf(order);
    return resting !== null && (parameters.plan.keeps?.(resting) ?? true);
  }
  const source = side === 'buy' ? parameters.buyPrice : parameters.sellPrice;
  const isFixed = parameters.sizeBy.sizing.kind === 'fixed';
  const sameSize = isFixed ? quantity === Quantity.format(parameters.quantity) : sizedBy === sizingMark(parameters);
  const wanted = priceFor(source, side, context, null);
  const samePrice = wanted.kind === 'price' && priceText(draft, side, wanted.price) === price;
  return side === parameters.firstSide && sameSize && samePrice;
}

const priceText = (draft: Draft, side: Side, price: Price | null): string | null =>
  price ? Price.format(restingPrice(draft, side, price)) : null;

function waitsForPrice(state: ScalpingState): boolean {
  return state.live === null && state.retryAt === null && (state.mode === 'running' || state.mode === 'paused');
}

type Command = Extract<StrategyEvent, { kind: 'started' | 'paused' | 'resumed' | 'stop-asked' | 'flatten-asked' }>;

function onCommand(draft: Draft, command: Command): void {
  const { mode } = draft.state;
  switch (command.kind) {
    case 'started':
    case 'resumed':
      start(draft);
      break;
    case 'paused':
      if (mode === 'running') draft.set({ mode: 'pausing' });
      advance(draft);
      break;
    case 'stop-asked':
      if (mode === 'stopped' || mode === 'finished') {
        draft.reach('stopped', 'STOPPED', 'The bot is stopped.');
        break;
      }
      watchNoLonger(draft);
      draft.set({ mode: 'stopping', stopReason: command.reason });
      advance(draft);
      break;
    case 'flatten-asked':
      watchNoLonger(draft);
      // What was too little once may be enough now.
      draft.set({ mode: 'flattening', retryAt: null, failures: 0, dust: noAmount });
      advance(draft);
      break;
  }
}

function start(draft: Draft): void {
  const { mode } = draft.state;
  if (mode === 'stopping' || mode === 'flattening') return;
  if (mode === 'stopped' || mode === 'finished' || mode === 'failed') {
    // A stop that was due before is judged anew.
    draft.set({ cyclesDone: 0, restUntil: null, closing: null });
  }
  // Whoever runs already has said why it stands still.
  if (mode !== 'running' && draft.state.waits !== null) draft.set({ waits: null });
  draft.set({ mode: 'running', failures: 0, retryAt: null, endCode: '', endText: '', dust: noAmount });
  draft.reach('started', 'STARTED', 'The bot runs.');
  advance(draft);
}

function onTick(draft: Draft): void {
  const { now } = draft.context;
  const { mode, retryAt } = draft.state;
  const before = draft.live;
  if (before && isUnanswered(before, now)) {
    if (wantsAnswer(draft, before)) askAgain(draft, before);
    else if (now >= before.askedAt + goOnWithoutAnswer) goOnWithout(draft, before);
  }
  if (retryAt !== null && now >= retryAt) draft.set({ retryAt: null });
  const { live } = draft;
  if (watches(draft)) watchMarket(draft);
  const atRest = mode === 'stopped' || mode === 'finished' || mode === 'failed';
  if (live && live.version === unheard && atRest) return;
  const due = live && (live.cancelAskedAt !== null || isEnding(live) || unwanted(draft, live) !== null);
  if (due || (!live && draft.state.retryAt === null)) advance(draft);
}

/**
 * One that is to be replaced is asked again too: only its answer makes room for the next. So is an exit in the way of a flatten,
 * whose cancel is on its way and may be all that is known of it elsewhere; it closes, so it does no harm if it is placed.
 */
function wantsAnswer(draft: Draft, order: OrderFact): boolean {
  const reason = unwanted(draft, order);
  if (reason === null || reason === 'replace' || reason === 'update') return true;
  const isNew = draft.context.now < order.placedAt + goOnWithoutAnswer;
  return draft.state.mode === 'flattening' && order.leg !== 'entry' && isNew;
}

/** An entry that the signal would not make now waits for its answer, or for the signal. */
function askAgain(draft: Draft, order: OrderFact): void {
  if (order.leg !== 'entry' || mayEnter(draft)) ask(draft, order);
}

/**
 * An unwanted order of which nothing was ever heard holds up a stop or a pause no longer; it stays the live one, so that
 * a later start asks for that same order. A flatten goes on without it; should it appear after all, it is canceled.
 */
function goOnWithout(draft: Draft, order: OrderFact): void {
  const { mode } = draft.state;
  if (mode !== 'stopping' && mode !== 'pausing' && mode !== 'flattening') return;
  const text = 'Nothing was ever heard of the last order; should it appear after all, it is canceled.';
  draft.log('WARNING', { code: 'ORDER_UNANSWERED', text }, { clientOrderId: order.id });
  if (mode === 'flattening') {
    draft.set({ live: null });
  } else if (mode === 'stopping') {
    draft.set({ mode: 'stopped', endCode: 'STOPPED', endText: text });
    draft.reach('stopped', 'STOPPED', text);
  } else {
    draft.set({ mode: 'paused' });
    draft.reach('paused', 'PAUSED', text);
  }
}

const milestones = {
  running: 'started',
  paused: 'paused',
  stopped: 'stopped',
  finished: 'finished',
  failed: 'failed',
} as const;

/** What was said before the restart may not have been heard; saying it again changes nothing if it was. */
function onRestored(draft: Draft): void {
  const { mode, live, retryAt, endCode, endText } = draft.state;
  const fact = draft.fact(live);
  if (fact && fact.version === unheard && unwanted(draft, fact) === null) askAgain(draft, fact);
  const known = draft.live;
  if (known && known.cancelAskedAt !== null) draft.remember({ ...known, cancelAskedAt: 0 });
  if (retryAt !== null) draft.set({ retryAt: null });
  if (mode in milestones) {
    const milestone = milestones[mode as keyof typeof milestones];
    draft.reach(milestone, endCode || milestone.toUpperCase(), endText || `The bot is ${mode}, as before the restart.`);
  }
  advance(draft);
}
