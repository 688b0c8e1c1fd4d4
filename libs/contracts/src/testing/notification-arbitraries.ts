import fc from 'fast-check';
import {
  levelFilters,
  type NotificationCommand,
  type NotificationPreferences,
  type NotificationProfile,
  noticeKinds,
  notificationChannels,
  userRoles,
} from '../index.js';
import { asked, count, few, orNull, text, timestamp, words } from './value-arbitraries.js';

const channel = fc.constantFrom(...notificationChannels);
const level = fc.constantFrom(...levelFilters);
const preferences: fc.Arbitrary<NotificationPreferences> = fc.record({
  timeZone: text,
  quietHours: orNull(fc.record({ from: text, to: text })),
  summaryAt: orNull(text),
  levels: fc.record({ telegram: level, email: level, webhook: level }),
  muted: few(fc.record({ kind: fc.constantFrom(...noticeKinds), channel })),
});
const person = { ...asked, role: fc.constantFrom(...userRoles) };
export const notificationCommand: fc.Arbitrary<NotificationCommand> = fc.oneof(
  fc.record({ kind: fc.constantFrom('look', 'link-telegram', 'remove-email', 'remove-webhook'), ...person }),
  fc.record({ kind: fc.constant('unlink-telegram'), ...person, linkId: text }),
  fc.record({ kind: fc.constant('set-email'), ...person, address: text }),
  fc.record({ kind: fc.constant('verify-email'), ...person, code: text }),
  fc.record({ kind: fc.constant('set-webhook'), ...person, url: text }),
  fc.record({ kind: fc.constant('set-preferences'), ...person, preferences }),
  fc.record({ kind: fc.constant('test'), ...person, channel }),
  fc.record({ kind: fc.constant('retry'), ...person, deliveryId: text }),
);
export const notificationProfile: fc.Arbitrary<NotificationProfile> = fc.record({
  channels: few(fc.record({ channel, state: fc.constantFrom('off', 'up', 'down'), text })),
  links: few(fc.record({ id: words, label: text, linkedAt: timestamp })),
  email: orNull(fc.record({ address: text, verified: fc.boolean() })),
  webhookUrl: orNull(text),
  preferences,
  failed: few(fc.record({ id: words, channel, title: text, error: text, attempts: count, createdAt: timestamp })),
  linkCode: orNull(fc.record({ code: words, link: text, expiresAt: timestamp })),
  webhookSecret: orNull(text),
});
