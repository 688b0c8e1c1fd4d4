import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  bufferedDepthMax,
  type CapturedEvent,
  type LineFault,
  parseCaptureLine,
  RecordedBook,
} from '@scalpstorm/matching';
import { inferStep, splitSymbol } from '../domain/capture/inference.js';
import { Replay } from '../domain/capture/replay.js';
import type { Exchange } from '../domain/exchange.js';
import { Market } from '../domain/market.js';
import { type MarketSpec, marketSpec } from '../domain/market-spec.js';
import { CaptureError, type CaptureSource } from '../ports/capture-source.js';

/** Lines read past the snapshot before the start, to see enough prices and quantities. */
const lookAheadLines = 500;
const headLinesMax = 20 * bufferedDepthMax;
/** More bad lines than this, and more than this share: it is the wrong file, or a ruined one. */
const badLinesMax = 100;
const badShareMax = 0.05;
const badLinesTold = 20;
/** Requests of clients get their turn at least this often, in lines. */
const linesPerTurn = 64;
/** A replay that cannot keep its pace becomes slower instead of telling stale times. */
const lagMsMax = 250;

export interface CaptureReport {
  readonly lines: number;
  readonly skipped: number;
}

export interface RecordedFeedOptions {
  readonly source: CaptureSource;
  readonly speed: number;
  readonly now: () => number;
  /** One readable line about the replay, for people. */
  readonly tell: (text: string) => void;
  /** Trades have higher ids; 1 unless told. */
  readonly firstTradeId?: (wireSymbol: string) => number;
  /** Candles are kept for so many days. */
  readonly candleDays?: number;
}

interface HeadLine {
  readonly receivedAt: number;
  readonly event: CapturedEvent;
  readonly number: number;
}

/** A capture as a market: {@link open} reads up to the snapshot, {@link run} replays the rest at its pace. */
export class RecordedFeed {
  private lines = 0;
  private skipped = 0;
  private stopped = false;

  private constructor(
    private readonly options: RecordedFeedOptions,
    private readonly lineSource: AsyncGenerator<string | null>,
  ) {}

  static async open(
    exchange: Exchange,
    options: RecordedFeedOptions,
  ): Promise<{ feed: RecordedFeed; run: (hold: Promise<void>) => Promise<CaptureReport> }> {
    const feed = new RecordedFeed(options, options.source.lines());
    const head = await feed.readHead();
    const book = new RecordedBook();
    const spec = specOf(head, options.source.name);
    const market = new Market(spec, book, options.firstTradeId?.(spec.wireSymbol), options.candleDays);
    exchange.addMarket(market);
    const replay = new Replay(exchange, market, book);
    const start = head.findIndex((line) => line.event.kind === 'snapshot') + 1;
    // Trades before the snapshot have no book to happen in.
    for (const line of head.slice(0, start)) if (line.event.kind !== 'trade') feed.apply(replay, line);
    return { feed, run: (hold) => feed.replay(replay, head.slice(start), hold) };
  }

  stop(): void {
    this.stopped = true;
  }

  private async readHead(): Promise<readonly HeadLine[]> {
    const head: HeadLine[] = [];
    let ahead = 0;
    while (ahead < lookAheadLines) {
      const next = await this.lineSource.next();
      if (next.done === true) break;
      const line = this.read(next.value);
      if (line !== null) head.push(line);
      if (ahead > 0 || line?.event.kind === 'snapshot') ahead += 1;
      if (ahead === 0 && head.length > headLinesMax) break;
    }
    if (ahead > 0) return head;
    throw new CaptureError(
      'CAPTURE_NO_SNAPSHOT',
      `${this.options.source.name} holds no depth snapshot; without one there is no book to replay`,
    );
  }

