import { Injectable } from '@nestjs/common';
import { type About, aboutOf, asCarried, attributesOf, type MessageHeaders, traceHeaders } from '@scalpstorm/bus';
import type { ClientOrderId, OrderRequest } from '@scalpstorm/model';
import { currentTraceparent, span } from '@scalpstorm/observability';

/** So many orders are remembered, the newest; what an older one does begins no trace. */
const rememberedMax = 10_000;

interface Remembered {
  readonly headers: MessageHeaders;
  readonly about: About;
}

/**
 * Which trace and which request of a user an order belongs to, so that what the venue tells of it minutes later is seen where it
 * began. In memory alone: after a restart an order that was sent before has its ids on the lines, and no trace any more.
 */
@Injectable()
export class OrderTraces {
  private readonly orders = new Map<ClientOrderId, Remembered>();

  /** Sends an order: in the trace that runs, or, when it is sent again, in its own. */
  sending<T>(request: OrderRequest, send: () => Promise<T>): Promise<T> {
    const about = aboutOf({ order: request });
    const sent = () =>
      span(
        'place order',
        attributesOf(about),
        () => {
          this.remember(request.clientOrderId, about);
          return send();
        },
        { kind: 'client' },
      );
    const known = this.orders.get(request.clientOrderId);
    return known !== undefined && currentTraceparent() === null ? asCarried(known.headers, known.about, sent) : sent();
  }

  /** What the venue tells of an order by itself. */
  told<T>(clientOrderId: ClientOrderId, { name, about }: Report, work: () => Promise<T>): Promise<T> {
    const { headers, about: known } = this.orders.get(clientOrderId) ?? { headers: {}, about };
    return asCarried(headers, known, () => span(name, attributesOf(known), work, { kind: 'consumer' }));
  }

  private remember(clientOrderId: ClientOrderId, about: About): void {
    this.orders.delete(clientOrderId);
    this.orders.set(clientOrderId, { headers: traceHeaders(), about });
    const oldest = this.orders.keys().next().value;
    if (this.orders.size > rememberedMax && oldest !== undefined) this.orders.delete(oldest);
  }
}

export interface Report {
  readonly name: 'fill' | 'order report';
  /** As far as the venue says. */
  readonly about: About;
}
