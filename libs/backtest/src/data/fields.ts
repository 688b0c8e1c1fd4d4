import { asciiText } from './read-number.js';

const comma = 44;
const quote = 34;
const space = 32;

/** Where the fields of a row of CSV begin and end, quotes and the spaces around left out. One of it serves a whole file. */
export class Fields {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  bytes: Uint8Array = new Uint8Array(0);

  constructor(readonly columns: number) {
    this.starts = new Int32Array(columns);
    this.ends = new Int32Array(columns);
  }

  /** How many fields there are, of which as many are kept as there are columns. */
  split(bytes: Uint8Array, start: number, end: number): number {
    this.bytes = bytes;
    let field = 0;
    let from = start;
    for (let at = start; at <= end; at += 1) {
      if (at < end && bytes[at] !== comma) continue;
      let last = at;
      while (from < last && bytes[from] === space) from += 1;
      while (from < last && bytes[last - 1] === space) last -= 1;
      const isQuoted = bytes[from] === quote && bytes[last - 1] === quote && last - from >= 2;
      this.starts[field] = isQuoted ? from + 1 : from;
      this.ends[field] = isQuoted ? last - 1 : last;
      field += 1;
      from = at + 1;
    }
    return field;
  }

  start = (field: number): number => this.starts[field] as number;
  end = (field: number): number => this.ends[field] as number;
  isEmpty = (field: number): boolean => this.start(field) >= this.end(field);

  /** As far as it is fit to be told. */
  text = (field: number): string =>
    asciiText(this.bytes, this.start(field), Math.min(this.end(field), this.start(field) + 40));
}
