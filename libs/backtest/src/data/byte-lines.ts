import { RefusedData } from './refused-data.js';

const newline = 10;
const carriageReturn = 13;
const byteOrderMark = [0xef, 0xbb, 0xbf];
/** A snapshot of a whole book is one line of some hundred kilobytes; anything longer is no text of lines. */
const lineBytesMax = 16 * 2 ** 20;
const nothing = new Uint8Array(0);

/** Lines of a text that comes in pieces; only the piece at hand is in memory. Lines are counted from 1, empty ones are left out. */
export class ByteLines {
  bytes: Uint8Array = nothing;
  start = 0;
  end = 0;
  line = 0;
  over = false;
  private position = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Moves on to the next line. False: {@link fill} first, or it is {@link over}. */
  next(): boolean {
    for (;;) {
      const found = this.bytes.indexOf(newline, this.position);
      if (found < 0 && !(this.over && this.position < this.bytes.length)) return false;
      const end = found < 0 ? this.bytes.length : found;
      this.line += 1;
      this.start = this.position;
      this.end = this.bytes[end - 1] === carriageReturn ? end - 1 : end;
      this.position = end + 1;
      if (this.line === 1 && byteOrderMark.every((byte, at) => this.bytes[this.start + at] === byte)) this.start += 3;
      if (this.end > this.start) return true;
    }
  }

  /** @throws RefusedData */
  async fill(): Promise<void> {
    const left = this.bytes.subarray(Math.min(this.position, this.bytes.length));
    const { value, done } = await this.chunks.next();
    this.position = 0;
    if (done === true) {
      this.bytes = left;
      this.over = true;
      return;
    }
    if (left.length > lineBytesMax) {
      throw new RefusedData({
        code: 'LINE_TOO_LONG',
        text: `Line ${this.line + 1} has no end within ${lineBytesMax} bytes.`,
        next: 'Give a text with one row a line, or such a text compressed with gzip.',
      });
    }
    this.bytes = left.length === 0 ? value : joined(left, value);
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}
