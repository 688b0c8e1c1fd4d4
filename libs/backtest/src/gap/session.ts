import {
  type Candle,
  type ClientOrderId,
  type Fill,
  type Instrument,
  isFinal,
  type JsonObject,
  type Mode,
  type Quote,
} from '@scalpstorm/model';
import { JournalReader, type JournalRow, type StrategyEvent } from '@scalpstorm/strategies';

/** An order that was asked for, first. */
export interface Ask {
  readonly at: number;
  readonly quote: Quote | null;
}

/** From when to when something held; without end where it still does. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A part of a session, with what the bot was configured to in it. */
export interface Edition {
  readonly from: number;
  readonly to: number;
  readonly parameters: JsonObject;
}

/** What a journal tells of what a bot did and why it could not. */
export interface Session {
  readonly botId: string;
  readonly mode: Mode;
  readonly strategy: string;
  readonly instrument: Instrument;
  readonly from: number;
  readonly to: number;
  readonly fills: readonly Fill[];
  readonly asks: ReadonlyMap<ClientOrderId, Ask>;
  /** When orders were over, filled or not. */
  readonly ended: ReadonlyMap<ClientOrderId, number>;
  readonly denials: readonly { readonly at: number; readonly id: ClientOrderId; readonly code: string }[];
  /** It was paused, stopped, halted, or waited. */
  readonly off: readonly Span[];
  /** One for each time that its parameters were changed, and one before; without a hole between them. */
  readonly editions: readonly Edition[];
  /** Steps in there were not kept. */
  readonly gaps: readonly Span[];
  /** Closed bars that it heard, ascending; none where it goes by none. */
  readonly bars: readonly Candle[];
}

const ends: ReadonlySet<string> = new Set(['started', 'released', 'goes-on']);

/** Null: there is no beginning in it. @throws UnreadableJournal */
export function sessionOf(rows: readonly JournalRow[]): Session | null {
  const told = new SessionReader();
  for (const row of rows) told.take(row);
  return told.session();
}

class SessionReader {
  private readonly reader = new JournalReader();
  private first: Pick<Session, 'botId' | 'mode' | 'strategy' | 'instrument'> | null = null;
  private begun = false;
  private last: { readonly number: number; readonly at: number } | null = null;
  private from: number | null = null;
  private since: { readonly from: number; readonly text: string } | null = null;
  private readonly fills = new Map<string, Fill>();
  private readonly asks = new Map<ClientOrderId, Ask>();
  private readonly ended = new Map<ClientOrderId, number>();
  private readonly denials: Session['denials'][number][] = [];
  private readonly off: Span[] = [];
  private readonly editions: Omit<Edition, 'to'>[] = [];
  private readonly gaps: Span[] = [];
  private known: readonly Candle[] = [];
  private readonly bars = new Map<number, Candle>();

  session(): Session | null {
    if (this.first === null || this.from === null) return null;
    const to = this.last?.at ?? this.from;
    const open = this.since === null ? [] : [{ ...this.since, to: Number.POSITIVE_INFINITY }];
    return {
      ...this.first,
      from: this.from,
      to,
      fills: [...this.fills.values()],
      asks: this.asks,
      ended: this.ended,
      denials: this.denials,
      off: [...this.off, ...open],
      editions: this.editions.map((edition, at) => ({ ...edition, to: (this.editions[at + 1]?.from ?? to + 1) - 1 })),
      gaps: this.gaps,
      bars: [...this.bars.values()].toSorted((left, right) => left.openedAt - right.openedAt),
    };
  }

  take(row: JournalRow): void {
    const { number, entry } = row;
    const at = Number(entry['at']);
    const isHole = this.last !== null && number !== this.last.number + 1;
    if (isHole || entry['by'] === 'gap') this.gaps.push({ from: this.last?.at ?? at, to: at, text: `row ${number}` });
    if (isHole) this.begun = false;
    this.last = { number, at };
    if (entry['kind'] === 'begin') this.begin(row);
    else if (this.begun) this.step(row);
  }

  private begin(row: JournalRow): void {
    const { at, botId, mode, strategy, parameters, instrument, isNewEdition } = this.reader.begin(row);
    this.first ??= { botId, mode, strategy, instrument };
    this.from ??= at;
    this.begun = true;
    if (isNewEdition) this.editions.push({ from: at, parameters });
  }

  private step(row: JournalRow): void {
    const { event, context, did } = this.reader.step(row);
    const { now: at, quote } = context;
    this.keepBars(context.bars ?? null);
    this.hear(event, at);
    for (const action of did as readonly JsonObject[]) {
      const id = action['id'] as ClientOrderId;
      if (action['kind'] === 'place' && !this.asks.has(id)) this.asks.set(id, { at, quote });
      if (action['kind'] === 'reached') this.reach(String(action['milestone']), at);
    }
  }

  /** The list is the same until there is another bar. */
  private keepBars(bars: readonly Candle[] | null): void {
    if (bars === null || bars === this.known) return;
    this.known = bars;
    for (const bar of bars) this.bars.set(bar.openedAt, bar);
  }

  private hear(event: StrategyEvent, at: number): void {
    if (event.kind === 'order-denied') {
      this.denials.push({ at, id: event.clientOrderId, code: event.reason.code });
      this.ended.set(event.clientOrderId, at);
    }
    if (event.kind !== 'order-changed') return;
    const { order, fill } = event;
    if (fill !== null) this.fills.set(fill.tradeId, fill);
    if (isFinal(order.status)) this.ended.set(order.request.clientOrderId, fill?.occurredAt ?? at);
  }

  private reach(milestone: string, at: number): void {
    if (this.since !== null) this.off.push({ ...this.since, to: at });
    this.since = ends.has(milestone) ? null : { from: at, text: milestone };
  }
}
