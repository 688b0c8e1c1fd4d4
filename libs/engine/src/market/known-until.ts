import { Timestamp } from '@scalpstorm/kernel';

/** When market-data told an event, and when it was heard: a crowded bus or event loop lies between. */
export interface Telling {
  readonly recordedAt: Timestamp;
  readonly heardAt: Timestamp;
}

/**
 * Until when a picture of the market is right, by our clock, with one more event in it. No event says more than was so when it was
 * told. One that comes late does not make a newer picture old; what a clock that was put back left in the future is dropped.
 *
 * @param before until when it was right without the event
 * @param madeAt by our clock: of a trade its own time, of what stands and is told again and again when it was told
 */
export function knownUntil(before: Timestamp | undefined, madeAt: Timestamp, telling: Telling): Timestamp {
  const { recordedAt, heardAt } = telling;
  const now = Timestamp.fromMicros(Math.min(heardAt, recordedAt, madeAt));
  return before === undefined || before > heardAt || before < now ? now : before;
}
