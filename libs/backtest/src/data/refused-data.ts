import type { BacktestFault } from '../fault.js';

/** A row that can not be believed: the run ends there, because corrupt data is worse than none. */
export class RefusedData extends Error {
  override readonly name = 'RefusedData';

  constructor(readonly fault: BacktestFault) {
    super(`${fault.code}: ${fault.text}`);
  }

  /** The same, of a file; said once. */
  of(file: string): RefusedData {
    if (this.fault.text.startsWith(`${file}: `)) return this;
    return new RefusedData({ ...this.fault, text: `${file}: ${this.fault.text}` });
  }
}