  private async replay(replay: Replay, head: readonly HeadLine[], hold: Promise<void>): Promise<CaptureReport> {
    let pace = new Pace(this.options);
    let held = false;
    for (const line of head) {
      if (this.stopped) break;
      await pace.wait(line.receivedAt);
      this.apply(replay, line);
      if (held || line.event.kind !== 'trade') continue;
      held = true;
      await hold;
      pace = new Pace(this.options);
    }
    while (!this.stopped) {
      const next = await this.lineSource.next();
      if (next.done === true) break;
      const line = this.read(next.value);
      if (line === null) continue;
      await pace.wait(line.receivedAt);
      this.apply(replay, line);
    }
    await this.lineSource.return(undefined);
    if (replay.gaps > 0)
      this.options.tell(
        `the capture has ${replay.gaps} gaps in its depth; levels that were passed meanwhile were dropped`,
      );
    return { lines: this.lines, skipped: this.skipped };
  }

  private read(text: string | null): HeadLine | null {
    this.lines += 1;
    if (text !== null && text.trim() === '') return null;
    const parsed = text === null ? ({ ok: false, fault: 'LINE_TOO_LONG' } as const) : parseCaptureLine(text);
    if (parsed.ok) return { ...parsed, number: this.lines };
    this.skip(this.lines, parsed.fault);
    return null;
  }

  private apply(replay: Replay, line: HeadLine): void {
    const fault = replay.apply(line.event, this.options.now());
    if (fault !== null) this.skip(line.number, fault);
  }

  private skip(number: number, fault: LineFault): void {
    this.skipped += 1;
    if (this.skipped <= badLinesTold) this.options.tell(`line ${number} of the capture skipped: ${fault}`);
    if (this.skipped === badLinesTold + 1) this.options.tell('more lines are skipped; they are counted, not listed');
    if (this.skipped <= Math.max(badLinesMax, this.lines * badShareMax)) return;
    const text = `${this.options.source.name}: ${this.skipped} of ${this.lines} lines cannot be read (last: line ${number}, ${fault})`;
    throw new CaptureError('CAPTURE_TOO_MANY_BAD_LINES', text);
  }
}

/** Holds each line back until its time on the stretched clock of the capture. */
class Pace {
  private origin: { readonly wall: number; readonly captured: number } | null = null;
  private linesInTurn = 0;

  constructor(private readonly options: RecordedFeedOptions) {}

  async wait(receivedAt: number): Promise<void> {
    const wall = this.options.now();
    this.origin ??= { wall, captured: receivedAt };
    const due = this.origin.wall + (receivedAt - this.origin.captured) / this.options.speed;
    if (due - wall >= 1) {
      this.linesInTurn = 0;
      await sleep(due - wall);
      return;
    }
    if (wall - due > lagMsMax) this.origin = { wall, captured: receivedAt };
    this.linesInTurn += 1;
    if (this.linesInTurn < linesPerTurn) return;
    this.linesInTurn = 0;
    await nextTurn();
  }
}

/** Symbol, tick and lot as the capture shows them. */
function specOf(head: readonly HeadLine[], name: string): MarketSpec {
  const symbol = head.flatMap(({ event }) =>
    event.kind === 'depth' || event.kind === 'trade' ? [event.symbol] : [],
  )[0];
  const split = symbol === undefined ? null : splitSymbol(symbol);
  if (split === null) {
    throw new CaptureError(
      'CAPTURE_UNKNOWN_SYMBOL',
      `${name}: '${symbol ?? ''}' is no symbol with a known quote currency (BTCUSDT, ETHBTC)`,
    );
  }
  const levels = head.flatMap(({ event }) => {
    if (event.kind === 'trade') return event.symbol === symbol ? [[event.price, event.quantity] as const] : [];
    return event.kind === 'snapshot' || (event.kind === 'depth' && event.symbol === symbol)
      ? [...event.bids, ...event.asks]
      : [];
  });
  const tickUnits = inferStep(levels.map(([price]) => price));
  const lotUnits = inferStep(levels.map(([, quantity]) => quantity));
  const snapshot = head.find(({ event }) => event.kind === 'snapshot')?.event;
  const referencePrice = snapshot?.kind === 'snapshot' ? Number((snapshot.bids[0] ?? snapshot.asks[0])?.[0] ?? 0) : 0;
  if (tickUnits === null || lotUnits === null || referencePrice === 0) {
    throw new CaptureError(
      'CAPTURE_NO_SNAPSHOT',
      `${name}: the depth snapshot is empty; without levels there is no book to replay`,
    );
  }
  return marketSpec({ ...split, tickUnits, lotUnits, referencePrice });
}
