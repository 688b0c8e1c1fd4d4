import { asciiText } from './read-number.js';

const comma = 44;
const quote = 34;
const space = 32;

/** Instead of a width: the line ends inside of quotes. */
export const quoteIsOpen = -1;

/**
 * Where the fields of a row of CSV begin and end, quotes and the spaces around left out. One of it serves a whole file. Quotes are those of
 * RFC 4180 within a line: a field that begins with one may hold commas, and quotes that are doubled, which stay so here.
 */
export class Fields {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  bytes: Uint8Array = new Uint8Array(0);

  constructor(readonly columns: number) {
    this.starts = new Int32Array(columns);
    this.ends = new Int32Array(columns);
  }

  /** How many fields there are, of which as many are kept as there are columns; or {@link quoteIsOpen}. */
  split(bytes: Uint8Array, start: number, end: number): number {
    this.bytes = bytes;
    let field = 0;
    let from = start;
    for (let at = start; at <= end; at += 1) {
      if (at < end && bytes[at] !== comma) continue;
      let last = at;
      while (from < last && bytes[from] === space) from += 1;
      while (from < last && bytes[last - 1] === space) last -= 1;
      if (from < last && bytes[from] === quote) {
        const closing = this.closingQuote(from, end);
        if (closing < 0) return quoteIsOpen;
        // Commas before the closing quote are the field's own.
        while (at < closing || (at < end && bytes[at] !== comma)) at += 1;
        last = at;
        while (bytes[last - 1] === space) last -= 1;
        // What goes on after its quotes is left as it stands, which is no number and no time.
        if (last === closing + 1) {
          from += 1;
          last -= 1;
        }
      }
      this.starts[field] = from;
      this.ends[field] = last;
      field += 1;
      from = at + 1;
    }
    return field;
  }

  /** Of the quote at `opening`; -1: none before `end`. */
  private closingQuote(opening: number, end: number): number {
    for (let at = opening + 1; at < end; at += 1) {
      if (this.bytes[at] !== quote) continue;
      if (at + 1 >= end || this.bytes[at + 1] !== quote) return at;
      at += 1;
    }
    return -1;
  }

  start = (field: number): number => this.starts[field] as number;
  end = (field: number): number => this.ends[field] as number;
  isEmpty = (field: number): boolean => this.start(field) >= this.end(field);

  /** As far as it is fit to be told. */
  text = (field: number): string =>
    asciiText(this.bytes, this.start(field), Math.min(this.end(field), this.start(field) + 40));
}
