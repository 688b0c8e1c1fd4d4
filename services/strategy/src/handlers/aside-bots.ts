import type { OrderChanged } from '@scalpstorm/contracts';
import type { Clock } from '@scalpstorm/kernel';
import type { Activity, Bot, BotId, CancelReason } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import type { WantedCancel } from '../domain/advance.js';
import { type AsideBot, aliveOrdersOf, openEntriesOf, setAside } from '../domain/aside.js';
import { keepOrder } from '../domain/kept-orders.js';
import type { Fault } from '../domain/prepare.js';
import { type OrderSender, ofItself } from './order-sender.js';
import { noFacts, type WriteBehind } from './write-behind.js';

export interface AsideParts {
  readonly orders: OrderSender;
  readonly writes: WriteBehind;
  readonly clock: Clock;
  readonly log: Log;
}

/** Stored bots that do not run: they wait for their market, were set aside for a fault, or are being deleted. */
export class AsideBots {
  private readonly bots = new Map<BotId, AsideBot>();

  constructor(private readonly parts: AsideParts) {}

  get(botId: BotId): AsideBot | null {
    return this.bots.get(botId) ?? null;
  }

  all(): readonly AsideBot[] {
    return [...this.bots.values()];
  }

  /** Those that may run by themselves in a moment. */
  waiting(): readonly BotId[] {
    return this.all().flatMap(({ bot, fault }) => (fault?.passing ? [bot.id] : []));
  }

  put(aside: AsideBot): void {
    this.bots.set(aside.bot.id, aside);
  }

  remove(botId: BotId): void {
    this.bots.delete(botId);
  }

  /** Its user is told once, and nobody watches what its entry would buy, so that is canceled. */
  set(parts: Omit<AsideBot, 'fault'>, fault: Fault): void {
    const { id: botId, config } = parts.bot;
    const known = this.bots.has(botId);
    const { aside, news, activities } = setAside(parts, fault, this.parts.clock.now());
    this.put(aside);
    if (news) this.parts.writes.note(botId, { ...noFacts, visible: true, activities });
    if (!fault.passing) this.cancel(aside, openEntriesOf(aside.memory));
    if (known) return;
    const { strategy, instrumentId } = config;
    this.parts.log.error({ botId, strategy, instrumentId, fault: fault.code, text: fault.text }, 'a bot is left out');
  }

  /** What is wanted of it changed; its strategy hears of it when it runs. */
  change(bot: Bot, activities: readonly Activity[]): void {
    const aside = this.bots.get(bot.id);
    if (!aside) return;
    this.put({ ...aside, bot: { ...bot, version: aside.bot.version + 1 } });
    this.parts.writes.note(bot.id, { ...noFacts, visible: true, activities });
  }

  /** Counts and keeps what became of an order; does nothing for a bot that is not here. */
  keep(botId: BotId, changed: OrderChanged): void {
    const aside = this.bots.get(botId);
    const kept = aside && keepOrder(aside.bot, aside.memory, changed);
    if (!aside || !kept) return;
    const next = { ...aside, bot: kept.bot, memory: kept.memory };
    this.put(next);
    const causedBy = changed.meta.eventId;
    this.parts.writes.note(botId, { ...noFacts, visible: true, activities: kept.activities, causedBy });
    if (aside.fault?.passing === false) this.cancel(next, openEntriesOf(kept.memory));
  }

  /** Cancels whatever it may still have at work. */
  cancelAll(botId: BotId, reason: CancelReason): void {
    const aside = this.bots.get(botId);
    if (aside) this.cancel(aside, aliveOrdersOf(aside.memory, reason));
  }

  private cancel({ bot }: AsideBot, cancels: readonly WantedCancel[]): void {
    for (const cancel of cancels) this.parts.orders.cancel(bot.config.accountId, cancel, ofItself);
  }
}
