import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type OrderChanged, type OrderDenied, orderChanged, orderDenied } from '@scalpstorm/contracts';
import type { BotId } from '@scalpstorm/model';
import { noticeOfDenial, noticeOfOrder } from '../domain/order-notices.js';
import { KnownBots } from '../ports/known-bots.js';
import { Notify } from './notify.js';

/** Orders are the busiest stream: whoever wants to hear nothing is passed over from memory. */
@Controller()
export class OrderEventsHandler {
  constructor(
    private readonly bots: KnownBots,
    private readonly notify: Notify,
  ) {}

  @Hears(orderChanged, { keyOf: (event) => event.order.request.clientOrderId })
  async changed(event: OrderChanged): Promise<Outcome> {
    const { userId, botId } = event.order.request;
    if (!this.notify.hears(userId)) return done;
    const notice = noticeOfOrder(event, this.botOf(botId));
    if (notice !== null) await this.notify.tell(notice);
    return done;
  }

  @Hears(orderDenied, { keyOf: (event) => event.order.clientOrderId })
  async denied(event: OrderDenied): Promise<Outcome> {
    const { userId, botId } = event.order;
    if (this.notify.hears(userId)) await this.notify.tell(noticeOfDenial(event, this.botOf(botId)));
    return done;
  }

  private botOf(botId: BotId | null) {
    return botId === null ? null : this.bots.get(botId);
  }
}
