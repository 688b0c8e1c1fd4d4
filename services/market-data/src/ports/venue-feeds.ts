import type { VenueId } from '@scalpstorm/model';
import type { MarketFeed } from '@scalpstorm/venue-api';
import type { Selection } from '../domain/selection.js';

/** The venues that this service listens to, and what to follow there. */
export abstract class VenueFeeds {
  abstract readonly selections: readonly Selection[];
  /** @throws BrokenInvariant for a venue that no selection names */
  abstract feed(venue: VenueId): MarketFeed;
  abstract close(): Promise<void>;
}
