import * as notices from './notification-schemas.js';
import { get, patch, person, post, remove, shownOnce } from './route-builder.js';

/** How users are told. */
export const notificationRoutes = {
  notifications: get('/v1/notifications', {
    summary: 'How and about what I am told, and what could not be delivered',
    access: 'viewer',
    reply: notices.profileReply,
  }),
  setNotificationPreferences: patch('/v1/notifications/preferences', {
    summary: 'Change what is told, where and when; what is not named stays',
    access: 'viewer',
    body: notices.preferencesPatch,
    reply: notices.profileReply,
    ...person,
  }),
  linkTelegram: post('/v1/notifications/telegram', {
    summary: 'A code that links a Telegram chat, once, within ten minutes',
    access: 'viewer',
    status: 201,
    reply: notices.linkCodeReply,
    ...shownOnce,
  }),
  unlinkTelegram: remove('/v1/notifications/telegram/:id', {
    summary: 'Unlink a Telegram chat',
    access: 'viewer',
    params: notices.linkParams,
    reply: notices.profileReply,
    ...person,
  }),
  setNotificationEmail: post('/v1/notifications/email', {
    summary: 'Set the e-mail address; a code is sent there',
    access: 'viewer',
    body: notices.emailBody,
    reply: notices.profileReply,
    ...person,
  }),
  verifyNotificationEmail: post('/v1/notifications/email/verify', {
    summary: 'Prove the e-mail address with the code that came there',
    access: 'viewer',
    body: notices.codeBody,
    reply: notices.profileReply,
    ...person,
  }),
  removeNotificationEmail: remove('/v1/notifications/email', {
    summary: 'No more e-mail',
    access: 'viewer',
    reply: notices.profileReply,
    ...person,
  }),
  setNotificationWebhook: post('/v1/notifications/webhook', {
    summary: 'Set the webhook; its secret is shown this once',
    access: 'viewer',
    body: notices.webhookBody,
    reply: notices.webhookReply,
    ...shownOnce,
  }),
  removeNotificationWebhook: remove('/v1/notifications/webhook', {
    summary: 'No more webhook',
    access: 'viewer',
    reply: notices.profileReply,
    ...person,
  }),
  testNotification: post('/v1/notifications/test', {
    summary: 'Send a message to see whether a channel works',
    access: 'viewer',
    body: notices.channelBody,
    reply: notices.profileReply,
    ...person,
  }),
  retryNotification: post('/v1/notifications/failed/:id/retry', {
    summary: 'Try a message again that was given up',
    access: 'viewer',
    params: notices.deliveryParams,
    reply: notices.profileReply,
    ...person,
  }),
} as const;
