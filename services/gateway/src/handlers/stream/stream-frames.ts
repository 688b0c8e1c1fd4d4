import { Timestamp } from '@scalpstorm/kernel';
import { z } from 'zod';
import { StreamFrame } from '../../domain/stream-frame.js';

const channels = z.array(z.string().max(100)).min(1).max(100);
const resumePoint = z.object({ epoch: z.string().max(40), seq: z.number().int().nonnegative() });

/** What clients may say on the stream. */
export const clientFrame = z.discriminatedUnion('op', [
  z
    .object({ op: z.literal('auth'), token: z.string().max(4_096).optional(), ticket: z.string().max(100).optional() })
    .refine(({ token, ticket }) => (token === undefined) !== (ticket === undefined)),
  z.object({
    op: z.literal('subscribe'),
    channels,
    /** By channel: where a client was when it was cut off. */
    resume: z.record(z.string().max(100), resumePoint).optional(),
    id: z.json().optional(),
  }),
  z.object({ op: z.literal('unsubscribe'), channels, id: z.json().optional() }),
  z.object({ op: z.literal('ping'), id: z.json().optional() }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

/** Close codes of the stream; documented in docs and used by clients to decide whether to come back. */
export const closeCodes = {
  badFrames: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  noAuthInTime: 4408,
  tooSlow: 4413,
  tooMany: 4429,
} as const;

/** Why changes of a channel are missing: the client read too slowly, or this gateway did not hear of them. */
export type GapReason = 'slow_consumer' | 'changes_lost';

export const gapFrame = (ch: string, reason: GapReason, now: Timestamp): StreamFrame =>
  new StreamFrame({ op: 'gap', ch, reason, ts: Timestamp.toIso(now) });
