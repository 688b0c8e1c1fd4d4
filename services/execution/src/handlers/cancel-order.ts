import { Injectable } from '@nestjs/common';
import { aboutOf, attributesOf } from '@scalpstorm/bus';
import { awaitsFills } from '@scalpstorm/engine';
import { type ClientOrderId, type EventId, isFinal, type Order, type OrderEvent } from '@scalpstorm/model';
import { Log, span, WallClock } from '@scalpstorm/observability';
import type { CancelOutcome } from '@scalpstorm/venue-api';
import { OutstandingCancels } from '../domain/outstanding-cancels.js';
import { eventsOfView } from '../domain/venue-events.js';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { AlignOrder } from './align-order.js';

/** Asks the venue to cancel an order whose reason is already durable. Repeating it is harmless. */
@Injectable()
export class CancelOrder {
  private readonly outstanding = new OutstandingCancels();
  /** Those whose answer is awaited: a halt is heard from the gate, the gateway and the bots, and one cancel is enough for all. */
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly alignOrder: AlignOrder,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** A cancel is wanted: while `work` stores and sends it, no refusal of an earlier one takes its reason away. */
  announce<T>(clientOrderId: ClientOrderId, work: () => Promise<T>): Promise<T> {
    return this.outstanding.during(clientOrderId, work);
  }

  /**
   * Whoever asks while it is on its way gets the same answer.
   * @param idAtVenue another one than ours when somebody amended the order there
   */
  cancel(order: Order, causedBy: EventId | null, idAtVenue = order.request.clientOrderId): Promise<void> {
    const key = `${order.request.clientOrderId} ${idAtVenue}`;
    const known = this.underWay.get(key);
    if (known !== undefined) return known;
    const leaving = this.send(order, causedBy, idAtVenue).finally(() => this.underWay.delete(key));
    this.underWay.set(key, leaving);
    return leaving;
  }

  private async send(order: Order, causedBy: EventId | null, idAtVenue: ClientOrderId): Promise<void> {
    const { clientOrderId, instrumentId, accountId } = order.request;
    if (isFinal(order.status) || awaitsFills(order)) return;
    if (order.statusBefore === 'emulated') return this.endEmulated(order, causedBy);
    const venue = this.venues.venueOf(accountId);
    if (venue === null) {
      this.log.warn(
        { clientOrderId, accountId },
        'a cancel can not leave: the account has no connection; it is sent later',
      );
      return;
    }
    const cancel = () =>
      this.outstanding.during(clientOrderId, () => venue.cancel({ clientOrderId: idAtVenue, instrumentId }));
    const outcome = await span('cancel order', attributesOf(aboutOf({ order })), cancel, { kind: 'client' });
    const now = this.clock.now();
    if (outcome.kind === 'unknown') this.outstanding.doubt(clientOrderId, now);
    if (outcome.kind === 'rejected' && this.outstanding.has(clientOrderId, now)) {
      this.log.info({ clientOrderId, code: outcome.code }, 'a cancel was refused while another one may still work');
      return;
    }
    const events = eventsOfCancel(outcome);
    if (events.length === 0) {
      // Nothing is proved: `ResolveUnknown` looks the order up until it is.
      const words = 'the cancel was not confirmed; the order will be looked up';
      // Filled or gone while the cancel was on its way: an everyday race.
      if (outcome.kind === 'not-found') this.log.info({ clientOrderId, outcome: outcome.kind }, words);
      else this.log.warn({ clientOrderId, outcome: outcome.kind }, words);
      return;
    }
    const view = outcome.kind === 'canceled' ? outcome.order : null;
    const filledAtVenue = view?.filledQuantity;
    const recorded = await this.ledger.record({ clientOrderId, events, filledAtVenue, occurredAt: now, causedBy });
    if (recorded !== null && view !== null) await this.alignOrder.told(recorded.tracked, view);
  }

  /** Nothing of it is at the venue, and with the cancel in the books nothing will be. */
  private async endEmulated({ request: { clientOrderId } }: Order, causedBy: EventId | null): Promise<void> {
    const reason = { code: 'CANCELED_BEFORE_TRIGGER', text: 'it was canceled while its trigger was watched here' };
    const occurredAt = this.clock.now();
    await this.ledger.record({ clientOrderId, events: [{ kind: 'canceled', reason }], occurredAt, causedBy });
  }
}

function eventsOfCancel(outcome: CancelOutcome): readonly OrderEvent[] {
  switch (outcome.kind) {
    case 'canceled':
      return eventsOfView(outcome.order);
    case 'rejected':
      return outcome.retryable ? [] : [{ kind: 'cancel-rejected', reason: { code: outcome.code, text: outcome.text } }];
    case 'not-found':
    case 'unknown':
      return [];
  }
}
