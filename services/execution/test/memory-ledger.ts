import type { Micros, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  type ClientOrderId,
  type Fill,
  isFinal,
  type Order,
  type OrderRequest,
  type TradeId,
} from '@scalpstorm/model';
import { type CommitAnswer, type LaneStorage, LedgerLane } from '../src/adapters/ledger-lane.js';
import { Books, type KnownOrder } from '../src/domain/books.js';
import type { EarlyCancel } from '../src/domain/early-cancel.js';
import { flowsOf, tradeKey } from '../src/domain/fill-content.js';
import type { StagedBatch } from '../src/domain/staged-batch.js';
import {
  type CancelWish,
  type Change,
  Ledger,
  type NamedByVenue,
  type Span,
  type Traded,
} from '../src/ports/ledger.js';

/** What was committed; survives the ledger that wrote it. */
export class MemoryStorage implements LaneStorage {
  readonly orders = new Map<ClientOrderId, KnownOrder>();
  readonly cancels = new Map<ClientOrderId, EarlyCancel>();
  readonly commits: StagedBatch[] = [];
  readonly loads: (readonly ClientOrderId[])[] = [];
  /** Called before a commit takes effect. */
  beforeCommit: (batch: StagedBatch) => Promise<void> = async () => undefined;

  async load(ids: readonly ClientOrderId[]): Promise<readonly KnownOrder[]> {
    this.loads.push(ids);
    return ids.flatMap((id) => this.orders.get(id) ?? []);
  }

  async commit(batch: StagedBatch): Promise<CommitAnswer> {
    await this.beforeCommit(batch);
    const orders = [...batch.orders.keys()].filter((id) => batch.versionBefore(id) !== (this.order(id)?.version ?? 0));
    const given = new Set(batch.fills.map(tradeKey));
    const fills = this.fills.filter((fill) => given.has(tradeKey(fill)));
    if (orders.length > 0 || fills.length > 0) return { kind: 'known-already', orders, fills };
    this.commits.push(batch);
    for (const [id, known] of batch.orders) this.orders.set(id, known);
    for (const [id, cancel] of batch.cancels) this.cancels.set(id, cancel);
    for (const id of batch.spentCancels) this.cancels.delete(id);
    return { kind: 'committed' };
  }

  get fills(): readonly Fill[] {
    return this.commits.flatMap((batch) => batch.fills);
  }

  order(id: ClientOrderId): Order | null {
    return this.orders.get(id)?.tracked.order ?? null;
  }
}

/** The real lane and books over a storage in memory. */
export class MemoryLedger extends Ledger {
  readonly books: Books;
  readonly lane: LedgerLane;
  readonly deaths: Error[] = [];

  constructor(
    now: () => Timestamp,
    readonly storage = new MemoryStorage(),
    accountId = AccountId.of('demo'),
    steady: () => Micros = now,
  ) {
    super();
    this.books = new Books(accountId, now, steady);
    const told = {
      load: (ids: readonly ClientOrderId[]) => storage.load(ids),
      commit: (batch: StagedBatch) => storage.commit(batch),
      installed: (batch: StagedBatch) => this.tellFollowers(batch.changed()),
    };
    this.lane = new LedgerLane(this.books, told, (cause) => void this.deaths.push(cause));
  }

  async open(): Promise<void> {
    for (const known of this.storage.orders.values())
      if (!isFinal(known.tracked.order.status)) this.books.remember(known);
    for (const cancel of this.storage.cancels.values()) this.books.rememberCancel(cancel);
  }

  isOpen(accountId: AccountId) {
    return accountId === this.books.accountId;
  }

  drain() {
    return this.lane.drain();
  }

  admit(request: OrderRequest, change: Change) {
    return this.lane.admit(request, change);
  }

  record(change: Change) {
    return this.lane.record(change);
  }

  requestCancel(wish: CancelWish) {
    return this.lane.requestCancel(wish);
  }

  async find(clientOrderId: ClientOrderId) {
    return (await this.lane.find(clientOrderId))?.tracked ?? null;
  }

  override async wasEmulated(clientOrderId: ClientOrderId) {
    const events = this.storage.commits.flatMap((batch) => batch.events);
    return events.some(
      ({ event, order }) => event.kind === 'emulated' && order.request.clientOrderId === clientOrderId,
    );
  }

  async findByVenueId(_accountId: AccountId, { instrumentId, venueOrderId }: NamedByVenue) {
    const all = [...this.storage.orders.values()].map(({ tracked }) => tracked);
    const taken = all.filter(({ order }) => order.venueOrderId === venueOrderId);
    return taken.find(({ order }) => order.request.instrumentId === instrumentId) ?? null;
  }

  quietFor(order: Order) {
    return this.books.quietFor(order);
  }

  working(accountId: AccountId = this.books.accountId) {
    return this.isOpen(accountId) ? this.books.working() : [];
  }

  positions() {
    return this.books.positions();
  }

  async cashFlow(): Promise<ReadonlyMap<string, bigint>> {
    const flow = new Map<string, bigint>();
    for (const [currency, amount] of this.storage.fills.flatMap(flowsOf))
      flow.set(currency, (flow.get(currency) ?? 0n) + amount);
    return flow;
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

  async accepted(_accountId: AccountId, { from, to }: Span, limit: number) {
    const orders = [...this.storage.orders.values()].map(({ tracked }) => tracked);
    const taken = orders.filter(
      ({ order }) => order.venueOrderId !== null && order.createdAt >= from && order.createdAt <= to,
    );
    return taken.sort((a, b) => b.order.createdAt - a.order.createdAt).slice(0, limit);
  }

  async newestAtVenue(_accountId: AccountId, instrumentId: OrderRequest['instrumentId']) {
    const orders = [...this.storage.orders.values()].map(({ tracked }) => tracked.order);
    const taken = orders.filter(({ request }) => request.instrumentId === instrumentId);
    return taken.filter(({ venueOrderId }) => venueOrderId !== null).at(-1)?.venueOrderId ?? null;
  }

  async ownerOf(_accountId: AccountId, botId: OrderRequest['botId']) {
    const requests = [...this.storage.orders.values()].map(({ tracked }) => tracked.order.request);
    const [own] = requests.filter((request) => request.botId === botId);
    const users = new Set(requests.map(({ userId }) => userId));
    return own?.userId ?? (users.size === 1 ? [...users][0] : null) ?? null;
  }

  async close(): Promise<void> {
    await this.lane.drain();
  }

  get bookedTrades(): readonly TradeId[] {
    return this.storage.fills.map((fill) => fill.tradeId);
  }
}
