import { type BotLifeEvent, changeLife, type PairFunds } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import {
  type Activity,
  type ActivityLevel,
  type Bot,
  type BotTotals,
  type CancelReason,
  type Candle,
  type ClientOrderId,
  type Cycle,
  type Instrument,
  Money,
  type OrderRequest,
  type Prediction,
  type Price,
  Quantity,
  type Quote,
  type Trade,
} from '@scalpstorm/model';
import type {
  ConfiguredStrategy,
  Effect,
  Milestone,
  StrategyContext,
  StrategyEvent,
  TakenStep,
} from '@scalpstorm/strategies';
import { type BotMemory, type News, noteOrder } from './memory.js';
import { type PriceOf, valued } from './third-currency-fees.js';

/** A bot as the process runs it. */
export interface LiveBot {
  readonly bot: Bot;
  readonly memory: BotMemory;
  /** When the strategy wants to be woken; null when it does not. */
  readonly wakeAt: Timestamp | null;
}

/** What surrounds a step; handed in, so that a step is a function of its arguments. */
export interface Surroundings {
  readonly configured: ConfiguredStrategy;
  readonly instrument: Instrument;
  readonly quote: Quote | null;
  readonly trade: Trade | null;
  readonly vwap: Price | null;
  readonly atr: Price | null;
  readonly prediction: Prediction | null;
  /** Closed bars that its strategy decides by; null where it does not, and while they are not known or its module rests. Absent: null. */
  readonly bars?: readonly Candle[] | null;
  /** What its account holds of both assets; null where its strategy does not go by it, and while it is not known. */
  readonly funds: PairFunds | null;
  /** What one of a currency is worth in the instrument's quote, newly heard. */
  readonly priceOf: PriceOf;
  readonly now: Timestamp;
}

export interface WantedPlacement {
  readonly request: OrderRequest;
  readonly ask: number;
}

export interface WantedCancel {
  readonly clientOrderId: ClientOrderId;
  readonly reason: CancelReason;
}

/** What came of an event. `changed` is false when there is nothing to write, publish or send. */
export interface Advanced {
  readonly live: LiveBot;
  readonly changed: boolean;
  /** The bot's record changed, which others want to hear. */
  readonly visible: boolean;
  readonly placements: readonly WantedPlacement[];
  readonly cancels: readonly WantedCancel[];
  readonly cycles: readonly Cycle[];
  readonly activities: readonly Activity[];
  /** What the strategy was told and did; null when that changed nothing. */
  readonly taken: TakenStep | null;
}

/** One event through one bot. A version of an order that was seen before changes nothing. */
export function advance(live: LiveBot, event: StrategyEvent, around: Surroundings): Advanced {
  const { memory, bot } = live;
  if (event.kind !== 'order-changed') return run(live, { memory, totals: bot.totals }, event, around);
  const noted = noteOrder(memory, event.order, event.fill);
  if (noted === null) return unchanged(live);
  return run(live, { memory: noted.memory, totals: movedTotals(bot.totals, noted) }, event, around);
}

/** Tells a strategy the next thing that was kept for it; the bot has counted it already. */
export function advanceKept(live: LiveBot, event: StrategyEvent, around: Surroundings): Advanced {
  const { memory, bot } = live;
  return run(live, { memory: { ...memory, kept: memory.kept.slice(1) }, totals: bot.totals }, event, around);
}

interface Counted {
  readonly memory: BotMemory;
  readonly totals: BotTotals;
}

/** @param counted what the event itself did to the bot, whatever its strategy makes of it */
function run(live: LiveBot, { memory, totals }: Counted, event: StrategyEvent, around: Surroundings): Advanced {
  const context = contextOf(live, around);
  const step = around.configured.step(memory.strategy, event, context);
  const isNothing = step.effects.length === 0 && step.state === live.memory.strategy;
  if (isNothing && memory === live.memory && totals === live.bot.totals) return unchanged(asleep(live, around.now));
  const collected = collect({ ...live.bot, totals }, step.effects, around);
  const visible = collected.bot !== live.bot && !sameBot(collected.bot, live.bot);
  const bot = visible ? { ...collected.bot, version: live.bot.version + 1 } : live.bot;
  const nextMemory = step.state === memory.strategy ? memory : { ...memory, strategy: step.state };
  const { placements, cancels, cycles, activities } = collected;
  const said = placements.length + cancels.length + cycles.length + activities.length > 0;
  return {
    live: { bot, memory: nextMemory, wakeAt: collected.wakeAt ?? keptWake(live, around.now) },
    changed: visible || nextMemory !== live.memory || said,
    visible,
    placements,
    cancels,
    cycles,
    activities,
    taken:
      step.effects.length === 0 && step.state === memory.strategy ? null : { event, context, effects: step.effects },
  };
}

/** The bot after something happened to its life; the very same object when nothing changed. */
export function live(bot: Bot, event: BotLifeEvent, now: Timestamp) {
  const { desired, observed, reason, since } = bot;
  const before = { desired, observed, reason, since };
  const changed = changeLife(before, event, now);
  if (!changed.ok) return changed;
  return { ok: true as const, bot: changed.value === before ? bot : { ...bot, ...changed.value } };
}

