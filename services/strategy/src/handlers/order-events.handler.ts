import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, retry } from '@scalpstorm/bus';
import { type OrderChanged, type OrderDenied, orderChanged, orderDenied } from '@scalpstorm/contracts';
import type { BotId, EventId } from '@scalpstorm/model';
import type { StrategyEvent } from '@scalpstorm/strategies';
import { Fleet } from './fleet.js';

const keyOf = (event: { readonly order: { readonly botId: BotId | null } }) => event.order.botId ?? '';

/** How long an event waits for a bot that is stored and does not run. */
const awayMs = 30_000;

/**
 * What became of a bot's order. Acknowledged only when the bot that it led to is written down, so that after a crash it comes
 * again to a bot that does not know it.
 */
@Controller()
export class OrderEventsHandler {
  constructor(private readonly fleet: Fleet) {}

  @Hears(orderChanged, { keyOf: (event) => event.order.request.botId ?? '' })
  async onChanged({ meta, order, event }: OrderChanged): Promise<Outcome> {
    const { botId } = order.request;
    if (botId === null) return done;
    const fill = event.kind === 'filled' ? event.fill : null;
    return this.hear(botId, { kind: 'order-changed', order, fill }, meta.eventId);
  }

  @Hears(orderDenied, { keyOf })
  async onDenied({ meta, order, denial }: OrderDenied): Promise<Outcome> {
    const { botId, clientOrderId } = order;
    if (botId === null) return done;
    const reason = { code: denial.code, text: denial.text };
    return this.hear(botId, { kind: 'order-denied', clientOrderId, reason }, meta.eventId);
  }

  private async hear(botId: BotId, event: StrategyEvent, eventId: EventId): Promise<Outcome> {
    if (this.fleet.awayBot(botId)) return retry(`bot ${botId} is stored and does not run`, awayMs);
    this.fleet.step(botId, event, { eventId, marketAt: null });
    await this.fleet.written(botId);
    return done;
  }
}
