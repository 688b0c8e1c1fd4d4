import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type ClientOrderId, isFinal, type Order } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { CancelOrder } from './cancel-order.js';
import { PlaceOrder } from './place-order.js';

const everyMs = 250;

/**
 * The expiry of `GTD`, which no venue of ours keeps. That its time is over is durable before the cancel leaves, as with every
 * cancel; its fills until then count, and it ends as expired. After a start what expired meanwhile is canceled at once.
 */
@Injectable()
export class KeepExpiries implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly ending = new Set<ClientOrderId>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly cancelOrder: CancelOrder,
    private readonly placeOrder: PlaceOrder,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  look(): void {
    const now = this.clock.now();
    for (const { id } of this.venues.accounts()) {
      if (!this.ledger.isOpen(id)) continue;
      for (const { order } of this.ledger.working(id)) {
        const { expiresAt } = order.request;
        if (expiresAt !== undefined && expiresAt <= now && order.cancelReason === null) this.end(order);
      }
    }
  }

  private end(order: Order): void {
    const { clientOrderId } = order.request;
    if (this.ending.has(clientOrderId)) return;
    this.ending.add(clientOrderId);
    this.cancelOrder
      .announce(clientOrderId, () => this.cancel(order))
      .catch((error) => {
        stopOnBrokenInvariant(error);
        this.log.error({ clientOrderId, error }, 'an order whose time is over could not be canceled; once more');
      })
      .finally(() => this.ending.delete(clientOrderId));
  }

  private async cancel({ request: { accountId, clientOrderId } }: Order): Promise<void> {
    const requestedAt = this.clock.now();
    const wish = { accountId, clientOrderId, cancelReason: 'expiry', requestedAt, causedBy: null } as const;
    const recorded = await this.ledger.requestCancel(wish);
    if (recorded === null || isFinal(recorded.tracked.order.status)) return;
    // `PlaceOrder` cancels as soon as the answer is in.
    if (!this.placeOrder.isInFlight(clientOrderId)) await this.cancelOrder.cancel(recorded.tracked.order, null);
  }
}
