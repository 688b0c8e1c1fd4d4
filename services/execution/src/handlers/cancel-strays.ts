import { Injectable } from '@nestjs/common';
import type { ClientOrderId, Order } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import type { ExecutionVenue } from '@scalpstorm/venue-api';

export interface Stray {
  readonly order: Order;
  /** Under which the venue has it: another one when somebody amended it there. */
  readonly idAtVenue: ClientOrderId;
}

/** So many in one comparison; the next one goes on. Cancels must not use up the requests that trading needs. */
const strayMax = 20;

/**
 * Orders under our own ids that are over in our books and work at the venue: nobody would ever cancel them, and their fills belong to
 * nobody's plan. Only with two answers that are newer than the end of the order (see `CompareOrders`), and only after the difference,
 * which is the reason of the cancel, is durable. What such an order had filled is booked as late fills.
 */
@Injectable()
export class CancelStrays {
  constructor(private readonly log: Log) {}

  async cancel(strays: readonly Stray[], venue: ExecutionVenue): Promise<void> {
    for (const { order, idAtVenue } of strays.slice(0, strayMax)) {
      const { status } = order;
      const { clientOrderId, instrumentId, accountId } = order.request;
      const outcome = await venue.cancel({ clientOrderId: idAtVenue, instrumentId });
      const words = 'an order that is over here worked at the venue and was to be canceled there';
      this.log.warn({ accountId, clientOrderId, status, outcome: outcome.kind }, words);
    }
  }
}
