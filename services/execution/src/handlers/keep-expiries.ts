import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type ClientOrderId, isFinal, type Order, type OrderRequest } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { CancelOrder } from './cancel-order.js';
import { PlaceOrder } from './place-order.js';

const everyMs = 250;
const findEvery = second;
const againMax = 60 * second;

const isDated = ({ request, status, cancelReason }: Order): boolean =>
  request.expiresAt !== undefined && cancelReason === null && !isFinal(status);

/**
 * The expiry of `GTD`, which no venue of ours keeps. That its time is over is durable before the cancel leaves, as with every
 * cancel; its fills until then count, and it ends as expired. After a start what expired meanwhile is canceled at once.
 */
@Injectable()
export class KeepExpiries implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly ending = new Set<ClientOrderId>();
  /** Cancels asked for orders whose time is over, and when the next one may leave; a venue that refuses them is not asked without end. */
  private readonly asked = new Map<ClientOrderId, { readonly times: number; readonly notBefore: Timestamp }>();
  private timer: NodeJS.Timeout | null = null;
  private dated: readonly OrderRequest[] = [];
  private foundAt: Timestamp | null = null;

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
    if (this.foundAt === null || now - this.foundAt >= findEvery) this.find(now);
    for (const request of this.dated) if ((request.expiresAt ?? now) <= now) this.end(request);
  }

  /** Most orders have no expiry: they are gone through once a second, and those that have one four times. */
  private find(now: Timestamp): void {
    this.foundAt = now;
    const open = this.venues.accounts().filter(({ id }) => this.ledger.isOpen(id));
    const working = open.flatMap(({ id }) => this.ledger.working(id).map(({ order }) => order));
    this.dated = working.filter(isDated).map(({ request }) => request);
    const alive = new Set(working.map(({ request }) => request.clientOrderId));
    for (const id of this.asked.keys()) if (!alive.has(id)) this.asked.delete(id);
  }

  private end(request: OrderRequest): void {
    const { clientOrderId } = request;
    if (this.ending.has(clientOrderId) || (this.asked.get(clientOrderId)?.notBefore ?? 0) > this.clock.now()) return;
    this.ending.add(clientOrderId);
    this.cancelOrder
      .announce(clientOrderId, () => this.cancel(request))
      .catch((error) => this.failed(clientOrderId, error))
      .finally(() => this.ending.delete(clientOrderId));
  }

  /** A second time means that the venue refused the first for good: a cancel that was not answered keeps its reason, and is repeated elsewhere. */
  private note(clientOrderId: ClientOrderId, now: Timestamp): void {
    const times = (this.asked.get(clientOrderId)?.times ?? 0) + 1;
    const notBefore = Timestamp.plus(now, Math.min(againMax, second * 2 ** Math.min(times - 1, 10)));
    this.asked.set(clientOrderId, { times, notBefore });
    if (times === 2)
      this.log.error({ clientOrderId }, 'the venue refuses to cancel an order whose time is over; ever more rarely');
  }

  private async cancel({ accountId, clientOrderId }: OrderRequest): Promise<void> {
    // Somebody may have been quicker, and his reason stays.
    const known = await this.ledger.find(clientOrderId);
    if (known === null || !isDated(known.order)) return;
    const requestedAt = this.clock.now();
    const wish = { accountId, clientOrderId, cancelReason: 'expiry', requestedAt, causedBy: null } as const;
    const recorded = await this.ledger.requestCancel(wish);
    if (recorded === null || isFinal(recorded.tracked.order.status)) return;
    this.note(clientOrderId, requestedAt);
    // `PlaceOrder` cancels as soon as the answer is in.
    if (this.placeOrder.isInFlight(clientOrderId)) return;
    // Not awaited: while it is announced, its own refusal would count as one of a cancel beside which another one may still work.
    this.cancelOrder.cancel(recorded.tracked.order, null).catch((error) => this.failed(clientOrderId, error));
  }

  private failed(clientOrderId: ClientOrderId, error: unknown): void {
    stopOnBrokenInvariant(error);
    this.log.error({ clientOrderId, error }, 'an order whose time is over could not be canceled; once more');
  }
}
