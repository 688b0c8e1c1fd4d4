import { Injectable } from '@nestjs/common';
import { type AccountId, type CancelReason, type ClientOrderId, isFinal } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { CancelOrder } from './cancel-order.js';
import { PlaceOrder } from './place-order.js';

export interface Unwanted {
  readonly accountId: AccountId;
  readonly clientOrderId: ClientOrderId;
  readonly reason: CancelReason;
}

/** Cancels an order that its plan, or a halt that closes what is held, does not want any more; the same way as everybody's. */
@Injectable()
export class DropChild {
  constructor(
    private readonly ledger: Ledger,
    private readonly cancelOrder: CancelOrder,
    private readonly placeOrder: PlaceOrder,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** True: there is no order yet, and its approval will not be acted on when it comes. Nobody waits for the venue here. */
  drop(unwanted: Unwanted): Promise<boolean> {
    return this.cancelOrder.announce(unwanted.clientOrderId, () => this.dropNow(unwanted));
  }

  private async dropNow({ accountId, clientOrderId, reason: cancelReason }: Unwanted): Promise<boolean> {
    const requestedAt = this.clock.now();
    const wish = { accountId, clientOrderId, cancelReason, requestedAt, causedBy: null };
    const recorded = await this.ledger.requestCancel(wish);
    if (recorded === null) return true;
    const { order } = recorded.tracked;
    // `PlaceOrder` cancels as soon as the answer is in.
    if (isFinal(order.status) || this.placeOrder.isInFlight(clientOrderId)) return false;
    this.cancelOrder.cancel(order, null).catch((error) => {
      stopOnBrokenInvariant(error);
      this.log.error({ clientOrderId, error }, 'the answer to a cancel could not be stored');
    });
    return false;
  }
}
