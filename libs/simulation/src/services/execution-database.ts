import { createMeta, type Difference, type OrderRequested, orderChanged } from '@scalpstorm/contracts';
import {
  type CommitAnswer,
  contentOf,
  type EarlyCancel,
  type KnownOrder,
  type OpenRefusal,
  orderMessageId,
  type RefusedFill,
  type StagedBatch,
  type StoredPlan,
  type Totals,
  type TradingWord,
  tradeKey,
} from '@scalpstorm/execution/simulation';
import { BrokenInvariant, type Micros, type Timestamp } from '@scalpstorm/kernel';
import {
  type ClientOrderId,
  EventId,
  type Fill,
  type InstrumentId,
  isFinal,
  type Order,
  type OrderEvent,
  type OrderRequest,
  type PlanId,
  type Position,
  type TradeId,
} from '@scalpstorm/model';
import type { Message } from '../lane/broker.js';
import { OutboxTable } from '../lane/outbox.js';
import type { SimProcess } from './sim-process.js';

interface Lease {
  token: bigint;
  holder: SimProcess;
  expiresAt: Micros;
}

/** One row of the log of an order. */
export interface LoggedEvent {
  readonly event: OrderEvent;
  readonly order: Order;
}

/** Told of every transaction right before it takes effect. */
export interface DatabaseWatch {
  committing(batch: StagedBatch, token: bigint, current: bigint): void;
  asking(request: OrderRequest): void;
}

/** Execution's schema: what is in here was committed, and survives every process. */
export class ExecutionDatabase {
  readonly orders = new Map<ClientOrderId, KnownOrder>();
  readonly log = new Map<ClientOrderId, LoggedEvent[]>();
  readonly fills = new Map<string, Fill>();
  readonly positions = new Map<string, Position>();
  readonly flows = new Map<string, bigint>();
  readonly instruments = new Map<InstrumentId, Timestamp>();
  readonly cancels = new Map<ClientOrderId, EarlyCancel>();
  readonly outbox = new OutboxTable();
  readonly marks = new Map<InstrumentId, TradeId>();
  readonly refused: OpenRefusal[] = [];
  readonly closed = new Set<bigint>();
  readonly halts = new Map<string, TradingWord>();
  readonly plans = new Map<PlanId, StoredPlan>();
  differences: readonly Difference[] = [];
  baseline: Totals | null = null;
  lease: Lease | null = null;

  constructor(private readonly watch: DatabaseWatch) {}

  /** What `ledger-statements.ts` writes as one statement: all of it or nothing. */
  commit(batch: StagedBatch, token: bigint, recordedAt: Timestamp, checksFence = true): CommitAnswer {
    const current = this.lease?.token ?? 0n;
    if (checksFence && token !== current) throw new BrokenInvariant(`another writer took account ${batch.accountId}`);
    const stale = [...batch.orders.keys()].filter((id) => batch.versionBefore(id) !== this.versionOf(id));
    const booked = batch.fills.flatMap((fill) => this.fills.get(tradeKey(fill)) ?? []);
    if (stale.length > 0 || booked.length > 0) {
      const older = stale.find((id) => batch.versionBefore(id) > 0);
      if (older !== undefined) throw new BrokenInvariant(`order ${older} has another version in the database`);
      return { kind: 'known-already', orders: stale, fills: booked };
    }
    this.watch.committing(batch, token, current);
    this.apply(batch);
    this.outbox.add(batch.events.map((event) => changeMessage(event, recordedAt)));
    return { kind: 'committed' };
  }

  /** The next version of a plan, and what it asks the gate for. */
  savePlan(stored: StoredPlan, asks: readonly Message[]): void {
    for (const { event } of asks) this.watch.asking((event as OrderRequested).order);
    this.plans.set(stored.plan.id, stored);
    this.outbox.add(asks);
  }

  known(ids: readonly ClientOrderId[]): readonly KnownOrder[] {
    return ids.flatMap((id) => this.orders.get(id) ?? []);
  }

  working(): readonly KnownOrder[] {
    return [...this.orders.values()].filter(({ tracked }) => !isFinal(tracked.order.status));
  }

  /** False: the same was kept before. */
  keepRefused(refused: RefusedFill): boolean {
    const told = contentOf(refused.fill);
    const known = this.refused.some(({ fill }) => fill.tradeId === refused.fill.tradeId && contentOf(fill) === told);
    if (!known) this.refused.push({ id: BigInt(this.refused.length + 1), ...refused });
    return !known;
  }

  /** The newest of each working order, and of those that ended lately, once more. Gives their number. */
  retell(since: Timestamp, recordedAt: Timestamp): number {
    const told = [...this.log.values()].flatMap((log) => log.at(-1) ?? []);
    const rows = told.filter(({ order }) => !isFinal(order.status) || order.updatedAt >= since);
    const messages = rows.map(({ event, order }) =>
      changeMessage({ event, order, causedBy: null, occurredAt: order.updatedAt }, recordedAt),
    );
    this.outbox.add(messages, true);
    return rows.length;
  }

  private versionOf(id: ClientOrderId): number {
    return this.orders.get(id)?.tracked.order.version ?? 0;
  }

  private apply(batch: StagedBatch): void {
    for (const [id, known] of batch.orders) this.orders.set(id, known);
    for (const { event, order } of batch.events) {
      const { clientOrderId } = order.request;
      const log = this.log.get(clientOrderId) ?? [];
      log.push({ event, order });
      this.log.set(clientOrderId, log);
    }
    for (const fill of batch.fills) this.fills.set(tradeKey(fill), fill);
    for (const [key, position] of batch.positions) this.positions.set(key, position);
    for (const [currency, amount] of batch.flows) this.flows.set(currency, (this.flows.get(currency) ?? 0n) + amount);
    for (const [id, since] of batch.instruments) if (!this.instruments.has(id)) this.instruments.set(id, since);
    for (const [id, cancel] of batch.cancels) if (!this.cancels.has(id)) this.cancels.set(id, cancel);
    for (const id of batch.spentCancels) this.cancels.delete(id);
  }
}

type Told = LoggedEvent & { readonly causedBy: EventId | null; readonly occurredAt: Timestamp };

function changeMessage({ event, order, causedBy, occurredAt }: Told, recordedAt: Timestamp): Message {
  const messageId = orderMessageId(order);
  const meta = createMeta(EventId.of(messageId), causedBy, occurredAt, recordedAt);
  const changed = { meta, order, event };
  const contract = orderChanged as Message['contract'];
  return { contract, subject: orderChanged.route(changed), event: changed, messageId, sentAt: 0 };
}
