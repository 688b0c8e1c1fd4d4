import type { Timestamp } from '@scalpstorm/kernel';
import type {
  AccountId,
  BotId,
  ClientOrderId,
  Currency,
  EventId,
  Fill,
  InstrumentId,
  Order,
  OrderRequest,
  Position,
} from '@scalpstorm/model';
import { type Books, type KnownOrder, positionAfter, positionKey } from './books.js';
import type { EarlyCancel } from './early-cancel.js';
import { contentOf, flowsOf, tradeKey } from './fill-content.js';
import type { AppliedEvent, Folded } from './fold.js';

/** What led to an event, and whose trace and request it belongs to: a batch holds events of many. */
export interface StagedCause {
  readonly causedBy: EventId | null;
  readonly occurredAt: Timestamp;
  readonly headers: Readonly<Record<string, string>>;
}

/** One applied event on its way to the log and to the others. */
export interface StagedEvent extends AppliedEvent, StagedCause {}

/** What one transaction will write; seen by the decisions that follow in the same batch. */
export class StagedBatch {
  readonly orders = new Map<ClientOrderId, KnownOrder>();
  readonly events: StagedEvent[] = [];
  readonly fills: Fill[] = [];
  readonly positions = new Map<string, Position>();
  /** What the fills move in the balances, a currency. */
  readonly flows = new Map<Currency, bigint>();
  /** Instruments that were never ordered before, with the time of their first order. */
  readonly instruments = new Map<InstrumentId, Timestamp>();
  readonly cancels = new Map<ClientOrderId, EarlyCancel>();
  /** Early cancels that did their work, or are too old or too many. */
  readonly spentCancels = new Set<ClientOrderId>();
  private readonly contents = new Map<string, string>();

  /** @param claimed contents of trades that the database has under other orders, see `LedgerLane` */
  constructor(
    private readonly books: Books,
    private readonly claimed: ReadonlyMap<string, string> = new Map(),
  ) {}

  get dirty(): boolean {
    return this.events.length > 0 || this.cancels.size > 0;
  }

  get accountId(): AccountId {
    return this.books.accountId;
  }

  order(id: ClientOrderId): KnownOrder | null {
    return this.orders.get(id) ?? this.books.order(id);
  }

  /** What the bot holds, with the fills of this batch. */
  heldBy({ botId, instrumentId }: Pick<OrderRequest, 'botId' | 'instrumentId'>): Position {
    return this.positions.get(positionKey(botId, instrumentId)) ?? this.books.position(botId, instrumentId);
  }

  /** The orders of this batch, and those that work besides. */
  *orderings(): Iterable<Order> {
    for (const { tracked } of this.orders.values()) yield tracked.order;
    for (const { order } of this.books.working()) if (!this.orders.has(order.request.clientOrderId)) yield order;
  }

  /** The orders of this batch, as it leaves them. */
  *changed(): Iterable<Order> {
    for (const { tracked } of this.orders.values()) yield tracked.order;
  }

  /** The version that the database must have before this batch; 0 for an order that it must not know. */
  versionBefore(id: ClientOrderId): number {
    return this.books.order(id)?.tracked.order.version ?? 0;
  }

  /** The content under which a trade is booked or about to be, whatever order it is booked for. */
  bookedAs(known: KnownOrder | null, fill: Fill): string | null {
    const key = tradeKey(fill);
    return known?.trades.get(fill.tradeId) ?? this.contents.get(key) ?? this.claimed.get(key) ?? null;
  }

  cancel(id: ClientOrderId): EarlyCancel | null {
    if (this.spentCancels.has(id)) return null;
    return this.cancels.get(id) ?? this.books.cancel(id);
  }

  stage(folded: Folded, { causedBy, occurredAt, headers }: StagedCause): void {
    const { request, createdAt } = folded.tracked.order;
    const before = this.order(request.clientOrderId)?.trades ?? new Map();
    const trades = new Map([...before, ...folded.fills.map((fill) => [fill.tradeId, contentOf(fill)] as const)]);
    this.orders.set(request.clientOrderId, { tracked: folded.tracked, trades });
    for (const applied of folded.applied) this.events.push({ ...applied, causedBy, occurredAt, headers });
    for (const fill of folded.fills) this.book(fill, request.botId);
    if (!this.books.traded().has(request.instrumentId) && !this.instruments.has(request.instrumentId))
      this.instruments.set(request.instrumentId, createdAt);
  }

  stageCancel(cancel: EarlyCancel): void {
    this.cancels.set(cancel.clientOrderId, cancel);
    for (const id of this.books.spentCancels(this.cancels.size)) this.spentCancels.add(id);
  }

  spendCancel(id: ClientOrderId): void {
    this.cancels.delete(id);
    this.spentCancels.add(id);
  }

  /** After the commit: what was staged is now the truth. */
  install(): void {
    for (const known of this.orders.values()) this.books.remember(known);
    for (const position of this.positions.values()) this.books.rememberPosition(position);
    for (const [instrumentId, since] of this.instruments) this.books.rememberInstrument(instrumentId, since);
    for (const id of this.spentCancels) this.books.forgetCancel(id);
    for (const cancel of this.cancels.values()) this.books.rememberCancel(cancel);
  }

  private book(fill: Fill, botId: BotId | null): void {
    const key = positionKey(botId, fill.instrumentId);
    const before = this.positions.get(key) ?? this.books.position(botId, fill.instrumentId);
    this.fills.push(fill);
    this.contents.set(tradeKey(fill), contentOf(fill));
    this.positions.set(key, positionAfter(before, fill));
    for (const [currency, amount] of flowsOf(fill)) {
      this.flows.set(currency, (this.flows.get(currency) ?? 0n) + amount);
    }
  }
}
