import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { BarColumns } from '@scalpstorm/strategies';
import type { BacktestFault } from '../fault.js';
import { BarsBuilder } from './bars-builder.js';
import { Fields } from './fields.js';
import { type Layout, layoutOf } from './header.js';
import { asciiText, readNumber } from './read-number.js';
import { isBareDay, readTime } from './read-time.js';
import { bareDay, notA, notInOrder, rowTwice, wrongWidth } from './row-faults.js';

const newline = 10;
const carriageReturn = 13;
const byteOrderMark = [0xef, 0xbb, 0xbf];
/** Beyond it nothing can be reckoned with; no market has such a price. */
const numberMax = 1e100;
const prices = ['open', 'high', 'low', 'close'] as const;

/**
 * Bars out of a CSV file with a header. Rows must be in the order of time, without a repetition, and complete: what is not is refused,
 * because corrupt data is worse than none. The fault names the line, counted from 1 with the header.
 */
export function readBars(bytes: Uint8Array): Result<BarColumns, BacktestFault> {
  const start = byteOrderMark.every((byte, at) => bytes[at] === byte) ? byteOrderMark.length : 0;
  if (bytes.length === start) {
    return fail({ code: 'NO_ROWS', text: 'The file is empty.', next: 'Give a file with a header and bars.' });
  }
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
  private readonly fields: Fields;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly layout: Layout,
  ) {
    this.fields = new Fields(layout.columns);
  }

  /** An empty line is left out; null: it is in. */
  read(start: number, end: number, line: number): BacktestFault | null {
    if (start >= end) return null;
    const { builder, layout, fields } = this;
    const width = fields.split(this.bytes, start, end);
    if (width !== layout.columns) return wrongWidth(line, width, layout.columns);
    const openedAt = readTime(this.bytes, fields.start(layout.time), fields.end(layout.time), layout.timeUnit);
    if (Number.isNaN(openedAt)) return this.notA('time', layout.time, line);
    if (builder.length === 0 && layout.timeUnit === null && isBareDay(fields.text(layout.time)))
      return bareDay(fields.text(layout.time), line);
    const fault = orderFault(builder, openedAt, line);
    if (fault !== null) return fault;
    builder.set('openedAt', openedAt);
    for (const name of prices) {
      const value = readNumber(this.bytes, fields.start(layout[name]), fields.end(layout[name]));
      if (!(value > 0 && value <= numberMax)) return this.notA(name, layout[name], line);
      builder.set(name, value);
    }
    const volume =
      layout.volume === null ? 0 : readNumber(this.bytes, fields.start(layout.volume), fields.end(layout.volume));
    if (!(volume >= 0 && volume <= numberMax)) return this.notA('volume', layout.volume ?? 0, line);
    builder.set('volume', volume);
    const impossible = shapeFault(builder, line);
    if (impossible === null) builder.next();
    return impossible;
  }

  private notA(name: string, field: number, line: number): BacktestFault {
    const text = this.fields.text(field);
    const allowed = name === 'time' ? 'a time' : name === 'volume' ? 'a number from 0 on' : 'a number above 0';
    const isHuge = name !== 'time' && Number(text) > numberMax;
    return notA(name, text, line, `${allowed}${isHuge ? `, at most ${numberMax}` : ''}`);
  }
}

function orderFault(builder: BarsBuilder, openedAt: number, line: number): BacktestFault | null {
  const before = builder.at('openedAt', builder.length - 1);
  if (builder.length === 0 || openedAt > before) return null;
  return openedAt === before ? rowTwice(line, openedAt) : notInOrder(line, openedAt);
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
