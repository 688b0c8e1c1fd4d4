import type { Timestamp } from '@scalpstorm/kernel';
import type { EventId } from '@scalpstorm/model';
import type { Meta } from './contract.js';

/** Pure: the id and the times are arguments. `newMeta` of the bus brings the clock and the random source. */
export function createMeta(
  eventId: EventId,
  causedBy: EventId | null,
  occurredAt: Timestamp,
  recordedAt: Timestamp,
): Meta {
  return { eventId, causedBy, occurredAt, recordedAt };
}
