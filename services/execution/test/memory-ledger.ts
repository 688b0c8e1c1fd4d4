import type { Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  type ClientOrderId,
  isFinal,
  type Order,
  type OrderRequest,
  type TradeId,
  type VenueOrderId,
} from '@scalpstorm/model';
import { type LaneStorage, LedgerLane, type LoadedOrder } from '../src/adapters/ledger-lane.js';
import { Books, type StagedBatch } from '../src/domain/books.js';
import { baseOf, quoteOf } from '../src/domain/order-row.js';
import { type Change, Ledger, type Traded } from '../src/ports/ledger.js';

/** What was committed; survives the ledger that wrote it. */
export class MemoryStorage implements LaneStorage {
  readonly orders = new Map<ClientOrderId, LoadedOrder>();
  readonly commits: StagedBatch[] = [];
  readonly loads: (readonly ClientOrderId[])[] = [];
  /** Called before a commit takes effect. */
  beforeCommit: (batch: StagedBatch) => Promise<void> = async () => undefined;

  async load(ids: readonly ClientOrderId[]): Promise<readonly LoadedOrder[]> {
    this.loads.push(ids);
    return ids.flatMap((id) => this.orders.get(id) ?? []);
  }

  async commit(batch: StagedBatch): Promise<void> {
    await this.beforeCommit(batch);
    this.commits.push(batch);
    for (const [id, known] of batch.orders) this.orders.set(id, known);
  }

  order(id: ClientOrderId): Order | null {
    return this.orders.get(id)?.tracked.order ?? null;
  }
}

/** The real lane and books over a storage in memory. */
export class MemoryLedger extends Ledger {
  readonly books: Books;
  readonly lane: LedgerLane;
  private readonly flow = new Map<string, bigint>();

  constructor(
    now: () => Timestamp,
    readonly storage = new MemoryStorage(),
  ) {
    super();
    this.books = new Books(AccountId.of('demo'), now);
    this.lane = new LedgerLane(this.books, storage, now);
  }

  async open(): Promise<void> {
    for (const known of this.storage.orders.values())
      if (!isFinal(known.tracked.order.status)) this.books.remember(known);
  }

  admit(request: OrderRequest, change: Change) {
    return this.lane.admit(request, change);
  }

  record(change: Change) {
    return this.lane.record(change);
  }

  async find(clientOrderId: ClientOrderId) {
    return (await this.lane.find(clientOrderId))?.tracked ?? null;
  }

  async findByVenueId(_accountId: AccountId, venueOrderId: VenueOrderId) {
    const known = [...this.storage.orders.values()].find(({ tracked }) => tracked.order.venueOrderId === venueOrderId);
    return known?.tracked ?? null;
  }

  working() {
    return this.books.working();
  }

  positions() {
    return this.books.positions();
  }

  async cashFlow(): Promise<ReadonlyMap<string, bigint>> {
    this.flow.clear();
    for (const fill of this.storage.commits.flatMap((batch) => batch.fills)) {
      const sign = fill.side === 'buy' ? 1n : -1n;
      this.add(baseOf(fill.instrumentId), sign * fill.quantity * 10n ** 6n);
      this.add(quoteOf(fill.instrumentId), (-sign * fill.quantity * fill.price) / 10n ** 6n);
      this.add(fill.fee.currency, -fill.fee.amount);
    }
    return new Map(this.flow);
  }

  async traded(): Promise<readonly Traded[]> {
    const since = new Map<Traded['instrumentId'], Timestamp>();
    for (const { tracked } of this.storage.orders.values()) {
      const { request, createdAt } = tracked.order;
      if (createdAt < (since.get(request.instrumentId) ?? Number.POSITIVE_INFINITY))
        since.set(request.instrumentId, createdAt);
    }
    return [...since].map(([instrumentId, first]) => ({ instrumentId, since: first }));
  }

  async close(): Promise<void> {
    await this.lane.drain();
  }

  get bookedTrades(): readonly TradeId[] {
    return this.storage.commits.flatMap((batch) => batch.fills).map((fill) => fill.tradeId);
  }

  private add(currency: string, amount: bigint): void {
    this.flow.set(currency, (this.flow.get(currency) ?? 0n) + amount);
  }
}
