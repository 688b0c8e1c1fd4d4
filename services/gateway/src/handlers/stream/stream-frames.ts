import { z } from 'zod';

/** What clients may say on the stream. */
export const clientFrame = z.discriminatedUnion('op', [
  z.object({ op: z.literal('auth'), token: z.string().max(4_096) }),
  z.object({
    op: z.literal('subscribe'),
    channels: z.array(z.string().max(100)).min(1).max(100),
    id: z.json().optional(),
  }),
  z.object({
    op: z.literal('unsubscribe'),
    channels: z.array(z.string().max(100)).min(1).max(100),
    id: z.json().optional(),
  }),
  z.object({ op: z.literal('ping'), id: z.json().optional() }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

/** Close codes of the stream; documented in docs and used by clients to decide whether to come back. */
export const closeCodes = {
  unauthenticated: 4401,
  noAuthInTime: 4408,
  badFrames: 4400,
  tooMany: 4429,
} as const;
