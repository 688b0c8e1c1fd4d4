import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, retry } from '@scalpstorm/bus';
import { type CancelRequested, cancelRequested } from '@scalpstorm/contracts';
import { isFinal } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { CancelOrder } from './cancel-order.js';
import { PlaceOrder } from './place-order.js';

/** A cancel in; its reason is committed first, then the cancel leaves. It never passes the risk gate. */
@Controller()
export class CancelRequestedHandler {
  constructor(
    private readonly ledger: Ledger,
    private readonly cancelOrder: CancelOrder,
    private readonly placeOrder: PlaceOrder,
    private readonly log: Log,
  ) {}

  @Hears(cancelRequested, { keyOf: (event) => event.clientOrderId })
  async handle(event: CancelRequested): Promise<Outcome> {
    const { clientOrderId, reason, meta } = event;
    const recorded = await this.ledger.record({
      clientOrderId,
      events: [{ kind: 'cancel-requested', cancelReason: reason }],
      occurredAt: meta.occurredAt,
      causedBy: meta.eventId,
    });
    // The approval may still be on its way; a bounded number of redeliveries decides whether it ever comes.
    if (recorded === null) return retry(`no order ${clientOrderId} yet`);
    const { order } = recorded.tracked;
    if (isFinal(order.status)) return done;
    if (this.placeOrder.isInFlight(clientOrderId)) return done; // `PlaceOrder` cancels as soon as the answer is in.
    this.cancelOrder.cancel(order, meta.eventId).catch((cause) => {
      this.log.error({ clientOrderId, error: cause }, 'the answer to a cancel could not be stored');
    });
    return done;
  }
}
