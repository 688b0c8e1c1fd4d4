import {
  Books,
  type CancelWish,
  type Change,
  type CommitAnswer,
  LeaseHeld,
  Ledger,
  LedgerLane,
  type NamedByVenue,
  type Span,
  type StagedBatch,
  type Traded,
} from '@scalpstorm/execution/simulation';
import { assert, BrokenInvariant, millisecond, second } from '@scalpstorm/kernel';
import type { AccountId, BotId, ClientOrderId, InstrumentId, Order, OrderRequest, UserId } from '@scalpstorm/model';
import type { CrashPoint } from '../faults/crash-points.js';
import type { Database } from './database.js';
import type { ExecutionDatabase } from './execution-database.js';
import type { SimProcess } from './sim-process.js';

export interface SimLedgerParts {
  readonly process: SimProcess;
  readonly database: Database;
  readonly rows: ExecutionDatabase;
  readonly accountId: AccountId;
  readonly checksFence: boolean;
  /** A mutant: whoever commits is answered at once, and the database hears of it later. */
  readonly answersBeforeCommit: boolean;
  /** A mutant: ages go by the clock that faults put forward and back. */
  readonly agesByWallClock: boolean;
  /** Rows of the outbox were committed. */
  wake(): void;
}

const leaseLife = 4 * second;
const renewMs = 1_000;

/** The platform's own lane and books over the tables in memory, with the lease and the fence of `PostgresLedger`. */
export class SimLedger extends Ledger {
  private opened: { readonly token: bigint; readonly books: Books; readonly lane: LedgerLane } | null = null;

  constructor(private readonly parts: SimLedgerParts) {
    super();
  }

  async open(accountId: AccountId): Promise<void> {
    if (this.isOpen(accountId)) return;
    const { database, rows, process, agesByWallClock } = this.parts;
    const token = await database.write(() => this.take(), { after: 'lease-taken' });
    setInterval(() => void this.renew(token), renewMs);
    const books = new Books(
      accountId,
      () => process.clock.now(),
      () => (agesByWallClock ? process.clock.now() : process.time.elapsed),
    );
    await database.read(() => {
      for (const known of rows.working()) books.remember(known);
      for (const position of rows.positions.values()) books.rememberPosition(position);
      for (const cancel of rows.cancels.values()) books.rememberCancel(cancel);
      for (const [id, since] of rows.instruments) books.rememberInstrument(id, since);
    });
    const storage = {
      load: (ids: readonly ClientOrderId[]) => database.read(() => rows.known(ids)),
      commit: (batch: StagedBatch) => this.commit(batch, token),
      installed: (batch: StagedBatch) => this.tellFollowers(batch.changed()),
    };
    const lane = new LedgerLane(books, storage, (cause) => process.die(cause));
    this.opened = { token, books, lane };
  }

  isOpen(accountId: AccountId): boolean {
    return this.opened !== null && accountId === this.parts.accountId;
  }

  async drain(): Promise<void> {
    await this.account.lane.drain();
  }

  admit(request: OrderRequest, change: Change) {
    return this.account.lane.admit(request, change);
  }

  record(change: Change) {
    return this.account.lane.record(change);
  }

  requestCancel(wish: CancelWish) {
    return this.account.lane.requestCancel(wish);
  }

  async find(clientOrderId: ClientOrderId) {
    return (await this.account.lane.find(clientOrderId))?.tracked ?? null;
  }

  findByVenueId(_accountId: AccountId, { venueOrderId }: NamedByVenue) {
    return this.read((orders) => orders.find(({ order }) => order.venueOrderId === venueOrderId) ?? null);
  }

  quietFor(order: Order) {
    return this.account.books.quietFor(order);
  }

  working() {
    return this.account.books.working();
  }

  positions() {
    return this.account.books.positions();
  }

  cashFlow(): Promise<ReadonlyMap<string, bigint>> {
    const { database, rows } = this.parts;
    return database.read(() => new Map(rows.flows));
  }

