import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import {
  type NotificationCommand,
  type NotificationPreferences,
  type NotificationProfile,
  notificationsQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { chatRoleOf } from '../domain/principal.js';
import type { Caller } from './caller.js';
import { accepted } from './refusals.js';

type Asked<Command> = Command extends unknown ? Omit<Command, 'commandId' | 'userId' | 'role'> : never;
export type NotificationWish = Asked<NotificationCommand>;
export type NotificationView = ReturnType<typeof notificationView>;

/** How and about what a user is told: asked of the service that tells, with the role of whoever asks now. */
@Injectable()
export class Notifications {
  constructor(private readonly bus: Bus) {}

  async profile(caller: Caller): Promise<NotificationView> {
    return notificationView(await this.#ask(caller, { kind: 'look' }));
  }

  async ask(caller: Caller, wish: NotificationWish): Promise<NotificationView> {
    return notificationView(await this.#ask(caller, wish));
  }

  /** A one-time code, shown to whoever asked. */
  async linkCode(caller: Caller): Promise<{ code: string; link: string; expiresAt: string }> {
    const { linkCode } = await this.#ask(caller, { kind: 'link-telegram' });
    if (linkCode === null) throw new Error('notifications gave no code');
    return { code: linkCode.code, link: linkCode.link, expiresAt: Timestamp.toIso(linkCode.expiresAt) };
  }

  async setWebhook(caller: Caller, url: string): Promise<NotificationView & { secret: string }> {
    const profile = await this.#ask(caller, { kind: 'set-webhook', url });
    if (profile.webhookSecret === null) throw new Error('notifications gave no secret');
    return { ...notificationView(profile), secret: profile.webhookSecret };
  }

  /** What is not named stays as it is. */
  async prefer(caller: Caller, changes: Partial<NotificationPreferences>): Promise<NotificationView> {
    const { preferences } = await this.#ask(caller, { kind: 'look' });
    return this.ask(caller, { kind: 'set-preferences', preferences: { ...preferences, ...changes } });
  }

  async #ask({ user, commandId }: Caller, wish: NotificationWish): Promise<NotificationProfile> {
    const command = { ...wish, commandId, userId: user.userId, role: chatRoleOf(user.role) } as NotificationCommand;
    return accepted(await this.bus.ask(notificationsQuestion, command));
  }
}

const notificationView = ({ channels, links, email, webhookUrl, preferences, failed }: NotificationProfile) => ({
  channels,
  telegram: links.map(({ id, label, linkedAt }) => ({ id, label, linkedAt: Timestamp.toIso(linkedAt) })),
  email,
  webhook: webhookUrl === null ? null : { url: webhookUrl },
  preferences,
  failed: failed.map(({ createdAt, ...delivery }) => ({ ...delivery, createdAt: Timestamp.toIso(createdAt) })),
});
