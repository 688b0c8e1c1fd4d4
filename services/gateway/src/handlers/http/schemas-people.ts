import { z } from 'zod';
import { pageLimitMax } from '../../domain/cursor.js';
import { roles } from '../../domain/principal.js';
import { type PageQuery, page, time } from './schemas.js';

const emailMax = 254;
export const email = z.email({ error: 'not an e-mail address' }).max(emailMax);
/** The upper bound keeps the work of hashing bounded; the rules themselves are the password policy's. */
const password = z.string().max(1_024);
export const credentials = z.strictObject({ email, password });
export const setupBody = credentials.extend({ token: z.string().min(1).max(512) });
export const newUserBody = credentials.extend({ role: z.enum(roles) });
export const refreshBody = z.strictObject({ refreshToken: z.string().min(1).max(512) });

export const passwordChange = z.strictObject({ currentPassword: password, newPassword: password });
export const userPatch = z
  .strictObject({ role: z.enum(roles).optional(), disabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, { error: 'names nothing to change' });
/** As many as a page may have, because a list of people is seldom longer. */
export const usersQuery: z.ZodType<PageQuery> = page.extend({
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitMax),
});
export const userParams = z.object({ id: z.string().regex(/^usr_[\w-]{1,60}$/) });
export const sessionParams = z.object({ id: z.string().min(1).max(100) });
export const sessionRow = z.object({
  id: z.string(),
  openedAt: time,
  renewedAt: time,
  endsAt: time,
  current: z.boolean(),
});

export const userReply = z.object({ id: z.string(), email: z.string(), role: z.enum(roles), disabled: z.boolean() });
export const sessionReply = z.object({ accessToken: z.string(), refreshToken: z.string(), expiresAt: time });
export const setupReply = sessionReply.extend({ user: userReply });
export const setupState = z.object({ needed: z.boolean() });
