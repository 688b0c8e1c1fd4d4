import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { orderChanged, positionFromView, type StandingPositionRow } from '@scalpstorm/contracts';
import { assert, BrokenInvariant, Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type ClientOrderId,
  type InstrumentId,
  moneyDecimals,
  type OrderRequest,
  type Position,
  parseDecimal,
  TradeId,
  type VenueOrderId,
} from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import { CommitUnknown, type Outbox, type Store } from '@scalpstorm/store';
import { Books, type StagedBatch } from '../domain/books.js';
import { type OrderRow, orderFromRow, type TrackedOrder } from '../domain/order-row.js';
import { type Change, Ledger, type Recorded, type Traded } from '../ports/ledger.js';
import { AccountLease } from './account-lease.js';
import { LedgerLane, type LoadedOrder } from './ledger-lane.js';
import { appendEvents, appendFills, fence, upsertOrders, upsertPositions } from './ledger-statements.js';

interface OpenAccount {
  readonly lease: AccountLease;
  readonly books: Books;
  readonly lane: LedgerLane;
}

export interface PostgresLedgerParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: WallClock;
  /** What to do when memory can not be trusted any more; ends the process by default. */
  readonly die?: (error: Error) => void;
}

/** The ledger in the schema of execution. */
export class PostgresLedger extends Ledger {
  private readonly accounts = new Map<AccountId, OpenAccount>();

  private readonly die: (error: Error) => void;

  constructor(private readonly parts: PostgresLedgerParts) {
    super();
    this.die = parts.die ?? stopAtOnce;
  }

  async open(accountId: AccountId): Promise<void> {
    const lease = await AccountLease.take(this.parts.store, accountId, this.die);
    const books = new Books(accountId, () => this.parts.clock.now());
    for (const loaded of await this.loadWorking(accountId)) books.remember(loaded);
    for (const position of await this.loadPositions(accountId)) books.rememberPosition(position);
    const storage = {
      load: (ids: readonly ClientOrderId[]) => this.load(ids),
      commit: (batch: StagedBatch) => this.commit(batch, lease.token),
    };
    this.accounts.set(accountId, { lease, books, lane: new LedgerLane(books, storage, () => this.parts.clock.now()) });
  }

  admit(request: OrderRequest, change: Change) {
    return this.account(request.accountId).lane.admit(request, change);
  }

  async record(change: Change): Promise<Recorded | null> {
    const account = await this.accountOf(change.clientOrderId);
    return account ? account.lane.record(change) : null;
  }

  async find(clientOrderId: ClientOrderId): Promise<TrackedOrder | null> {
    const account = await this.accountOf(clientOrderId);
    return (await account?.lane.find(clientOrderId))?.tracked ?? null;
  }

  async findByVenueId(accountId: AccountId, venueOrderId: VenueOrderId): Promise<TrackedOrder | null> {
    const inMemory = this.working(accountId).find(({ order }) => order.venueOrderId === venueOrderId);
    if (inMemory) return inMemory;
    const rows = await this.parts.store.sql<OrderRow[]>`
      select * from orders where account_id = ${accountId} and venue_order_id = ${venueOrderId} limit 1`;
    return rows[0] ? orderFromRow(rows[0]) : null;
  }

  working(accountId: AccountId): readonly TrackedOrder[] {
    return this.account(accountId).books.working();
  }

  positions(accountId: AccountId): readonly Position[] {
    return this.account(accountId).books.positions();
  }

  async cashFlow(accountId: AccountId): Promise<ReadonlyMap<string, bigint>> {
    const rows = await this.parts.store.sql<{ currency: string; amount: string }[]>`
      with flows as (
        select split_part(split_part(instrument_id, ':', 2), '-', 1) as currency,
               case side when 'buy' then quantity else -quantity end as amount
          from fills where account_id = ${accountId}
        union all
        select split_part(split_part(instrument_id, ':', 2), '-', 2),
               case side when 'buy' then -price * quantity else price * quantity end
          from fills where account_id = ${accountId}
        union all
        select fee_currency, -fee from fills where account_id = ${accountId}
      )
      select currency, sum(amount)::text as amount from flows group by currency order by currency`;
    return new Map(rows.map(({ currency, amount }) => [currency, exactUnits(amount)]));
  }