  async traded(): Promise<readonly Traded[]> {
    return [...this.account.books.traded()].map(([instrumentId, since]) => ({ instrumentId, since }));
  }

  accepted(_accountId: AccountId, { from, to }: Span, limit: number) {
    return this.read((orders) => {
      const taken = orders.filter(
        ({ order }) => order.venueOrderId !== null && order.createdAt >= from && order.createdAt <= to,
      );
      return taken.toSorted((left, right) => right.order.createdAt - left.order.createdAt).slice(0, limit);
    });
  }

  newestAtVenue(_accountId: AccountId, instrumentId: InstrumentId) {
    return this.read((orders) => {
      const taken = orders.filter(
        ({ order }) => order.venueOrderId !== null && order.request.instrumentId === instrumentId,
      );
      return (
        taken.toSorted((left, right) => left.order.createdAt - right.order.createdAt).at(-1)?.order.venueOrderId ?? null
      );
    });
  }

  ownerOf(_accountId: AccountId, botId: BotId): Promise<UserId | null> {
    return this.read(
      (orders) => orders.find(({ order }) => order.request.botId === botId)?.order.request.userId ?? null,
    );
  }

  async close(): Promise<void> {
    await this.drain();
  }

  private read<T>(look: (orders: readonly ReturnType<SimLedger['working']>[number][]) => T): Promise<T> {
    const { database, rows } = this.parts;
    return database.read(() => look([...rows.orders.values()].map(({ tracked }) => tracked)));
  }

  private async commit(batch: StagedBatch, token: bigint): Promise<CommitAnswer> {
    const { database, rows, process, wake, checksFence, answersBeforeCommit } = this.parts;
    const point = pointOf(batch);
    const at = { before: `${point}-before-commit`, after: `${point}-after-commit` } as const;
    const write = () => rows.commit(batch, token, process.clock.now(), checksFence);
    if (answersBeforeCommit) {
      process.time.after(50 * millisecond, process, () => void write());
      return { kind: 'committed' };
    }
    const answer = await database.commit(write, at);
    wake();
    return answer;
  }

  /** @throws LeaseHeld while another one lives that may still write */
  private take(): bigint {
    const { rows, process } = this.parts;
    const { lease } = rows;
    const { elapsed } = process.time;
    const isFree = lease === null || lease.expiresAt <= elapsed || !lease.holder.alive;
    if (!isFree && lease.holder !== process)
      throw new LeaseHeld(`account ${this.parts.accountId} is written by another`);
    const token = (lease?.token ?? 0n) + 1n;
    rows.lease = { token, holder: process, expiresAt: elapsed + leaseLife };
    return token;
  }

  private async renew(token: bigint): Promise<void> {
    const { database, rows, process } = this.parts;
    const renewed = await database
      .write(() => {
        const { lease } = rows;
        if (lease?.token !== token) return false;
        lease.expiresAt = process.time.elapsed + leaseLife;
        return true;
      })
      .catch(() => true);
    if (!renewed) process.die(new BrokenInvariant('the lease of the account was taken by another'));
  }

  private get account() {
    assert(this.opened !== null, 'the account is not open in this ledger');
    return this.opened;
  }
}

type Commit = Extract<CrashPoint, `${string}-before-commit`> extends `${infer Name}-before-commit` ? Name : never;

/** What a transaction is mostly about. */
function pointOf({
  events,
}: StagedBatch): Extract<Commit, 'mark' | 'fill' | 'cancel-reason' | 'doubt' | 'end' | 'answer'> {
  const kinds = new Set(events.map(({ event }) => event.kind));
  if (kinds.has('sending')) return 'mark';
  if (kinds.has('filled')) return 'fill';
  if (kinds.has('cancel-requested')) return 'cancel-reason';
  if (kinds.has('outcome-unknown')) return 'doubt';
  if (kinds.has('accepted') || kinds.has('rejected')) return 'answer';
  return 'end';
}
