import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { InstrumentId, VenueId } from '@scalpstorm/model';

/** Until when the prices of an instrument are known to have been right; a live feed moves it on every second. */
export interface FeedAge {
  readonly instrumentId: InstrumentId;
  readonly venue: VenueId;
  readonly knownUntil: Timestamp;
}

export interface StaleFeeds {
  /** Nothing of them is live: two instruments at least, and all of them. */
  readonly venues: readonly VenueId[];
  /** Of other venues. */
  readonly instruments: readonly InstrumentId[];
}

export function staleFeeds(feeds: readonly FeedAge[], now: Timestamp, ageMax: Micros): StaleFeeds {
  const isStale = ({ knownUntil }: FeedAge): boolean => now - knownUntil > ageMax;
  const byVenue = Map.groupBy(feeds, ({ venue }) => venue);
  const dead = [...byVenue].filter(([, all]) => all.length > 1 && all.every(isStale)).map(([venue]) => venue);
  const others = feeds.filter((feed) => isStale(feed) && !dead.includes(feed.venue));
  return { venues: dead, instruments: others.map(({ instrumentId }) => instrumentId) };
}
