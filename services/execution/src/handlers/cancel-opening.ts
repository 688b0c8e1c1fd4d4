import { Injectable } from '@nestjs/common';
import { type EventId, isFinal, type OrderRequest, RiskScope } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import type { TrackedOrder } from '../domain/order-row.js';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { CancelOrder } from './cancel-order.js';
import { PlaceOrder } from './place-order.js';

/** Reasons being stored at once; they share a commit. */
const lanes = 64;

/**
 * Cancels what would open in a scope, without anybody else: what closes stays. The reason of each is durable before its cancel leaves. What was
 * asked to be canceled already is not asked again.
 */
@Injectable()
export class CancelOpening {
  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly cancelOrder: CancelOrder,
    private readonly placeOrder: PlaceOrder,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** How many cancels were asked. @throws what the ledger throws, after all were tried: repeat it then */
  async run(scope: RiskScope, causedBy: EventId | null): Promise<number> {
    const wanted = this.wantedIn(scope);
    const waiting = wanted.values();
    let failure: { readonly cause: unknown } | null = null;
    const lane = async () => {
      for (const tracked of waiting) {
        await this.cancel(tracked, causedBy).catch((cause: unknown) => {
          stopOnBrokenInvariant(cause);
          failure = { cause };
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(lanes, wanted.length) }, lane));
    const failed = failure as { readonly cause: unknown } | null;
    if (failed !== null) throw failed.cause;
    return wanted.length;
  }

  private wantedIn(scope: RiskScope): readonly TrackedOrder[] {
    return this.venues
      .accounts()
      .filter(({ id }) => this.ledger.isOpen(id))
      .flatMap(({ id }) => this.ledger.working(id))
      .filter(({ order }) => order.request.purpose === 'open' && order.cancelReason === null)
      .filter(({ order }) => isIn(scope, order.request));
  }

  private cancel({ order: { request } }: TrackedOrder, causedBy: EventId | null): Promise<void> {
    const { accountId, clientOrderId } = request;
    return this.cancelOrder.announce(clientOrderId, async () => {
      const wish = { accountId, clientOrderId, cancelReason: 'halt' as const };
      const recorded = await this.ledger.requestCancel({ ...wish, requestedAt: this.clock.now(), causedBy });
      // `PlaceOrder` cancels one that is on its way as soon as the answer is in.
      if (recorded === null || isFinal(recorded.tracked.order.status)) return;
      if (this.placeOrder.isInFlight(clientOrderId)) return;
      this.cancelOrder.cancel(recorded.tracked.order, causedBy).catch((error: unknown) => {
        stopOnBrokenInvariant(error);
        this.log.error({ clientOrderId, error }, 'the answer to a cancel could not be stored');
      });
    });
  }
}

function isIn(scope: RiskScope, request: OrderRequest): boolean {
  const whose = RiskScope.format(scope);
  return RiskScope.all(request).some((one) => RiskScope.format(one) === whose);
}
