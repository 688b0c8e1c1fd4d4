import { applyFill, emptyPosition } from '@scalpstorm/engine';
import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { Fill } from '@scalpstorm/model';
import {
  type AccountId,
  type BotId,
  type ClientOrderId,
  type InstrumentId,
  isFinal,
  type Order,
  type Position,
  type TradeId,
} from '@scalpstorm/model';
import { type EarlyCancel, earlyCancelsMax } from './early-cancel.js';
import { baseOf, quoteOf, type TrackedOrder } from './order-row.js';

/** Final orders are kept a while for late fills; older ones are loaded again when they are named. */
const finalsMax = 10_000;

/** An order, and the content of every trade of it that is booked. */
export interface KnownOrder {
  readonly tracked: TrackedOrder;
  readonly trades: ReadonlyMap<TradeId, string>;
}

interface Remembered extends KnownOrder {
  /** By the steady clock. */
  readonly since: Micros;
}

/** What one account's writer knows: the working orders, the recent final ones, the positions, and cancels without an order. */
export class Books {
  private readonly workingOrders = new Map<ClientOrderId, Remembered>();
  private readonly finals = new Map<ClientOrderId, Remembered>();
  private readonly positionsByKey = new Map<string, Position>();
  private readonly cancels = new Map<ClientOrderId, EarlyCancel>();
  private readonly instruments = new Map<InstrumentId, Timestamp>();

  /** @param steady microseconds from any point, by a clock that nobody can set */
  constructor(
    readonly accountId: AccountId,
    readonly now: () => Timestamp,
    private readonly steady: () => Micros,
  ) {}

  order(id: ClientOrderId): KnownOrder | null {
    return this.workingOrders.get(id) ?? this.finals.get(id) ?? null;
  }

  /** How long it is known here as it is given; 0 for what is not known so. */
  quietFor({ request, version }: Order): Micros {
    const known = this.workingOrders.get(request.clientOrderId) ?? this.finals.get(request.clientOrderId);
    return known?.tracked.order.version === version ? this.steady() - known.since : 0;
  }

  remember({ tracked, trades }: KnownOrder): void {
    const known = { tracked, trades, since: this.steady() };
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

  rememberCancel(cancel: EarlyCancel): void {
    this.cancels.set(cancel.clientOrderId, cancel);
  }

  forgetCancel(id: ClientOrderId): void {
    this.cancels.delete(id);
  }

  /** Null for one that is too old to count, too. */
  cancel(id: ClientOrderId): EarlyCancel | null {
    const known = this.cancels.get(id);
    return known !== undefined && known.expiresAt > this.now() ? known : null;
  }

  /** Those that have to go when so many more are remembered: too old, or the oldest when there are too many. */
  spentCancels(arriving: number): readonly ClientOrderId[] {
    const spent: ClientOrderId[] = [];
    for (const [id, { expiresAt }] of this.cancels) {
      const left = this.cancels.size + arriving - spent.length;
      // In the order in which they came, and all live equally long: the first that may stay ends the search.
      if (expiresAt > this.now() && left <= earlyCancelsMax) break;
      spent.push(id);
    }
    return spent;
  }

  rememberInstrument(instrumentId: InstrumentId, since: Timestamp): void {
    if (!this.instruments.has(instrumentId)) this.instruments.set(instrumentId, since);
  }

  /** The instruments that were ever ordered, with the time of the first order. */
  traded(): ReadonlyMap<InstrumentId, Timestamp> {
    return this.instruments;
  }
}

/** What a fill does to the position of its bot. */
export function positionAfter(before: Position, fill: Fill): Position {
  const { instrumentId } = fill;
  return applyFill(before, fill, { id: instrumentId, base: baseOf(instrumentId), quote: quoteOf(instrumentId) });
}

export function positionKey(botId: BotId | null, instrumentId: InstrumentId): string {
  return `${botId ?? ''}|${instrumentId}`;
}
