import type { BacktestFault } from '../fault.js';
import { ByteLines } from './byte-lines.js';
import { CaptureDecoder } from './capture-decoder.js';
import { Fields } from './fields.js';
import type { DataKind, MarketRow } from './market-row.js';
import { asciiText } from './read-number.js';
import { isBareDay, readTime } from './read-time.js';
import { RefusedData } from './refused-data.js';
import { bareDay, notA, notInOrder, wrongWidth } from './row-faults.js';
import type { Scale } from './scale.js';
import {
  BookDecoder,
  CandleDecoder,
  FundingDecoder,
  type Line,
  type TableDecoder,
  TradeDecoder,
} from './table-decoders.js';
import { type TableLayout, tableLayoutOf } from './table-layout.js';

/** A file of market data, as it comes. */
export interface DataSource {
  /** For messages. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export type FeedState = 'row' | 'starved' | 'over';

/** What a file says, one row after another, in the order of time. Only a piece of the file is in memory. */
export class MarketFeed {
  rows = 0;
  state: FeedState = 'starved';
  private lastAt = Number.NEGATIVE_INFINITY;
  private finished = false;

  private constructor(
    readonly name: string,
    readonly kind: DataKind,
    private readonly lines: ByteLines,
    private readonly decoder: LineDecoder,
  ) {}

  /** @throws RefusedData when the header tells no kind of data */
  static async open({ name, chunks }: DataSource, scale: Scale): Promise<MarketFeed> {
    const lines = new ByteLines(chunks);
    try {
      while (!lines.next()) {
        if (lines.over) throw new RefusedData(noRows('The file is empty.'));
        await lines.fill();
      }
      const first = asciiText(lines.bytes, lines.start, Math.min(lines.end, lines.start + 4_096));
      const isCapture = /^\d{13,19} \{/.test(first);
      const decoder = isCapture ? new CaptureLines(scale, lines) : new TableLines(layoutOf(first), scale, lines);
      const feed = new MarketFeed(name, isCapture ? 'capture' : (decoder as TableLines).kind, lines, decoder);
      if (isCapture) feed.takeLine();
      else feed.advance();
      return feed;
    } catch (error) {
      await lines.close();
      throw named(error, name);
    }
  }

  get row(): MarketRow {
    return this.decoder.row;
  }

  /** Of the row at hand; microseconds since the epoch. */
  get at(): number {
    return this.decoder.at;
  }

  /** Moves on. `starved`: call {@link refill}, which moves on itself. */
  advance(): FeedState {
    if (this.state === 'over') return 'over';
    try {
      if (this.decoder.more()) return this.has();
      while (this.lines.next()) if (this.decoder.read()) return this.has();
      if (!this.lines.over) this.state = 'starved';
      else if (!this.finished) {
        this.finished = true;
        this.state = this.decoder.finish() ? this.has() : this.end();
      } else this.state = this.end();
      return this.state;
    } catch (error) {
      throw named(error, this.name);
    }
  }

  async refill(): Promise<void> {
    while (this.state === 'starved') {
      await this.lines.fill().catch((error) => {
        throw named(error, this.name);
      });
      this.advance();
    }
  }

  async close(): Promise<void> {
    await this.lines.close();
  }

  private takeLine(): void {
    this.state = this.decoder.read() ? this.has() : this.advance();
  }

  private has(): 'row' {
    this.rows += 1;
    const { at } = this.decoder;
    if (at < this.lastAt) throw new RefusedData(notInOrder(this.lines.line, at));
    this.lastAt = at;
    this.state = 'row';
    return 'row';
  }

  private end(): 'over' {
    if (this.rows === 0) throw new RefusedData(noRows('There is a header and no row.'));
    return 'over';
  }
}

/** Reads the line at hand. True: there is a row. */
interface LineDecoder {
  readonly row: MarketRow;
  readonly at: number;
  read(): boolean;
  more(): boolean;
  finish(): boolean;
}

class TableLines implements LineDecoder {
  readonly kind: TableLayout['kind'];
  private readonly fields: Fields;
  private readonly decoder: TableDecoder;
  private readonly line: { fields: Fields; number: number; at: number; layout: TableLayout };

  constructor(
    private readonly layout: TableLayout,
    scale: Scale,
    private readonly lines: ByteLines,
  ) {
    this.kind = layout.kind;
    this.fields = new Fields(layout.columns);
    this.decoder = decoderOf(layout.kind, scale);
    this.line = { fields: this.fields, number: 0, at: Number.NEGATIVE_INFINITY, layout };
  }

  get row(): MarketRow {
    return this.decoder.row;
  }
  get at(): number {
    return this.decoder.at;
  }

  read(): boolean {
    const { fields, lines, layout, line } = this;
    const width = fields.split(lines.bytes, lines.start, lines.end);
    if (width !== layout.columns) throw new RefusedData(wrongWidth(lines.line, width, layout.columns));
    const at = this.timeOf();
    if (at < line.at) throw new RefusedData(notInOrder(lines.line, at));
    line.number = lines.line;
    line.at = at;
    return this.decoder.take(line as Line);
  }

  more = (): boolean => this.decoder.more();
  finish = (): boolean => this.decoder.finish();

  /** A snapshot in a capture may be without a time of the venue: it is of when it stands there. */
  private timeOf(): number {
    const { fields, layout, lines, line } = this;
    const { time, timeUnit } = layout;
    if (fields.isEmpty(time) && layout.kind === 'book' && Number.isFinite(line.at)) return line.at;
    if (line.number === 0 && timeUnit === null && isBareDay(fields.text(time)))
      throw new RefusedData(bareDay(fields.text(time), lines.line));
    const at = readTime(lines.bytes, fields.start(time), fields.end(time), timeUnit);
    if (Number.isNaN(at)) throw new RefusedData(notA('time', fields.text(time), lines.line, 'a time'));
    return at;
  }
}

class CaptureLines implements LineDecoder {
  private readonly decoder: CaptureDecoder;
  private readonly text = new TextDecoder();

  constructor(
    scale: Scale,
    private readonly lines: ByteLines,
  ) {
    this.decoder = new CaptureDecoder(scale);
  }

  get row(): MarketRow {
    return this.decoder.row;
  }
  get at(): number {
    return this.decoder.at;
  }

  read(): boolean {
    const { bytes, start, end, line } = this.lines;
    return this.decoder.take(this.text.decode(bytes.subarray(start, end)), line);
  }

  more = (): boolean => false;
  finish = (): boolean => false;
}

function decoderOf(kind: TableLayout['kind'], scale: Scale): TableDecoder {
  if (kind === 'candles') return new CandleDecoder(scale);
  if (kind === 'trades') return new TradeDecoder(scale);
  return kind === 'book' ? new BookDecoder(scale) : new FundingDecoder();
}

function layoutOf(line: string): TableLayout {
  const layout = tableLayoutOf(line);
  if (!layout.ok) throw new RefusedData(layout.error);
  return layout.value;
}

const noRows = (text: string): BacktestFault => ({
  code: 'NO_ROWS',
  text,
  next: 'Give a file with at least one row of data.',
});

const named = (error: unknown, name: string): unknown => (error instanceof RefusedData ? error.of(name) : error);
