import { type OrderChanged, orderChanged } from '@scalpstorm/contracts';
import type { Activity, Bot } from '@scalpstorm/model';
import { Price, Quantity } from '@scalpstorm/model';
import type { StrategyEvent } from '@scalpstorm/strategies';
import { movedTotals } from './advance.js';
import { type BotMemory, type KeptOrder, noteOrder } from './memory.js';

/** A bot that does not run asks for nothing new, so only the few orders that it had at work can still be heard of. */
const keptMax = 64;

export interface Kept {
  readonly bot: Bot;
  readonly memory: BotMemory;
  readonly activities: readonly Activity[];
}

/** Counts and keeps what became of an order of a bot that can not hear it; null for what was kept or heard before. */
export function keepOrder(bot: Bot, memory: BotMemory, changed: OrderChanged): Kept | null {
  const { order, event } = changed;
  const fill = event.kind === 'filled' ? event.fill : null;
  const noted = noteOrder(memory, order, fill);
  if (noted === null) return null;
  const id = order.request.clientOrderId;
  const others = noted.memory.kept.filter((kept) => kept.id !== id);
  const kept = { id, version: order.version, event: Buffer.from(orderChanged.encode(changed)).toString('base64') };
  return {
    bot: { ...bot, totals: movedTotals(bot.totals, noted), version: bot.version + 1 },
    memory: { ...noted.memory, kept: [...others, kept].slice(-keptMax) },
    activities: fill ? [filledAside(bot, changed)] : [],
  };
}

/** What a strategy hears of it. */
export function heardOf({ order, event }: OrderChanged): StrategyEvent {
  return { kind: 'order-changed', order, fill: event.kind === 'filled' ? event.fill : null };
}

/** @throws UnreadableMessage */
export function keptEvent({ event }: KeptOrder): OrderChanged {
  return orderChanged.decode(Buffer.from(event, 'base64'));
}

function filledAside(bot: Bot, { order, event }: OrderChanged): Activity {
  const { clientOrderId, side } = order.request;
  const fill = event.kind === 'filled' ? event.fill : null;
  const quantity = Quantity.format(fill?.quantity ?? Quantity.zero);
  const price = Price.format(fill?.price ?? Price.zero);
  const done = side === 'buy' ? 'bought' : 'sold';
  return {
    level: 'WARNING',
    code: 'FILLED_WHILE_ASIDE',
    text: `${bot.config.name} does not run and ${done} ${quantity} at ${price}; its strategy hears of it when it runs again.`,
    userId: bot.userId,
    botId: bot.id,
    data: { clientOrderId, side, quantity, price },
  };
}
