import { contentOf, flowsOf, type StagedBatch } from '@scalpstorm/execution/simulation';
import { assert } from '@scalpstorm/kernel';
import { type ClientOrderId, isFinal, type OrderRequest, Quantity } from '@scalpstorm/model';
import type { ExecutionDatabase } from '../services/execution-database.js';
import { rename } from '../venue/rename.js';
import type { VenueBooks } from '../venue/venue-books.js';
import { viewOf } from '../venue/venue-order.js';
import { changeOf } from './exposure.js';
import type { Violated } from './violation.js';

export interface CommitWatchParts {
  /** The venue tells orders by its own ids alone. */
  readonly keepsNoIds: boolean;
  /** What was at the venue by one name is there by another. */
  readonly renamed: (from: ClientOrderId, to: ClientOrderId) => void;
  readonly rows: () => ExecutionDatabase;
  readonly venue: () => VenueBooks;
}

/** What is about to be committed: by the newest token, in legal steps, of trades that there were, and with sums that are right. */
export class CommitWatch {
  private readonly positions = new Map<string, bigint>();
  private readonly flows = new Map<string, bigint>();

  constructor(
    private readonly parts: CommitWatchParts,
    private readonly violated: Violated,
  ) {}

  committing(batch: StagedBatch, token: bigint, current: bigint): void {
    if (token !== current) this.violated('I1', `a writer with token ${token} wrote where ${current} is the newest`);
    if (this.parts.keepsNoIds) this.nameAdopted(batch);
    this.requireLegal(batch);
    for (const fill of batch.fills) this.requireTraded(fill);
    for (const { event, order } of batch.events) {
      const blocked = event.kind === 'denied' && event.reason.code === 'TRADING_HALTED';
      if (blocked && order.request.purpose === 'close')
        this.violated('I8', `the close ${order.request.clientOrderId} was held back by a halt`);
    }
    this.requireSums(batch);
  }

  /**
   * Where the venue keeps no ids, one of two orders in doubt that are the same in everything is as good as the other: whichever execution
   * takes it for is its name from now on.
   */
  private nameAdopted({ events }: StagedBatch): void {
    const venue = this.parts.venue();
    for (const { event, order } of events) {
      if (event.kind !== 'accepted' || event.venueOrderId === null) continue;
      const { request } = order;
      const there = venue.orders.find((one) => viewOf(one).venueOrderId === event.venueOrderId);
      if (there === undefined || there.request.clientOrderId === request.clientOrderId) continue;
      if (!isAlike(there.request, request)) continue;
      this.parts.renamed(there.request.clientOrderId, request.clientOrderId);
      rename(venue, there, request.clientOrderId);
    }
  }

  private requireLegal({ events }: StagedBatch): void {
    const rows = this.parts.rows();
    const before = new Map<ClientOrderId, { status: string; version: number; filled: bigint }>();
    for (const { event, order } of events) {
      const { clientOrderId, quantity } = order.request;
      const stored = rows.orders.get(clientOrderId)?.tracked.order;
      const last = before.get(clientOrderId) ?? {
        status: stored?.status ?? 'initialized',
        version: stored?.version ?? 0,
        filled: stored?.filledQuantity ?? 0n,
      };
      const wasFinal = stored !== undefined && isFinal(last.status as typeof order.status);
      if (order.version !== last.version + 1) this.violated('I7', `${clientOrderId} skips a version`);
      if (wasFinal && event.kind !== 'filled') this.violated('I7', `${clientOrderId} was final and is ${order.status}`);
      if (order.filledQuantity < last.filled || order.filledQuantity > quantity)
        this.violated('I7', `${clientOrderId} is filled ${Quantity.format(order.filledQuantity)}`);
      if (isFinal(order.status) && !wasFinal) this.requireOver(clientOrderId, order.status);
      before.set(clientOrderId, { status: order.status, version: order.version, filled: order.filledQuantity });
    }
  }

  /** Unknown is not rejected: what ends here has ended at the venue. */
  private requireOver(clientOrderId: ClientOrderId, status: string): void {
    const there = this.parts.venue().open.some(({ request }) => request.clientOrderId === clientOrderId);
    if (there) this.violated('I2', `${clientOrderId} is ${status} here and works at the venue`);
  }

  private requireTraded(fill: StagedBatch['fills'][number]): void {
    const traded = this.parts.venue().fills[Number(fill.tradeId) - 1];
    const same =
      traded !== undefined && contentOf({ ...traded, clientOrderId: fill.clientOrderId }) === contentOf(fill);
    if (!same || traded.clientOrderId !== fill.clientOrderId)
      this.violated('I3', `trade ${fill.tradeId} of ${fill.clientOrderId} is booked, and the venue has no such trade`);
  }

  private requireSums({ fills, positions, orders }: StagedBatch): void {
    const rows = this.parts.rows();
    for (const fill of fills) {
      const request = (orders.get(fill.clientOrderId) ?? rows.orders.get(fill.clientOrderId))?.tracked.order.request;
      assert(request !== undefined, 'a fill of an order that nobody has');
      const key = request.botId ?? '';
      this.positions.set(key, (this.positions.get(key) ?? 0n) + changeOf(fill));
      for (const [currency, amount] of flowsOf(fill)) {
        this.flows.set(currency, (this.flows.get(currency) ?? 0n) + amount);
      }
    }
    for (const { botId, quantity } of positions.values()) {
      const sum = this.positions.get(botId ?? '') ?? 0n;
      if (sum !== quantity) this.violated('I4', `bot ${botId} holds ${quantity}, its fills add up to ${sum}`);
    }
  }

  /** By the fills that were committed, summed here. */
  get booked(): { readonly positions: ReadonlyMap<string, bigint>; readonly flows: ReadonlyMap<string, bigint> } {
    return { positions: this.positions, flows: this.flows };
  }
}

const isAlike = (left: OrderRequest, right: OrderRequest): boolean =>
  left.botId === right.botId &&
  left.userId === right.userId &&
  left.side === right.side &&
  left.type === right.type &&
  left.price === right.price &&
  left.quantity === right.quantity &&
  left.purpose === right.purpose;
