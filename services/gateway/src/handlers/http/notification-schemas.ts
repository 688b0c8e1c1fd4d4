import { levelFilters, noticeKinds, notificationChannels } from '@scalpstorm/contracts';
import { z } from 'zod';

const channel = z.enum(notificationChannels);
const time = z.iso.datetime();
const timeOfDay = z.string().max(5);
const preferences = z.strictObject({
  timeZone: z.string().max(60),
  quietHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).nullable(),
  summaryAt: timeOfDay.nullable(),
  levels: z.strictObject({
    telegram: z.enum(levelFilters),
    email: z.enum(levelFilters),
    webhook: z.enum(levelFilters),
  }),
  muted: z
    .array(z.strictObject({ kind: z.enum(noticeKinds), channel }))
    .max(100)
    .readonly(),
});

export const preferencesPatch = preferences.partial();
export const emailBody = z.strictObject({ address: z.string().trim().min(3).max(254) });
export const codeBody = z.strictObject({ code: z.string().trim().min(1).max(40) });
export const webhookBody = z.strictObject({ url: z.string().trim().min(1).max(1_000) });
export const channelBody = z.strictObject({ channel });
export const linkParams = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
export const deliveryParams = z.object({ id: z.string().regex(/^\d{1,18}$/) });

export const profileReply = z.object({
  channels: z.array(z.object({ channel, state: z.enum(['off', 'up', 'down']), text: z.string() })).readonly(),
  telegram: z.array(z.object({ id: z.string(), label: z.string(), linkedAt: time })),
  email: z.object({ address: z.string(), verified: z.boolean() }).nullable(),
  webhook: z.object({ url: z.string() }).nullable(),
  preferences,
  failed: z.array(
    z.object({
      id: z.string(),
      channel,
      title: z.string(),
      error: z.string(),
      attempts: z.number().int(),
      createdAt: time,
    }),
  ),
});
export const linkCodeReply = z.object({ code: z.string(), link: z.string(), expiresAt: time });
export const webhookReply = profileReply.extend({ secret: z.string() });