/**
 * What a bot is told first after a restart, besides that there was one: what its user wanted may have been written down
 * when its strategy had not yet heard of it. Null when nothing is wanted of it.
 */
export function wish({ desired, observed }: Bot): StrategyEvent | null {
  if (observed === 'stopping') return { kind: 'stop-asked', reason: 'stop' };
  if (observed === 'flattening') return { kind: 'flatten-asked' };
  if (desired === 'paused') return { kind: 'paused' };
  return desired === 'running' ? { kind: 'started' } : null;
}

/** Named one by one, because this is made for every bot and every price. */
function contextOf(
  { bot }: LiveBot,
  { instrument, quote, trade, vwap, atr, prediction, bars = null, funds, now }: Surroundings,
): StrategyContext {
  const { mode } = bot.config;
  return { botId: bot.id, mode, position: null, instrument, quote, trade, vwap, atr, prediction, bars, funds, now };
}

interface Collected {
  bot: Bot;
  wakeAt: Timestamp | null;
  readonly placements: WantedPlacement[];
  readonly cancels: WantedCancel[];
  readonly cycles: Cycle[];
  readonly activities: Activity[];
}

function collect(bot: Bot, effects: readonly Effect[], around: Surroundings): Collected {
  const collected: Collected = { bot, wakeAt: null, placements: [], cancels: [], cycles: [], activities: [] };
  for (const effect of effects) applyEffect(collected, effect, around);
  return collected;
}

function applyEffect(collected: Collected, effect: Effect, around: Surroundings): void {
  const { bot } = collected;
  switch (effect.kind) {
    case 'place': {
      const { slot: _slot, ...order } = effect.order;
      const { accountId, mode, instrumentId } = bot.config;
      const request = { ...order, userId: bot.userId, botId: bot.id, accountId, mode, instrumentId };
      collected.placements.push({ request, ask: effect.ask });
      return;
    }
    case 'cancel':
      collected.cancels.push({ clientOrderId: effect.clientOrderId, reason: effect.reason });
      return;
    case 'cycle-completed': {
      const cycle = valued(effect.cycle, around.priceOf);
      collected.cycles.push(cycle);
      collected.bot = { ...bot, totals: withCycle(bot.totals, cycle) };
      return;
    }
    case 'log': {
      const { level, code, text, data } = effect;
      collected.activities.push({ level, code, text, data, userId: bot.userId, botId: bot.id });
      return;
    }
    case 'wait-until':
      collected.wakeAt = effect.at;
      return;
    case 'reached': {
      const next = live(bot, { kind: effect.milestone, reason: effect.reason }, around.now);
      if (!next.ok || next.bot === bot) return;
      collected.bot = next.bot;
      // A strategy that says itself what became of it has said it better.
      const said = collected.activities.some(({ code }) => code === effect.reason.code);
      if (!said) collected.activities.push(arrived(next.bot, effect.milestone));
      return;
    }
  }
}

const milestoneLevels: Record<Milestone, ActivityLevel> = {
  started: 'INFO',
  paused: 'INFO',
  stopped: 'INFO',
  finished: 'SUCCESS',
  'auto-stopped': 'WARNING',
  failed: 'ERROR',
  waits: 'WARNING',
  'goes-on': 'INFO',
  halted: 'WARNING',
  released: 'INFO',
};

/** One line of the log for each change of a bot's life. */
function arrived({ config, reason, userId, id: botId }: Bot, milestone: Milestone): Activity {
  const code = `BOT_${milestone.toUpperCase().replaceAll('-', '_')}`;
  const text = `${config.name}: ${reason.text}`;
  return { level: milestoneLevels[milestone], code, text, userId, botId, data: { reason: reason.code } };
}

function withCycle(totals: BotTotals, cycle: Cycle): BotTotals {
  return {
    ...totals,
    cycles: totals.cycles + 1,
    pnl: Money.plus(totals.pnl, cycle.net),
    fees: Money.plus(totals.fees, cycle.fees),
  };
}

export function movedTotals(totals: BotTotals, { base, fills }: News): BotTotals {
  if (fills === 0 && base === 0n) return totals;
  return { ...totals, fills: totals.fills + fills, held: Quantity.plus(totals.held, base) };
}

/** The very same when its wake-up, if there is one, stays. */
function asleep(live: LiveBot, now: Timestamp): LiveBot {
  const wakeAt = keptWake(live, now);
  return wakeAt === live.wakeAt ? live : { ...live, wakeAt };
}

/** A wake-up that has not come yet stays; one that is due is over once this event has been seen. */
function keptWake({ wakeAt }: LiveBot, now: Timestamp): Timestamp | null {
  return wakeAt !== null && wakeAt > now ? wakeAt : null;
}

function sameBot(left: Bot, right: Bot): boolean {
  return (
    left.totals === right.totals &&
    left.desired === right.desired &&
    left.observed === right.observed &&
    left.reason === right.reason &&
    left.config === right.config
  );
}

function unchanged(current: LiveBot): Advanced {
  const nothing = { placements: [], cancels: [], cycles: [], activities: [], taken: null };
  return { live: current, changed: false, visible: false, ...nothing };
}
