import { type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, InstrumentId } from '@scalpstorm/model';

export const streams = ['trade', 'quote', 'depth'] as const;
export type Stream = (typeof streams)[number];

/** An event that was heard. */
export interface HeardEvent {
  readonly stream: Stream;
  /** When it happened, by our clock; null while nobody knows how far the clock of the venue is off. */
  readonly occurredAt: Timestamp | null;
}

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
  /** What happened last of all that was heard, and how old it was when it came; a negative lag: it came from the future. */
  readonly newest: { readonly occurredAt: Timestamp; readonly lag: Micros } | null;
  /** Streams of which nothing has come on time lately. */
  readonly offTime: Readonly<Partial<Record<Stream, OffTime>>>;
  /** Since the first event whose age is not known; null while ages are known. */
  readonly untimedSince: Timestamp | null;
}

interface OffTime {
  readonly since: Timestamp;
  readonly until: Timestamp;
  readonly lag: Micros;
}

/** Nothing was heard yet; `since`: our time. */
export const unheard = (state: FeedStatus['state'], detail: string, since: Timestamp): Heard => ({
  state,
  detail,
  lastEventAt: null,
  byStream: {},
  tradesAloneSince: null,
  since,
  newest: null,
  offTime: {},
  untimedSince: null,
});

/**
 * While something newer is known, events of the past may come for so long before their whole stream is taken to be late: one
 * that was held up somewhere says nothing about the price.
 */
export const latePatience: Micros = second;

/**
 * Can it be traded on? A live feed that says nothing for `staleAfter` is stale, whatever the socket claims; so is one whose
 * trades go on while its book stands still, because a trade takes something out of the book; so is one whose newest event came so
 * late that it tells the past, or so early that a clock must be wrong; and so is one of which a stream keeps coming late. While
 * the clock of the venue is not known nothing proves how old events are: then hearing them is believed for `staleAfter` and no longer.
 */
export function judgeFreshness(
  instrumentId: InstrumentId,
  heard: Heard,
  now: Timestamp,
  staleAfter: Micros,
): FeedStatus {
  const { state, detail, lastEventAt } = heard;
  const told = { instrumentId, state, detail, lastEventAt };
  if (state !== 'live') return told;
  const fault = faultOf(heard, now, staleAfter);
  if (fault !== null)
    return { ...told, state: 'stale', detail: `${fault}, limit ${Math.floor(staleAfter / 1_000)} ms` };
  if (heard.untimedSince === null) return told;
  return { ...told, detail: `judged by hearing, the clock of the venue is not known yet; ${detail}` };
}

function faultOf(heard: Heard, now: Timestamp, staleAfter: Micros): string | null {
  const { lastEventAt, since, newest, untimedSince } = heard;
  const silence = now - Math.max(lastEventAt ?? since, since);
  if (silence > staleAfter) return `nothing heard for ${milliseconds(silence)}`;
  if (untimedSince !== null && now - untimedSince > staleAfter)
    return `the clock of the venue is not known for ${milliseconds(now - untimedSince)}, nothing tells the age of events`;
  if (newest !== null && Math.abs(newest.lag) > staleAfter) return lagWords('events', newest.lag);
  for (const stream of streams) {
    const off = heard.offTime[stream];
    const persists = off !== undefined && off.until - off.since >= latePatience && now - off.until <= staleAfter;
    if (persists) return lagWords(`events of the stream ${stream}`, off.lag);
  }
  const behind = bookBehindTrades(heard, now);
  return behind > staleAfter ? `the book is ${milliseconds(behind)} behind the trades` : null;
}

/** How long trades have gone on without a word of the book; 0 while it keeps up. */
export const bookBehindTrades = ({ tradesAloneSince }: Heard, now: Timestamp): Micros =>
  tradesAloneSince === null ? 0 : Math.max(0, now - tradesAloneSince);

const milliseconds = (length: Micros): string => `${Math.floor(length / 1_000)} ms`;

const lagWords = (what: string, lag: Micros): string =>
  lag > 0 ? `${what} come ${milliseconds(lag)} late` : `${what} are ${milliseconds(-lag)} ahead of the clock`;

/** With one more event. `staleAfter`: what is farther than this from now did not come on time. */
export function hearing(heard: Heard, event: HeardEvent, now: Timestamp, staleAfter: Micros): Heard {
  const { stream, occurredAt } = event;
  const known = {
    ...heard,
    lastEventAt: now,
    tradesAloneSince: stream === 'trade' ? (heard.tradesAloneSince ?? now) : null,
    byStream: { ...heard.byStream, [stream]: now },
  };
  if (occurredAt === null) return { ...known, untimedSince: heard.untimedSince ?? now };
  const lag = now - occurredAt;
  const { newest } = heard;
  // One from the future is newer than everything that is right: it gives way to whatever comes next.
  const isNewest = newest === null || occurredAt >= newest.occurredAt || newest.lag < -staleAfter;
  return {
    ...known,
    untimedSince: null,
    newest: isNewest ? { occurredAt, lag } : newest,
    offTime: { ...heard.offTime, [stream]: offTimeOf(heard.offTime[stream], lag, now, staleAfter) },
  };
}

function offTimeOf(before: OffTime | undefined, lag: Micros, now: Timestamp, staleAfter: Micros): OffTime | undefined {
  if (Math.abs(lag) <= staleAfter) return undefined;
  // After a pause it is another one, not the same that goes on.
  const goesOn = before !== undefined && now - before.until <= staleAfter;
  return { since: goesOn ? before.since : now, until: now, lag };
}
