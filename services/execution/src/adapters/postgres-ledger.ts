import { positionFromView, type StandingPositionRow } from '@scalpstorm/contracts';
import { assert, BrokenInvariant, type Micros, Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type BotId,
  type ClientOrderId,
  type InstrumentId,
  type Order,
  type OrderRequest,
  type Position,
  TradeId,
  type UserId,
  type VenueOrderId,
} from '@scalpstorm/model';
import { steadyTime, type WallClock } from '@scalpstorm/observability';
import type { ChainMark, Outbox, Store, Transaction } from '@scalpstorm/store';
import { Books, type KnownOrder } from '../domain/books.js';
import type { EarlyCancel } from '../domain/early-cancel.js';
import { contentOf } from '../domain/fill-content.js';
import { type FillRow, fillFromRow } from '../domain/fill-row.js';
import { type OrderRow, orderFromRow, type TrackedOrder } from '../domain/order-row.js';
import type { StagedBatch } from '../domain/staged-batch.js';
import {
  type CancelWish,
  type Change,
  Ledger,
  type NamedByVenue,
  type Recorded,
  type Span,
  type Traded,
} from '../ports/ledger.js';
import { AccountLease } from './account-lease.js';
import { type EarlyCancelRow, earlyCancelOf } from './early-cancel-row.js';
import { exactUnits } from './exact-units.js';
import { LedgerCommits } from './ledger-commits.js';
import { LedgerLane } from './ledger-lane.js';
import { OrderChain } from './order-chain.js';
import { PostgresOrderChain } from './postgres-order-chain.js';

/** A holder that stands still in a transaction keeps its successor waiting no longer than one that was cut off. */
const idleMsMax = 3_000;

interface OpenAccount {
  readonly lease: AccountLease;
  readonly books: Books;
  readonly lane: LedgerLane;
  readonly chain: OrderChain;
}

export interface PostgresLedgerParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: WallClock;
  /** Microseconds by a clock that nobody sets; that of the process by default. */
  readonly steady?: () => Micros;
  /** What to do when memory can not be trusted any more; ends the process by default. */
  readonly die?: (error: Error) => void;
}

/** The ledger in the schema of execution. */
export class PostgresLedger extends Ledger {
  private readonly accounts = new Map<AccountId, OpenAccount>();

  private readonly commits: LedgerCommits;
  private readonly die: (error: Error) => void;

  constructor(private readonly parts: PostgresLedgerParts) {
    super();
    this.die = parts.die ?? stopAtOnce;
    this.commits = new LedgerCommits(parts);
  }

  async open(accountId: AccountId): Promise<void> {
    if (this.isOpen(accountId)) return;
    const lease = await AccountLease.take(this.parts.store, accountId, this.die);
    try {
      const books = await this.loadBooks(accountId);
      // After the lease was taken: whoever wrote before has committed, and writes no more.
      const chain = new OrderChain(accountId, await new PostgresOrderChain(this.parts.store, accountId).newest());
      const { token } = lease;
      const storage = {
        load: (ids: readonly ClientOrderId[]) => this.load(ids),
        commit: (batch: StagedBatch) => this.commits.commit(batch, { token, chain }),
        installed: (batch: StagedBatch) => this.tellFollowers(batch.changed()),
      };
      this.accounts.set(accountId, { lease, books, lane: new LedgerLane(books, storage, this.die), chain });
    } catch (error) {
      // Otherwise the lease would be renewed until the next try takes it away, and its loss ends the process.
      lease.abandon();
      throw error;
    }
  }

  isOpen(accountId: AccountId): boolean {
    return this.accounts.has(accountId);
  }

  /**
   * In a transaction that writes beside the ledger: nothing of it is committed unless the account's lease is ours, and nobody takes it
   * before that. A process that stands still in it does not keep its successor waiting.
   * @throws BrokenInvariant when another writer took the account
   */
  async prove(tx: Transaction, accountId: AccountId): Promise<void> {
    const { lease } = this.account(accountId);
    const proof = await tx`
      select set_config('idle_in_transaction_session_timeout', ${`${idleMsMax}`}, true)
        from leases where account_id = ${accountId} and token = ${lease.token.toString()} for share`;
    if (proof.length === 0) throw new BrokenInvariant(`another writer took account ${accountId}`);
  }

