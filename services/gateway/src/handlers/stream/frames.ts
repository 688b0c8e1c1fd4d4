import { Timestamp } from '@scalpstorm/kernel';
import type { Change } from '../../domain/change-log.js';
import { StreamFrame } from '../../domain/stream-frame.js';

/** Where a frame stands. */
export interface Position {
  readonly ch: string;
  readonly epoch: string;
  readonly seq: number;
}

export function snapshotFrame({ ch, epoch, seq }: Position, data: readonly unknown[], now: Timestamp): StreamFrame {
  return new StreamFrame({ ch, type: 'snapshot', seq, epoch, data, ts: Timestamp.toIso(now) });
}

/** Everything that a client missed, in one frame; the next change has the next number. */
export function resumedFrame({ ch, epoch, seq }: Position, data: readonly unknown[], now: Timestamp): StreamFrame {
  return new StreamFrame({ ch, type: 'resumed', seq, epoch, data, ts: Timestamp.toIso(now) });
}

export function deltaFrame(ch: string, { seq, row, at }: Change, now: Timestamp): StreamFrame {
  return new StreamFrame({ ch, type: 'delta', seq, data: [row], ts: Timestamp.toIso(now), ageMs: ageMs(at, now) });
}

/** Changes that were merged; their age is that of the newest. */
export function mergedFrame(
  { ch, seq }: Omit<Position, 'epoch'>,
  merged: { readonly rows: readonly unknown[]; readonly newest: Timestamp | null },
  now: Timestamp,
): StreamFrame {
  const age = merged.newest === null ? {} : { ageMs: ageMs(merged.newest, now) };
  return new StreamFrame({ ch, type: 'delta', seq, data: merged.rows, ts: Timestamp.toIso(now), ...age });
}

const ageMs = (at: Timestamp, now: Timestamp): number => Math.max(0, Math.round((now - at) / 1_000));
