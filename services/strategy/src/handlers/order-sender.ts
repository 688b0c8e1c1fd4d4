import { type Bus, newMeta } from '@scalpstorm/bus';
import { cancelRequested, orderRequested } from '@scalpstorm/contracts';
import type { Clock, Timestamp } from '@scalpstorm/kernel';
import type { AccountId, EventId } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import type { WantedCancel, WantedPlacement } from '../domain/advance.js';

/** What led to a step. */
export interface Cause {
  readonly eventId: EventId | null;
  /** The market event that a placement rests on. */
  readonly marketAt: Timestamp | null;
}

/** A step that neither an event nor the market caused, but time or a user. */
export const ofItself: Cause = { eventId: null, marketAt: null };

/** Says what bots want. Nothing is awaited: what is lost is asked again by the strategy itself, with the next number. */
export class OrderSender {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  place({ request, ask }: WantedPlacement, { eventId, marketAt }: Cause): void {
    const event = { meta: newMeta(this.clock, eventId), order: request, ask, marketAt };
    this.bus.send(orderRequested, event, `${request.clientOrderId}:${ask}`).catch((error) => {
      const { clientOrderId } = request;
      this.log.warn({ clientOrderId, error }, 'a request was not acknowledged; it will be asked again');
    });
  }

  cancel(accountId: AccountId, { clientOrderId, reason }: WantedCancel, { eventId }: Cause): void {
    const event = { meta: newMeta(this.clock, eventId), accountId, clientOrderId, reason };
    this.bus.send(cancelRequested, event).catch((error) => {
      this.log.warn({ clientOrderId, error }, 'a cancel was not acknowledged; it will be asked again');
    });
  }
}