  /** The newest row of the account's chain; null while it is not open here. */
  chainHead(accountId: AccountId): ChainMark | null {
    return this.accounts.get(accountId)?.chain.head ?? null;
  }

  async drain(accountId: AccountId): Promise<void> {
    await this.account(accountId).lane.drain();
  }

  admit(request: OrderRequest, change: Change) {
    return this.account(request.accountId).lane.admit(request, change);
  }

  async record(change: Change): Promise<Recorded | null> {
    const account = await this.accountOf(change.clientOrderId);
    return account ? account.lane.record(change) : null;
  }

  async requestCancel(wish: CancelWish): Promise<Recorded | null> {
    const account = (await this.accountOf(wish.clientOrderId)) ?? this.account(wish.accountId);
    return account.lane.requestCancel(wish);
  }

  async find(clientOrderId: ClientOrderId): Promise<TrackedOrder | null> {
    const account = await this.accountOf(clientOrderId);
    return (await account?.lane.find(clientOrderId))?.tracked ?? null;
  }

  override async wasEmulated(clientOrderId: ClientOrderId): Promise<boolean> {
    const rows = await this.parts.store.sql`
      select 1 from order_events where client_order_id = ${clientOrderId} and kind = 'emulated' limit 1`;
    return rows.length > 0;
  }

  async findByVenueId(
    accountId: AccountId,
    { instrumentId, venueOrderId }: NamedByVenue,
  ): Promise<TrackedOrder | null> {
    const inMemory = this.working(accountId).find(
      ({ order }) => order.venueOrderId === venueOrderId && order.request.instrumentId === instrumentId,
    );
    if (inMemory) return inMemory;
    const rows = await this.parts.store.sql<OrderRow[]>`
      select * from orders
      where account_id = ${accountId} and venue_order_id = ${venueOrderId} and instrument_id = ${instrumentId} limit 1`;
    return rows[0] ? orderFromRow(rows[0]) : null;
  }

  quietFor(order: Order): Micros {
    return this.account(order.request.accountId).books.quietFor(order);
  }

  working(accountId: AccountId): readonly TrackedOrder[] {
    return this.account(accountId).books.working();
  }

  positions(accountId: AccountId): readonly Position[] {
    return this.account(accountId).books.positions();
  }

  async cashFlow(accountId: AccountId): Promise<ReadonlyMap<string, bigint>> {
    const rows = await this.parts.store.sql<{ currency: string; amount: string }[]>`
      select currency, amount::text as amount from cash_flows where account_id = ${accountId} order by currency`;
    return new Map(rows.map(({ currency, amount }) => [currency, exactUnits(amount)]));
  }

  async traded(accountId: AccountId): Promise<readonly Traded[]> {
    return [...this.account(accountId).books.traded()].map(([instrumentId, since]) => ({ instrumentId, since }));
  }

  async accepted(accountId: AccountId, { from, to }: Span, limit: number): Promise<readonly TrackedOrder[]> {
    const rows = await this.parts.store.sql<OrderRow[]>`
      select * from orders where account_id = ${accountId} and venue_order_id is not null
         and created_at_us between ${from} and ${to} order by created_at_us desc limit ${limit}`;
    return rows.map(orderFromRow);
  }

  async newestAtVenue(accountId: AccountId, instrumentId: InstrumentId): Promise<VenueOrderId | null> {
    const [row] = await this.parts.store.sql<{ venue_order_id: VenueOrderId }[]>`
      select venue_order_id from orders where account_id = ${accountId} and instrument_id = ${instrumentId}
         and venue_order_id is not null order by created_at_us desc limit 1`;
    return row?.venue_order_id ?? null;
  }

  async ownerOf(accountId: AccountId, botId: BotId): Promise<UserId | null> {
    const { sql } = this.parts.store;
    const [own] = await sql<{ user_id: UserId }[]>`select user_id from orders where bot_id = ${botId} limit 1`;
    if (own !== undefined) return own.user_id;
    const all = await sql<
      { user_id: UserId }[]
    >`select distinct user_id from orders where account_id = ${accountId} limit 2`;
    return all.length === 1 ? (all[0]?.user_id ?? null) : null;
  }

