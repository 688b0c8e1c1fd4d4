import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, InstrumentId } from '@scalpstorm/model';

/** What the adapter last said, and when anything was last heard; times are ours. */
export interface Heard {
  readonly state: FeedStatus['state'];
  readonly detail: string;
  readonly lastEventAt: Timestamp | null;
  /** Since when the adapter calls it live: silence is counted from then. */
  readonly since: Timestamp;
}

/** Can it be traded on? A live feed that says nothing for `staleAfter` is stale, whatever the socket claims. */
export function judgeFreshness(
  instrumentId: InstrumentId,
  heard: Heard,
  now: Timestamp,
  staleAfter: Micros,
): FeedStatus {
  const { state, detail, lastEventAt, since } = heard;
  const silence = now - Math.max(lastEventAt ?? since, since);
  if (state !== 'live' || silence <= staleAfter) return { instrumentId, state, detail, lastEventAt };
  const text = `nothing heard for ${Math.floor(silence / 1_000)} ms, limit ${Math.floor(staleAfter / 1_000)} ms`;
  return { instrumentId, state: 'stale', detail: text, lastEventAt };
}
