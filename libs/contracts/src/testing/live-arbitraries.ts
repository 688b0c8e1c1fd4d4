import fc from 'fast-check';
import { type LiveChange, liveChannels } from '../index.js';
import { json, largeCount, orNull, timestamp, userId, words } from './value-arbitraries.js';

export const liveChange: fc.Arbitrary<LiveChange> = fc.record({
  channel: fc.constantFrom(...liveChannels),
  userId: orNull(userId),
  at: timestamp,
  row: orNull(json),
  entity: orNull(fc.record({ id: words, rank: largeCount })),
});
