import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, poison } from '@scalpstorm/bus';
import { type CancelRequested, cancelRequested } from '@scalpstorm/contracts';
import { isFinal } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { CancelOrder } from './cancel-order.js';
import { PlaceOrder } from './place-order.js';

/**
 * A cancel in; its reason is committed first, then the cancel leaves. It never passes the risk gate. One that comes before its
 * order is remembered, and the order ends when its approval comes, without being sent.
 */
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
    const { accountId, clientOrderId } = event;
    if (!this.ledger.isOpen(accountId)) return poison(`account ${accountId} is not configured here`);
    return this.cancelOrder.announce(clientOrderId, () => this.take(event));
  }

  private async take({ accountId, clientOrderId, reason, meta }: CancelRequested): Promise<Outcome> {
    const recorded = await this.ledger.requestCancel({
      accountId,
      clientOrderId,
      cancelReason: reason,
      requestedAt: meta.occurredAt,
      causedBy: meta.eventId,
    });
    if (recorded === null) {
      this.log.info({ clientOrderId, reason }, 'a cancel came before its order; the order will not be sent');
      return done;
    }
    const { order } = recorded.tracked;
    if (isFinal(order.status)) return done;
    if (this.placeOrder.isInFlight(clientOrderId)) return done; // `PlaceOrder` cancels as soon as the answer is in.
    this.cancelOrder.cancel(order, meta.eventId).catch((cause) => {
      stopOnBrokenInvariant(cause);
      this.log.error({ clientOrderId, error: cause }, 'the answer to a cancel could not be stored');
    });
    return done;
  }
}
