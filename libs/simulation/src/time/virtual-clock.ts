import { type Micros, Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import type { VirtualTime } from './virtual-time.js';

/** What the clock of a machine says; faults put it forward and back. */
export class MachineClock {
  offset: Micros = 0;

  constructor(private readonly time: VirtualTime) {}

  read(): number {
    return this.time.now + this.offset;
  }
}

/** The clock of one process: never goes back, and stands still where its machine's was put back, as the platform's own does. */
export class VirtualClock extends WallClock {
  private last = 0;

  constructor(private readonly machine: MachineClock) {
    super();
  }

  now(): Timestamp {
    this.last = Math.max(this.last, this.machine.read());
    return Timestamp.fromMicros(this.last);
  }
}