  async traded(accountId: AccountId): Promise<readonly Traded[]> {
    const rows = await this.parts.store.sql<{ instrument_id: InstrumentId; since_us: bigint }[]>`
      select instrument_id, min(created_at_us) as since_us from orders where account_id = ${accountId} group by 1`;
    return rows.map((row) => ({
      instrumentId: row.instrument_id,
      since: Timestamp.fromMicros(Number(row.since_us)),
    }));
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

  private async commit(batch: StagedBatch, token: bigint): Promise<void> {
    const { outbox, store } = this.parts;
    const recordedAt = this.parts.clock.now();
    const messages = batch.events.map(({ event, order, causedBy, occurredAt }) =>
      outboxMessage(orderChanged, { meta: newMeta(this.parts.clock, causedBy, occurredAt), order, event }),
    );
    try {
      await store.transaction(async (tx) => {
        const [fenced] = await Promise.all([
          fence(tx, batch.accountId, token),
          upsertOrders(
            tx,
            [...batch.orders.values()].map((known) => known.tracked),
          ),
          appendEvents(tx, batch.events, recordedAt),
          batch.fills.length > 0 && appendFills(tx, batch.accountId, batch.fills),
          batch.positions.size > 0 && upsertPositions(tx, [...batch.positions.values()]),
          outbox.add(tx, messages),
        ]);
        if (fenced.length === 0) throw new BrokenInvariant(`another writer took account ${batch.accountId}`);
      });
    } catch (error) {
      // Whether it is written is not known, or it must not be: memory can not be trusted, and start-up is recovery.
      if (error instanceof CommitUnknown || error instanceof BrokenInvariant) this.die(error);
      throw error;
    }
    outbox.wake();
  }

  private async load(ids: readonly ClientOrderId[]): Promise<readonly LoadedOrder[]> {
    const rows = await this.parts.store.sql<OrderRow[]>`select * from orders where client_order_id = any(${[...ids]})`;
    return this.withTrades(rows);
  }

  private async loadWorking(accountId: AccountId): Promise<readonly LoadedOrder[]> {
    const rows = await this.parts.store.sql<OrderRow[]>`select * from working_orders where account_id = ${accountId}`;
    return this.withTrades(rows);
  }

  private async withTrades(rows: readonly OrderRow[]): Promise<readonly LoadedOrder[]> {
    const trades = await this.tradesOf(rows.map((row) => row.client_order_id));
    return rows.map((row) => ({ tracked: orderFromRow(row), trades: trades.get(row.client_order_id) ?? new Set() }));
  }

  private async tradesOf(ids: readonly string[]): Promise<Map<string, Set<TradeId>>> {
    const trades = new Map<string, Set<TradeId>>();
    if (ids.length === 0) return trades;
    const rows = await this.parts.store.sql<{ client_order_id: string; trade_id: string }[]>`
      select client_order_id, trade_id from fills where client_order_id = any(${[...ids]})`;
    for (const row of rows) {
      const known = trades.get(row.client_order_id) ?? new Set<TradeId>();
      trades.set(row.client_order_id, known.add(TradeId.of(row.trade_id)));
    }
    return trades;
  }

  private async loadPositions(accountId: AccountId): Promise<readonly Position[]> {
    const rows = await this.parts.store.sql<
      StandingPositionRow[]
    >`select * from positions where account_id = ${accountId}`;
    return rows.map(positionFromView);
  }
}

function exactUnits(text: string): bigint {
  const parsed = parseDecimal(text, moneyDecimals);
  assert(parsed.ok, `not an exact amount: ${text}`);
  return parsed.value;
}

/** Thrown where nobody catches, so that the process ends: another writer, or doubt about what is written. */
function stopAtOnce(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
