/** The venue's counters of a depth update: of its first and its last change. */
export interface DepthIds {
  readonly firstId: number;
  readonly lastId: number;
  /** The `u` of the update before, on futures; null on spot. */
  readonly previousId: number | null;
}

/** More depth than this before a snapshot is no capture that could be replayed. */
export const bufferedDepthMax = 10_000;

export type SpliceStep = 'apply' | 'apply-after-gap' | 'stale' | 'buffered' | 'buffer-full';

/**
 * Joins depth events to a snapshot as the venue prescribes: events before it wait, those that it contains are dropped, and
 * each later one must follow on its predecessor (`U` = last + 1 on spot, `pu` = last `u` on futures).
 */
export class DepthSplice<Depth extends DepthIds> {
  private buffered: Depth[] = [];
  private lastId: number | null = null;

  offer(event: Depth): SpliceStep {
    if (this.lastId === null) {
      if (this.buffered.length >= bufferedDepthMax) return 'buffer-full';
      this.buffered.push(event);
      return 'buffered';
    }
    if (event.lastId <= this.lastId) return 'stale';
    const follows = event.previousId ?? event.firstId - 1;
    const isGap = follows > this.lastId;
    this.lastId = event.lastId;
    return isGap ? 'apply-after-gap' : 'apply';
  }

  /** Gives the waiting events, to be offered again; null when the snapshot is older than what was applied. */
  snapshot(lastUpdateId: number): readonly Depth[] | null {
    if (this.lastId !== null && lastUpdateId < this.lastId) return null;
    this.lastId = lastUpdateId;
    const waiting = this.buffered;
    this.buffered = [];
    return waiting;
  }
}