  async close(): Promise<void> {
    for (const { lane, lease } of this.accounts.values()) {
      await lane.drain();
      await lease.release();
    }
  }

  private account(accountId: AccountId): OpenAccount {
    const account = this.accounts.get(accountId);
    assert(account !== undefined, `account ${accountId} is not open in this ledger`);
    return account;
  }

  /** The account that an order belongs to; from memory for every order that works. */
  private async accountOf(clientOrderId: ClientOrderId): Promise<OpenAccount | null> {
    for (const account of this.accounts.values()) if (account.books.order(clientOrderId)) return account;
    const rows = await this.parts.store.sql<{ account_id: AccountId }[]>`
      select account_id from orders where client_order_id = ${clientOrderId}`;
    return rows[0] ? (this.accounts.get(rows[0].account_id) ?? null) : null;
  }

  private async load(ids: readonly ClientOrderId[]): Promise<readonly KnownOrder[]> {
    const rows = await this.parts.store.sql<OrderRow[]>`select * from orders where client_order_id = any(${[...ids]})`;
    return this.withTrades(rows);
  }

  private async loadBooks(accountId: AccountId): Promise<Books> {
    const books = new Books(accountId, () => this.parts.clock.now(), this.parts.steady ?? steadyTime);
    for (const loaded of await this.loadWorking(accountId)) books.remember(loaded);
    for (const position of await this.loadPositions(accountId)) books.rememberPosition(position);
    for (const cancel of await this.loadCancels(accountId)) books.rememberCancel(cancel);
    for (const { instrumentId, since } of await this.loadTraded(accountId))
      books.rememberInstrument(instrumentId, since);
    return books;
  }

  private async loadWorking(accountId: AccountId): Promise<readonly KnownOrder[]> {
    const rows = await this.parts.store.sql<OrderRow[]>`select * from working_orders where account_id = ${accountId}`;
    return this.withTrades(rows);
  }

  private async withTrades(rows: readonly OrderRow[]): Promise<readonly KnownOrder[]> {
    const trades = await this.tradesOf(rows.map((row) => row.client_order_id));
    return rows.map((row) => ({ tracked: orderFromRow(row), trades: trades.get(row.client_order_id) ?? new Map() }));
  }

  private async tradesOf(ids: readonly string[]): Promise<Map<string, Map<TradeId, string>>> {
    const trades = new Map<string, Map<TradeId, string>>();
    if (ids.length === 0) return trades;
    const rows = await this.parts.store.sql<FillRow[]>`select * from fills where client_order_id = any(${[...ids]})`;
    for (const row of rows) {
      const known = trades.get(row.client_order_id) ?? new Map<TradeId, string>();
      trades.set(row.client_order_id, known.set(TradeId.of(row.trade_id), contentOf(fillFromRow(row))));
    }
    return trades;
  }

  private async loadPositions(accountId: AccountId): Promise<readonly Position[]> {
    const rows = await this.parts.store.sql<
      StandingPositionRow[]
    >`select * from positions where account_id = ${accountId}`;
    return rows.map(positionFromView);
  }

  private async loadTraded(accountId: AccountId): Promise<readonly Traded[]> {
    const rows = await this.parts.store.sql<{ instrument_id: InstrumentId; since_us: bigint }[]>`
      select instrument_id, since_us from traded_instruments where account_id = ${accountId}`;
    return rows.map((row) => ({
      instrumentId: row.instrument_id,
      since: Timestamp.fromMicros(Number(row.since_us)),
    }));
  }

  private async loadCancels(accountId: AccountId): Promise<readonly EarlyCancel[]> {
    const rows = await this.parts.store.sql<EarlyCancelRow[]>`
      select * from early_cancels where account_id = ${accountId} order by requested_at_us`;
    return rows.map(earlyCancelOf);
  }
}

/** Thrown where nobody catches, so that the process ends and says why: another writer, or doubt about what is written. */
function stopAtOnce(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
