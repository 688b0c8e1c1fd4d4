import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type OrderChanged, type OrderDenied, orderChanged, orderDenied } from '@scalpstorm/contracts';
import type { BotId } from '@scalpstorm/model';
import { Fleet } from './fleet.js';

const keyOf = (event: { readonly order: { readonly botId: BotId | null } }) => event.order.botId ?? '';

/** What became of a bot's order. Acknowledged only when the bot that it led to is written down. */
@Controller()
export class OrderEventsHandler {
  constructor(private readonly fleet: Fleet) {}

  @Hears(orderChanged, { keyOf: (event) => event.order.request.botId ?? '' })
  async onChanged({ meta, order, event }: OrderChanged): Promise<Outcome> {
    const { botId } = order.request;
    if (botId === null) return done;
    const fill = event.kind === 'filled' ? event.fill : null;
    this.fleet.step(botId, { kind: 'order-changed', order, fill }, { eventId: meta.eventId, marketAt: null });
    await this.fleet.save(botId);
    return done;
  }

  @Hears(orderDenied, { keyOf })
  async onDenied({ meta, order, denial }: OrderDenied): Promise<Outcome> {
    const { botId, clientOrderId } = order;
    if (botId === null) return done;
    const reason = { code: denial.code, text: denial.text };
    this.fleet.step(botId, { kind: 'order-denied', clientOrderId, reason }, { eventId: meta.eventId, marketAt: null });
    await this.fleet.save(botId);
    return done;
  }
}
