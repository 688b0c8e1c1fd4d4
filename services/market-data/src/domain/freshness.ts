import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, InstrumentId } from '@scalpstorm/model';

export const streams = ['trade', 'quote', 'depth'] as const;
export type Stream = (typeof streams)[number];

/** What the adapter last said, and when anything was last heard; times are ours. */
export interface Heard {
  readonly state: FeedStatus['state'];
  readonly detail: string;
  readonly lastEventAt: Timestamp | null;
  /** When each stream was last heard. */
  readonly byStream: Readonly<Partial<Record<Stream, Timestamp>>>;
  /** Since the first trade that no quote and no book followed; null while the book keeps up. */
  readonly tradesAloneSince: Timestamp | null;
  /** Since when the adapter calls it live: silence is counted from then. */
  readonly since: Timestamp;
  /** How old the newest trade or book was when it came, by the venue's clock; negative: it came from the future. */
  readonly lag: Micros;
}

/**
 * Can it be traded on? A live feed that says nothing for `staleAfter` is stale, whatever the socket claims; so is one whose
 * trades go on while its book stands still, because a trade takes something out of the book; and so is one whose events come so
 * late that they tell the past, or so early that a clock must be wrong.
 */
export function judgeFreshness(
  instrumentId: InstrumentId,
  heard: Heard,
  now: Timestamp,
  staleAfter: Micros,
): FeedStatus {
  const { state, detail, lastEventAt, since } = heard;
  const told = { instrumentId, state, detail, lastEventAt };
  if (state !== 'live') return told;
  const limit = `limit ${Math.floor(staleAfter / 1_000)} ms`;
  const silence = now - Math.max(lastEventAt ?? since, since);
  if (silence > staleAfter)
    return { ...told, state: 'stale', detail: `nothing heard for ${Math.floor(silence / 1_000)} ms, ${limit}` };
  if (Math.abs(heard.lag) > staleAfter) return { ...told, state: 'stale', detail: `${lagWords(heard.lag)}, ${limit}` };
  const behind = bookBehindTrades(heard, now);
  if (behind > staleAfter)
    return {
      ...told,
      state: 'stale',
      detail: `the book is ${Math.floor(behind / 1_000)} ms behind the trades, ${limit}`,
    };
  return told;
}

/** How long trades have gone on without a word of the book; 0 while it keeps up. */
export const bookBehindTrades = ({ tradesAloneSince }: Heard, now: Timestamp): Micros =>
  tradesAloneSince === null ? 0 : Math.max(0, now - tradesAloneSince);

const lagWords = (lag: Micros): string =>
  lag > 0
    ? `events come ${Math.floor(lag / 1_000)} ms late`
    : `events are ${Math.floor(-lag / 1_000)} ms ahead of the clock`;

/** With one more event, which happened at `occurredAt` by our clock. */
export function hearing(heard: Heard, stream: Stream, occurredAt: Timestamp, now: Timestamp): Heard {
  const tradesAloneSince = stream === 'trade' ? (heard.tradesAloneSince ?? now) : null;
  const byStream = { ...heard.byStream, [stream]: now };
  // Not every venue gives its quotes a time; then theirs is ours, and says nothing.
  const lag = stream === 'quote' ? heard.lag : now - occurredAt;
  return { ...heard, lastEventAt: now, byStream, tradesAloneSince, lag };
}
