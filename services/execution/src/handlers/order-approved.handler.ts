import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, poison } from '@scalpstorm/bus';
import { type OrderApproved, orderApproved } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { PlaceOrder } from './place-order.js';

/**
 * An approval in; the order's SENDING mark is committed, then the request leaves. Redelivery finds the order known and
 * sends nothing: what became of a mark without an answer is for `ResolveUnknown`.
 */
@Controller()
export class OrderApprovedHandler {
  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly placeOrder: PlaceOrder,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  @Hears(orderApproved, { keyOf: (event) => event.order.clientOrderId })
  async handle(event: OrderApproved): Promise<Outcome> {
    const { order: request, meta, expiresAt } = event;
    const venue = this.venues.venueOf(request.accountId);
    if (venue === null) return poison(`account ${request.accountId} is not configured here`);
    const cause = { clientOrderId: request.clientOrderId, occurredAt: meta.occurredAt, causedBy: meta.eventId };

    if (this.clock.now() > expiresAt) {
      const reason = { code: 'APPROVAL_EXPIRED', text: 'the approval was too old when it arrived; nothing was sent' };
      await this.ledger.admit(request, { ...cause, events: [{ kind: 'expired', reason }] });
      return done;
    }
    const requestExpiresAt = Timestamp.plus(venue.venueTime(), this.venues.requestLifeMs * 1000);
    const { tracked, fresh } = await this.ledger.admit(request, {
      ...cause,
      events: [{ kind: 'sending', attempt: 1, expiresAt: requestExpiresAt }],
    });
    // A cancel that came first has ended it.
    if (fresh && tracked.order.status === 'sending') {
      // Not awaited: the mark is durable, so the message is done, and a slow venue must not hold up the next order.
      this.placeOrder.place(tracked, meta.eventId).catch((error) => {
        stopOnBrokenInvariant(error);
        this.log.error({ clientOrderId: request.clientOrderId, error }, 'the answer to an order could not be stored');
      });
    }
    return done;
  }
}
