import { Injectable } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import {
  type CancelRequested,
  type Contract,
  cancelRequested,
  type OrderRequested,
  orderRequested,
} from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, ClientOrderId, EventId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import type { WantedCancel, WantedPlacement } from '../domain/advance.js';
import { BotsLease } from '../ports/bots-lease.js';

/** What led to a step. */
export interface Cause {
  readonly eventId: EventId | null;
  /** The market event that a placement rests on. */
  readonly marketAt: Timestamp | null;
}

/** A step that neither an event nor the market caused, but time or a user. */
export const ofItself: Cause = { eventId: null, marketAt: null };

interface Said {
  readonly clientOrderId: ClientOrderId;
  readonly messageId?: string;
}

/**
 * Says what bots want; everything that does not leave through a transaction leaves here, and nothing does without the lease. Nothing
 * is awaited: what is lost is asked again by the strategy itself, with the next number.
 */
@Injectable()
export class OrderSender {
  constructor(
    private readonly bus: Bus,
    private readonly lease: BotsLease,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** False: another process may run the bots by now, and what is said here is not heard. */
  get maySpeak(): boolean {
    return this.lease.isHeld;
  }

  place({ request, ask }: WantedPlacement, { eventId, marketAt }: Cause): void {
    const { clientOrderId } = request;
    const event = { meta: newMeta(this.clock, eventId), order: request, ask, marketAt };
    this.say(orderRequested, event, { clientOrderId, messageId: `${clientOrderId}:${ask}` });
  }

  cancel(accountId: AccountId, { clientOrderId, reason }: WantedCancel, { eventId }: Cause): void {
    const event = { meta: newMeta(this.clock, eventId), accountId, clientOrderId, reason };
    this.say(cancelRequested, event, { clientOrderId });
  }

  private say<E extends OrderRequested | CancelRequested>(contract: Contract<E>, event: E, said: Said): void {
    const { clientOrderId, messageId } = said;
    if (!this.maySpeak) {
      this.log.warn({ clientOrderId }, `${contract.name} is not said: the lease of the bots is not held`);
      return;
    }
    this.bus.send(contract, event, messageId).catch((error) => {
      this.log.warn({ clientOrderId, error }, `${contract.name} was not acknowledged; it will be asked again`);
    });
  }
}
