import { Controller } from '@nestjs/common';
import { done, Hears, type MessageContext, type Outcome, poison, retry } from '@scalpstorm/bus';
import { type OrderApproved, orderApproved } from '@scalpstorm/contracts';
import { type Micros, millisecond, Timestamp } from '@scalpstorm/kernel';
import type { OrderEvent } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { AccountStates, complaintOf } from './account-states.js';
import { PlaceOrder } from './place-order.js';

/** From this delivery on an approval waits no longer; one delivery more than the consumer allows would make it a dead letter. */
const deliveriesMax = 7;
const waitMsMin = 100;

/**
 * An approval in; the order's SENDING mark is committed, then the request leaves. Redelivery finds the order known and
 * sends nothing: what became of a mark without an answer is for `ResolveUnknown`. While its account recovers an approval
 * waits, at most until it expires; while its account is held, the order is denied and says why.
 */
@Controller()
export class OrderApprovedHandler {
  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly placeOrder: PlaceOrder,
    private readonly states: AccountStates,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  @Hears(orderApproved, { keyOf: (event) => event.order.clientOrderId })
  async handle(event: OrderApproved, { deliveries }: Pick<MessageContext, 'deliveries'>): Promise<Outcome> {
    const { order: request, expiresAt } = event;
    const venue = this.venues.venueOf(request.accountId);
    if (venue === null) return poison(`account ${request.accountId} is not configured here`);
    if (this.clock.now() > expiresAt) return this.end(event, expired);
    const state = this.states.of(request.accountId);
    if (state.kind === 'recovering') {
      if (deliveries >= deliveriesMax) return this.end(event, notRecovered);
      const wait = waitMs(expiresAt - this.clock.now(), deliveries);
      return retry(`account ${request.accountId} is ${complaintOf(state)}`, wait);
    }
    if (!this.states.mayPlace(request.accountId, request.purpose)) {
      const text = `account ${request.accountId} ${complaintOf(state)}`;
      return this.end(event, { kind: 'denied', reason: { code: 'ACCOUNT_NOT_RECONCILED', text } });
    }
    return this.send(event, Timestamp.plus(venue.venueTime(), this.venues.requestLifeMs * millisecond));
  }

  private async send(event: OrderApproved, requestExpiresAt: Timestamp): Promise<Outcome> {
    const { tracked, fresh } = await this.admit(event, { kind: 'sending', attempt: 1, expiresAt: requestExpiresAt });
    // A cancel that came first has ended it.
    if (fresh && tracked.order.status === 'sending') {
      // Not awaited: the mark is durable, so the message is done, and a slow venue must not hold up the next order.
      this.placeOrder.place(tracked, event.meta.eventId).catch((error) => {
        stopOnBrokenInvariant(error);
        const { clientOrderId } = event.order;
        this.log.error({ clientOrderId, error }, 'the answer to an order could not be stored');
      });
    }
    return done;
  }

  private async end(event: OrderApproved, ending: OrderEvent): Promise<Outcome> {
    await this.admit(event, ending);
    return done;
  }

  private admit({ order, meta }: OrderApproved, event: OrderEvent) {
    const { clientOrderId } = order;
    const cause = { occurredAt: meta.occurredAt, causedBy: meta.eventId };
    return this.ledger.admit(order, { clientOrderId, events: [event], ...cause });
  }
}

/** Each wait twice as long as the one before, so that the last one ends with the approval: a message has only so many deliveries. */
function waitMs(untilExpiry: Micros, deliveries: number): number {
  const rest = Math.ceil(untilExpiry / millisecond) + 1;
  const shares = 2 ** (deliveriesMax - 1);
  const share = 2 ** (deliveries - 1);
  return Math.min(rest, Math.max(waitMsMin, Math.ceil((rest * share) / (shares - share))));
}

const expired: OrderEvent = {
  kind: 'expired',
  reason: { code: 'APPROVAL_EXPIRED', text: 'the approval was too old when it arrived; nothing was sent' },
};

const notRecovered: OrderEvent = {
  kind: 'expired',
  reason: { code: 'APPROVAL_EXPIRED', text: 'the account was still being compared with its venue; nothing was sent' },
};
