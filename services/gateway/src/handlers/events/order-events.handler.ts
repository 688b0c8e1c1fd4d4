import { Controller } from '@nestjs/common';
import { done, Hears, type MessageContext, type Outcome } from '@scalpstorm/bus';
import { type OrderChanged, type OrderDenied, orderChanged, orderDenied } from '@scalpstorm/contracts';
import { HearingLag } from '../../domain/hearing-lag.js';
import { deniedOrderView, fillView, orderView } from '../../domain/views.js';
import { Projection } from '../../ports/projection.js';
import { LiveTells } from '../stream/live-tells.js';
import { foldsAtOnce } from './concurrency.js';
import { isOldNews } from './old-news.js';

/** Orders and fills, for their owners. */
@Controller()
export class OrderEventsHandler {
  constructor(
    private readonly projection: Projection,
    private readonly live: LiveTells,
    private readonly lag: HearingLag,
  ) {}

  @Hears(orderChanged, { ...foldsAtOnce, keyOf: (event: OrderChanged) => event.order.request.clientOrderId })
  async changed(event: OrderChanged, context: MessageContext): Promise<Outcome> {
    this.lag.heard(event.meta.recordedAt);
    const isNew = await this.projection.fold({ kind: 'order-changed', event });
    if (isOldNews(isNew, context)) return done;
    const { order, meta } = event;
    const { userId, clientOrderId } = order.request;
    const entity = { id: clientOrderId, rank: order.version };
    await this.live.tell({ channel: 'orders', userId, row: orderView(order), entity, at: meta.occurredAt }, isNew);
    if (event.event.kind === 'filled') {
      const { fill } = event.event;
      const row = fillView(fill, order.request);
      await this.live.tell({ channel: 'fills', userId, row, entity: null, at: fill.occurredAt }, isNew);
    }
    return done;
  }

  @Hears(orderDenied, { ...foldsAtOnce, keyOf: (event: OrderDenied) => event.order.clientOrderId })
  async denied(event: OrderDenied, context: MessageContext): Promise<Outcome> {
    this.lag.heard(event.meta.recordedAt);
    const isNew = await this.projection.fold({ kind: 'order-denied', event });
    if (isOldNews(isNew, context)) return done;
    const { order, denial, meta } = event;
    const row = deniedOrderView(order, denial, meta);
    const entity = { id: order.clientOrderId, rank: row.version };
    await this.live.tell({ channel: 'orders', userId: order.userId, row, entity, at: meta.occurredAt }, isNew);
    return done;
  }
}
