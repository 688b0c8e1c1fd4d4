import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type OrderChanged, type OrderDenied, orderChanged, orderDenied } from '@scalpstorm/contracts';
import { deniedOrderView, fillView, orderView } from '../../domain/views.js';
import { Projection } from '../../ports/projection.js';
import { LiveHub } from '../stream/live-hub.js';
import { foldsAtOnce } from './concurrency.js';

/** Orders and fills, for their owners. */
@Controller()
export class OrderEventsHandler {
  constructor(
    private readonly projection: Projection,
    private readonly hub: LiveHub,
  ) {}

  @Hears(orderChanged, { ...foldsAtOnce, keyOf: (event: OrderChanged) => event.order.request.clientOrderId })
  async changed(event: OrderChanged): Promise<Outcome> {
    if (!(await this.projection.fold({ kind: 'order-changed', event }))) return done;
    const { order, meta } = event;
    const { request } = order;
    this.hub.push(request.userId, { channel: 'orders', row: orderView(order), at: meta.occurredAt });
    if (event.event.kind === 'filled') {
      const row = fillView(event.event.fill, request);
      this.hub.push(request.userId, { channel: 'fills', row, at: event.event.fill.occurredAt });
    }
    return done;
  }

  @Hears(orderDenied, { ...foldsAtOnce, keyOf: (event: OrderDenied) => event.order.clientOrderId })
  async denied(event: OrderDenied): Promise<Outcome> {
    if (!(await this.projection.fold({ kind: 'order-denied', event }))) return done;
    const row = deniedOrderView(event.order, event.denial, event.meta);
    this.hub.push(event.order.userId, { channel: 'orders', row, at: event.meta.occurredAt });
    return done;
  }
}
