import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import type { BarColumns } from '@scalpstorm/strategies';
import type { BacktestFault } from '../fault.js';
import { BarsBuilder } from './bars-builder.js';
import { type Layout, layoutOf } from './header.js';
import { asciiText, readNumber } from './read-number.js';
import { readTime } from './read-time.js';

const newline = 10;
const carriageReturn = 13;
const comma = 44;
const quote = 34;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const prices = ['open', 'high', 'low', 'close'] as const;

/**
 * Bars out of a CSV file with a header. Rows must be in the order of time, without a repetition, and complete: what is not is refused,
 * because corrupt data is worse than none. The fault names the line, counted from 1 with the header.
 */
export function readBars(bytes: Uint8Array): Result<BarColumns, BacktestFault> {
  const start = byteOrderMark.every((byte, at) => bytes[at] === byte) ? byteOrderMark.length : 0;
  const headerEnd = endOfLine(bytes, start);
  const layout = layoutOf(asciiText(bytes, start, headerEnd).replace(/\r$/, ''));
  if (!layout.ok) return layout;
  const reader = new RowReader(bytes, layout.value);
  let line = 2;
  for (let at = headerEnd + 1; at < bytes.length; line += 1) {
    const end = endOfLine(bytes, at);
    const fault = reader.read(at, bytes[end - 1] === carriageReturn ? end - 1 : end, line);
    if (fault !== null) return fail(fault);
    at = end + 1;
  }
  if (reader.builder.length > 0) return ok(reader.builder.bars());
  return fail({ code: 'NO_ROWS', text: 'There is a header and no row.', next: 'Give a file with at least one bar.' });
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(newline, from);
  return end < 0 ? bytes.length : end;
}

class RowReader {
  readonly builder = new BarsBuilder();
  /** Where the fields of the row begin and end. */
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly layout: Layout,
  ) {
    this.starts = new Int32Array(layout.columns);
    this.ends = new Int32Array(layout.columns);
  }

  /** An empty line is left out; null: it is in. */
  read(start: number, end: number, line: number): BacktestFault | null {
    if (start >= end) return null;
    const fields = this.split(start, end);
    if (fields !== this.layout.columns) return wrongWidth(line, fields, this.layout.columns);
    const { builder, layout } = this;
    const openedAt = readTime(this.bytes, this.start(layout.time), this.end(layout.time), layout.timeUnit);
    if (Number.isNaN(openedAt)) return this.notA('time', layout.time, line);
    const fault = orderFault(builder, openedAt, line);
    if (fault !== null) return fault;
    builder.set('openedAt', openedAt);
    for (const name of prices) {
      const value = readNumber(this.bytes, this.start(layout[name]), this.end(layout[name]));
      if (!(value > 0 && Number.isFinite(value))) return this.notA(name, layout[name], line);
      builder.set(name, value);
    }
    const volume =
      layout.volume === null ? 0 : readNumber(this.bytes, this.start(layout.volume), this.end(layout.volume));
    if (!(volume >= 0 && Number.isFinite(volume))) return this.notA('volume', layout.volume ?? 0, line);
    builder.set('volume', volume);
    const impossible = shapeFault(builder, line);
    if (impossible === null) builder.next();
    return impossible;
  }

  private split(start: number, end: number): number {
    let field = 0;
    let from = start;
    for (let at = start; at <= end; at += 1) {
      if (at < end && this.bytes[at] !== comma) continue;
      const isQuoted = this.bytes[from] === quote && this.bytes[at - 1] === quote && at - from >= 2;
      this.starts[field] = isQuoted ? from + 1 : from;
      this.ends[field] = isQuoted ? at - 1 : at;
      field += 1;
      from = at + 1;
    }
    return field;
  }

  private start = (field: number): number => this.starts[field] as number;
  private end = (field: number): number => this.ends[field] as number;

  private notA(name: string, field: number, line: number): BacktestFault {
    const text = asciiText(this.bytes, this.start(field), Math.min(this.end(field), this.start(field) + 40));
    const allowed = name === 'time' ? 'a time' : name === 'volume' ? 'a number from 0 on' : 'a number above 0';
    return {
      code: name === 'time' ? 'NOT_A_TIME' : 'NOT_A_NUMBER',
      text: `Line ${line}: ${name} is ${JSON.stringify(text)}, and not ${allowed}.`,
      next: 'Mend or remove that row; nothing was made of the file.',
    };
  }
}

function wrongWidth(line: number, fields: number, columns: number): BacktestFault {
  return {
    code: 'ROW_INCOMPLETE',
    text: `Line ${line} has ${fields} fields, and the header ${columns}.`,
    next: 'Mend that row; a file that was cut off ends with one.',
  };
}

function orderFault(builder: BarsBuilder, openedAt: number, line: number): BacktestFault | null {
  const before = builder.at('openedAt', builder.length - 1);
  if (builder.length === 0 || openedAt > before) return null;
  const at = Timestamp.toIso(Timestamp.fromMicros(openedAt));
  if (openedAt === before) {
    return {
      code: 'ROW_TWICE',
      text: `Line ${line} repeats the time of the row before it, ${at}.`,
      next: 'Remove one of the two.',
    };
  }
  return {
    code: 'ROW_NOT_IN_ORDER',
    text: `Line ${line} is of ${at}, and the row before it is later.`,
    next: 'Sort the rows by time, oldest first.',
  };
}

function shapeFault(builder: BarsBuilder, line: number): BacktestFault | null {
  const [open, high, low, close] = prices.map((name) => builder.at(name, builder.length)) as [
    number,
    number,
    number,
    number,
  ];
  if (high >= open && high >= close && low <= open && low <= close) return null;
  return {
    code: 'BAR_IMPOSSIBLE',
    text: `Line ${line}: open ${open}, high ${high}, low ${low}, close ${close}; the high must be the highest, the low the lowest.`,
    next: 'Mend that row, or check whether the columns are named rightly.',
  };
}
