import type { Timestamp } from '@scalpstorm/kernel';
import {
  type Activity,
  type Bot,
  type CancelReason,
  ClientOrderId,
  type Instrument,
  type JsonObject,
} from '@scalpstorm/model';
import { live, type WantedCancel } from './advance.js';
import { type BotMemory, memoryToJson } from './memory.js';
import { type Fault, faultText } from './prepare.js';

/** A stored bot that does not run here: its orders are counted and kept, and its strategy hears nothing. */
export interface AsideBot {
  readonly bot: Bot;
  readonly memory: BotMemory;
  readonly instrument: Instrument | null;
  /** Null while it is being deleted. */
  readonly fault: Fault | null;
}

export interface SetAside {
  readonly aside: AsideBot;
  /** False: everybody knows already. */
  readonly news: boolean;
  readonly activities: readonly Activity[];
}

/** What passes by itself leaves the bot's record as it is; anything else ends its life until somebody does something. */
export function setAside(parts: Omit<AsideBot, 'fault'>, fault: Fault, now: Timestamp): SetAside {
  const { bot } = parts;
  if (fault.passing) return { aside: { ...parts, fault }, news: false, activities: [] };
  const reason = { code: fault.code, text: faultText(fault) };
  const failed = live(bot, { kind: 'failed', reason }, now);
  const told = bot.observed === 'error' && bot.reason.code === fault.code && bot.reason.text === reason.text;
  if (told) return { aside: { ...parts, fault }, news: false, activities: [] };
  const next = { ...(failed.ok ? failed.bot : bot), reason, since: now, version: bot.version + 1 };
  return { aside: { ...parts, bot: next, fault }, news: true, activities: [quarantined(next, fault)] };
}

/** The orders that may still be alive, as far as they are known. */
export function aliveOrdersOf({ orders }: BotMemory, reason: CancelReason): readonly WantedCancel[] {
  return orders.filter(({ final }) => !final).map(({ id }) => ({ clientOrderId: ClientOrderId.of(id), reason }));
}

/** Nobody watches what an entry would buy; an exit may stay. */
export function openEntriesOf(memory: BotMemory): readonly WantedCancel[] {
  return aliveOrdersOf(memory, 'stop').filter(
    ({ clientOrderId }) => ClientOrderId.slotOf(clientOrderId)?.leg === 'entry',
  );
}

export const storedAside = ({ bot, memory, instrument }: AsideBot) => ({
  bot,
  state: memoryToJson(memory),
  instrument,
});

function quarantined(bot: Bot, fault: Fault): Activity {
  const data: JsonObject = { fault: fault.text, next: fault.next };
  const text = `${bot.config.name}: ${faultText(fault)}`;
  return { level: 'ERROR', code: fault.code, text, userId: bot.userId, botId: bot.id, data };
}
