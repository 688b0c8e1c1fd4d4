import type { BacktestFault } from '../fault.js';

/** A strategy broke a rule of its own: the run ends, and nothing is made of it. */
export class StrategyStopped extends Error {
  override readonly name = 'StrategyStopped';

  constructor(readonly fault: BacktestFault) {
    super(`${fault.code}: ${fault.text}`);
  }
}
