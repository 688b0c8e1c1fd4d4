import { type Clock, type Micros, Timestamp } from '@scalpstorm/kernel';

/** The clock of a service, as a Nest token. Tests provide a clock that they turn by hand. */
export abstract class WallClock implements Clock {
  abstract now(): Timestamp;
}

/**
 * Microseconds from an arbitrary point of this process, by a clock that nobody sets and that never goes back. An age that proves
 * something is counted by it: the wall clock may be put forward between two events, and then says that the first was long ago.
 */
export const steadyTime = (): Micros => Math.floor(performance.now() * 1_000);

/** Where a {@link SystemClock} reads; replaced in tests. */
export interface TimeSources {
  /** Milliseconds since the Unix epoch; may jump. */
  wall(): number;
  /** Milliseconds from an arbitrary point, with fractions; never goes back. */
  steady(): number;
}

/** The wall is read this often, so that a machine that slept or was corrected is followed. */
const anchorMicros = 1_000_000;
/** `Date.now` counts whole milliseconds: smaller differences are its rounding. */
const toleranceMicros = 2_000;

/**
 * Microseconds since the epoch that never go back: a steady counter anchored to the wall clock. When the wall has run ahead the
 * time follows at once; when the wall was set back the time stands still until the wall catches up, at most by one anchor a second.
 */
export class SystemClock extends WallClock {
  private anchorSteady: number;
  private anchorTime: number;
  private last = 0;

  constructor(private readonly sources: TimeSources = { wall: () => Date.now(), steady: () => performance.now() }) {
    super();
    this.anchorSteady = sources.steady() * 1_000;
    this.anchorTime = sources.wall() * 1_000;
  }

  now(): Timestamp {
    const steady = this.sources.steady() * 1_000;
    if (steady - this.anchorSteady >= anchorMicros) this.reanchor(steady);
    const time = Math.floor(this.anchorTime + steady - this.anchorSteady);
    this.last = Math.max(this.last, time);
    return Timestamp.fromMicros(this.last);
  }

  private reanchor(steady: number): void {
    const expected = this.anchorTime + steady - this.anchorSteady;
    const wall = this.sources.wall() * 1_000;
    this.anchorTime = Math.abs(wall - expected) > toleranceMicros ? wall : expected;
    this.anchorSteady = steady;
  }
}
