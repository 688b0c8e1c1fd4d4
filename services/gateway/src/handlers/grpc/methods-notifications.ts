import type { JsonObject } from '@bufbuild/protobuf';
import { NotificationService } from '@scalpstorm/contracts/api';
import { routes } from '../http/routes.js';
import { as, beside, type GrpcMethod, on } from './grpc-method.js';

const { method: notice } = NotificationService;
const profile = as('profile');

/** How users are told. */
export const notificationMethods: readonly GrpcMethod[] = [
  on(routes.notifications, notice.getNotifications)(({ notifications }, call) => notifications.profile(call), profile),
  on(routes.setNotificationPreferences, notice.setPreferences)(
    ({ notifications }, call) => notifications.prefer(call, call.body),
    { asked: preferencesAsked, ...profile },
  ),
  on(routes.linkTelegram, notice.linkTelegram)(({ notifications }, call) => notifications.linkCode(call)),
  on(routes.unlinkTelegram, notice.unlinkTelegram)(
    ({ notifications }, call) => notifications.ask(call, { kind: 'unlink-telegram', linkId: call.params.id }),
    profile,
  ),
  on(routes.setNotificationEmail, notice.setEmail)(
    ({ notifications }, call) => notifications.ask(call, { kind: 'set-email', address: call.body.address }),
    profile,
  ),
  on(routes.verifyNotificationEmail, notice.verifyEmail)(
    ({ notifications }, call) => notifications.ask(call, { kind: 'verify-email', code: call.body.code }),
    profile,
  ),
  on(routes.removeNotificationEmail, notice.removeEmail)(
    ({ notifications }, call) => notifications.ask(call, { kind: 'remove-email' }),
    profile,
  ),
  on(routes.setNotificationWebhook, notice.setWebhook)(
    ({ notifications }, call) => notifications.setWebhook(call, call.body.url),
    beside('profile', 'secret'),
  ),
  on(routes.removeNotificationWebhook, notice.removeWebhook)(
    ({ notifications }, call) => notifications.ask(call, { kind: 'remove-webhook' }),
    profile,
  ),
  on(routes.testNotification, notice.testChannel)(
    ({ notifications }, call) => notifications.ask(call, { kind: 'test', channel: call.body.channel }),
    profile,
  ),
  on(routes.retryNotification, notice.retryDelivery)(
    ({ notifications }, call) => notifications.ask(call, { kind: 'retry', deliveryId: call.params.id }),
    profile,
  ),
];

/** HTTP says null for what should be no more, and a bare list; absent fields cannot say either. */
export function preferencesAsked(message: JsonObject): JsonObject {
  const { noQuietHours, noSummary, muted, ...rest } = message;
  return {
    ...rest,
    ...(noQuietHours === true ? { quietHours: null } : {}),
    ...(noSummary === true ? { summaryAt: null } : {}),
    ...(muted === undefined ? {} : { muted: (muted as JsonObject)['data'] ?? [] }),
  };
}
