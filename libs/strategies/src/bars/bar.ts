/** A bar at its close. Indicators and conditions are statistics, so its prices are plain numbers; no money is made of them. */
export interface Bar {
  /** Counts the bars that were heard, from 0. */
  readonly index: number;
  /** When it opened, microseconds since the epoch. */
  readonly openedAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In the base asset. */
  readonly volume: number;
  /**
   * The close of so many bars before this one: 0 is this one's own.
   * @throws {AsksForTomorrow} for a bar that is not over yet
   */
  closeAgo(bars: number): number;
}

/** A strategy asked for what nobody could have known at that time. */
export class AsksForTomorrow extends Error {
  override readonly name = 'AsksForTomorrow';
  readonly code = 'ASKS_FOR_TOMORROW';

  constructor(bars: number) {
    super(`asked for the close of ${-bars} bars after the newest one`);
  }
}

/** A market as columns, oldest first; all of the same length. */
export interface BarColumns {
  readonly length: number;
  /** Microseconds since the epoch. */
  readonly openedAt: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}
