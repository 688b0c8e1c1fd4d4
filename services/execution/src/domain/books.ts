import { applyFill, emptyPosition } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type BotId,
  type ClientOrderId,
  type EventId,
  type Fill,
  type InstrumentId,
  isFinal,
  type Position,
  type TradeId,
} from '@scalpstorm/model';
import type { AppliedEvent, Folded } from './fold.js';
import { baseOf, quoteOf, type TrackedOrder } from './order-row.js';

/** Final orders are kept a while for late fills; older ones are loaded again when they are named. */
const finalsMax = 10_000;

interface KnownOrder {
  readonly tracked: TrackedOrder;
  readonly trades: ReadonlySet<TradeId>;
}

/** One applied event on its way to the log and to the others. */
export interface StagedEvent extends AppliedEvent {
  readonly causedBy: EventId | null;
  readonly occurredAt: Timestamp;
}

/** What one account's writer knows: the working orders, the recent final ones, and the positions. */
export class Books {
  private readonly workingOrders = new Map<ClientOrderId, KnownOrder>();
  private readonly finals = new Map<ClientOrderId, KnownOrder>();
  private readonly positionsByKey = new Map<string, Position>();

  constructor(
    readonly accountId: AccountId,
    readonly now: () => Timestamp,
  ) {}

  order(id: ClientOrderId): KnownOrder | null {
    return this.workingOrders.get(id) ?? this.finals.get(id) ?? null;
  }

  remember(known: KnownOrder): void {
    const id = known.tracked.order.request.clientOrderId;
    if (!isFinal(known.tracked.order.status)) {
      this.workingOrders.set(id, known);
      return;
    }
    this.workingOrders.delete(id);
    this.finals.delete(id);
    this.finals.set(id, known);
    const oldest = this.finals.keys().next().value;
    if (this.finals.size > finalsMax && oldest !== undefined) this.finals.delete(oldest);
  }

  rememberPosition(position: Position): void {
    this.positionsByKey.set(positionKey(position.botId, position.instrumentId), position);
  }

  position(botId: BotId | null, instrumentId: InstrumentId): Position {
    const known = this.positionsByKey.get(positionKey(botId, instrumentId));
    return (
      known ?? emptyPosition({ accountId: this.accountId, botId, instrumentId }, quoteOf(instrumentId), this.now())
    );
  }

  working(): readonly TrackedOrder[] {
    return [...this.workingOrders.values()].map((known) => known.tracked);
  }

  positions(): readonly Position[] {
    return [...this.positionsByKey.values()];
  }
}

/** What one transaction will write; seen by the decisions that follow in the same batch. */
export class StagedBatch {
  readonly orders = new Map<ClientOrderId, KnownOrder>();
  readonly events: StagedEvent[] = [];
  readonly fills: Fill[] = [];
  readonly positions = new Map<string, Position>();

  constructor(private readonly books: Books) {}

  get dirty(): boolean {
    return this.events.length > 0;
  }

  get accountId(): AccountId {
    return this.books.accountId;
  }

  order(id: ClientOrderId): KnownOrder | null {
    return this.orders.get(id) ?? null;
  }

  stage(
    folded: Folded,
    tradesBefore: ReadonlySet<TradeId>,
    cause: { causedBy: EventId | null; occurredAt: Timestamp },
  ): void {
    const { request } = folded.tracked.order;
    const trades = new Set([...tradesBefore, ...folded.fills.map((fill) => fill.tradeId)]);
    this.orders.set(request.clientOrderId, { tracked: folded.tracked, trades });
    for (const applied of folded.applied) this.events.push({ ...applied, ...cause });
    for (const fill of folded.fills) this.book(fill, request.botId);
  }

  /** After the commit: what was staged is now the truth. */
  install(): void {
    for (const known of this.orders.values()) this.books.remember(known);
    for (const position of this.positions.values()) this.books.rememberPosition(position);
  }

  private book(fill: Fill, botId: BotId | null): void {
    const key = positionKey(botId, fill.instrumentId);
    const before = this.positions.get(key) ?? this.books.position(botId, fill.instrumentId);
    const assets = { id: fill.instrumentId, base: baseOf(fill.instrumentId), quote: quoteOf(fill.instrumentId) };
    this.fills.push(fill);
    this.positions.set(key, applyFill(before, fill, assets));
  }
}

export function openBatch(books: Books): StagedBatch {
  return new StagedBatch(books);
}

function positionKey(botId: BotId | null, instrumentId: InstrumentId): string {
  return `${botId ?? ''}|${instrumentId}`;
}
