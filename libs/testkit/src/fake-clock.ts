import { type Clock, type Micros, Timestamp } from '@scalpstorm/kernel';

/** A clock that a test turns by hand. Fits wherever a `Clock` or the platform's `WallClock` is wanted. */
export class FakeClock implements Clock {
  private current: Timestamp;

  constructor(start: Timestamp = Timestamp.fromMicros(1_700_000_000_000_000)) {
    this.current = start;
  }

  now(): Timestamp {
    return this.current;
  }

  /** Returns the new time. */
  advance(micros: Micros): Timestamp {
    this.current = Timestamp.plus(this.current, micros);
    return this.current;
  }

  set(time: Timestamp): void {
    this.current = time;
  }
}
