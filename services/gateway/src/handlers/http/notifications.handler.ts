import { Controller } from '@nestjs/common';
import { Notifications } from '../../use-cases/notifications.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class NotificationsHandler {
  constructor(private readonly settings: Notifications) {}

  @Serves(routes.notifications)
  profile(@Asked() call: Call<typeof routes.notifications>): Promise<ReplyOf<typeof routes.notifications>> {
    return this.settings.profile(call);
  }

  @Serves(routes.setNotificationPreferences)
  prefer(
    @Asked() call: Call<typeof routes.setNotificationPreferences>,
  ): Promise<ReplyOf<typeof routes.setNotificationPreferences>> {
    return this.settings.prefer(call, call.body);
  }

  @Serves(routes.linkTelegram)
  linkTelegram(@Asked() call: Call<typeof routes.linkTelegram>): Promise<ReplyOf<typeof routes.linkTelegram>> {
    return this.settings.linkCode(call);
  }

  @Serves(routes.unlinkTelegram)
  unlinkTelegram(@Asked() call: Call<typeof routes.unlinkTelegram>): Promise<ReplyOf<typeof routes.unlinkTelegram>> {
    return this.settings.ask(call, { kind: 'unlink-telegram', linkId: call.params.id });
  }

  @Serves(routes.setNotificationEmail)
  setEmail(
    @Asked() call: Call<typeof routes.setNotificationEmail>,
  ): Promise<ReplyOf<typeof routes.setNotificationEmail>> {
    return this.settings.ask(call, { kind: 'set-email', address: call.body.address });
  }

  @Serves(routes.verifyNotificationEmail)
  verifyEmail(
    @Asked() call: Call<typeof routes.verifyNotificationEmail>,
  ): Promise<ReplyOf<typeof routes.verifyNotificationEmail>> {
    return this.settings.ask(call, { kind: 'verify-email', code: call.body.code });
  }

  @Serves(routes.removeNotificationEmail)
  removeEmail(
    @Asked() call: Call<typeof routes.removeNotificationEmail>,
  ): Promise<ReplyOf<typeof routes.removeNotificationEmail>> {
    return this.settings.ask(call, { kind: 'remove-email' });
  }

  @Serves(routes.setNotificationWebhook)
  setWebhook(
    @Asked() call: Call<typeof routes.setNotificationWebhook>,
  ): Promise<ReplyOf<typeof routes.setNotificationWebhook>> {
    return this.settings.setWebhook(call, call.body.url);
  }

  @Serves(routes.removeNotificationWebhook)
  removeWebhook(
    @Asked() call: Call<typeof routes.removeNotificationWebhook>,
  ): Promise<ReplyOf<typeof routes.removeNotificationWebhook>> {
    return this.settings.ask(call, { kind: 'remove-webhook' });
  }

  @Serves(routes.testNotification)
  test(@Asked() call: Call<typeof routes.testNotification>): Promise<ReplyOf<typeof routes.testNotification>> {
    return this.settings.ask(call, { kind: 'test', channel: call.body.channel });
  }

  @Serves(routes.retryNotification)
  retry(@Asked() call: Call<typeof routes.retryNotification>): Promise<ReplyOf<typeof routes.retryNotification>> {
    return this.settings.ask(call, { kind: 'retry', deliveryId: call.params.id });
  }
}
