import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import {
  type NotificationAnswer,
  type NotificationCommand,
  type NotificationProfile,
  notificationsQuestion,
  type Refusal,
} from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import type { Notice } from '../domain/notice.js';
import { faultOfPreferences } from '../domain/preferences.js';
import { destinationsOf, retryAddress, sealContext, type UserProfile, verifyPrefix } from '../domain/profile.js';
import { refusals } from '../domain/refusals.js';
import { isMailAddress, normalCode } from '../domain/typed.js';
import { Codes } from '../ports/codes.js';
import { Deliveries } from '../ports/deliveries.js';
import { Profiles } from '../ports/profiles.js';
import { Sealer } from '../ports/sealer.js';
import { WebhookUrls } from '../ports/webhook-urls.js';
import { AskThrottle } from './ask-throttle.js';
import { Lanes } from './lanes.js';
import { Notify } from './notify.js';
import { TelegramName } from './telegram-name.js';
import { UnlinkChat } from './unlink-chat.js';

type Extras = Pick<NotificationProfile, 'linkCode' | 'webhookSecret'>;
type Done = Extras | { readonly refused: readonly Refusal[] };

const linkCodeLife = 600 * second;
const mailCodeLife = 1_800 * second;
const nothing: Extras = { linkCode: null, webhookSecret: null };
const refuse = (refusal: Refusal): Done => ({ refused: [refusal] });

/** How and about what a user is told; asked by the gateway, which knows who asks and in which role. */
@Controller()
export class ProfileQuestionHandler {
  constructor(
    private readonly profiles: Profiles,
    private readonly deliveries: Deliveries,
    private readonly urls: WebhookUrls,
    private readonly codes: Codes,
    private readonly sealer: Sealer,
    private readonly lanes: Lanes,
    private readonly notify: Notify,
    private readonly throttle: AskThrottle,
    private readonly telegram: TelegramName,
    private readonly chats: UnlinkChat,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  @Answers(notificationsQuestion)
  async answer(command: NotificationCommand): Promise<NotificationAnswer> {
    const profile = await this.profiles.ensure(command.userId, command.role);
    const done = await this.act(command, profile);
    if ('refused' in done) return { ok: false, refusals: done.refused };
    return { ok: true, value: { ...(await this.view(this.profiles.of(command.userId) ?? profile)), ...done } };
  }

  private async act(command: NotificationCommand, profile: UserProfile): Promise<Done> {
    const { userId } = profile;
    switch (command.kind) {
      case 'look':
        return nothing;
      case 'link-telegram':
        return this.offerLink(profile);
      case 'unlink-telegram':
        return (await this.chats.unlink(userId, command.linkId)) ? nothing : refuse(refusals.linkUnknown);
      case 'set-email':
        return this.setEmail(profile, command);
      case 'verify-email':
        return this.verifyEmail(profile, command.code);
      case 'remove-email':
        if (profile.email !== null) await this.deliveries.forget(userId, 'email', profile.email.address);
        await this.profiles.removeEmail(userId);
        return nothing;
      case 'set-webhook':
        return this.setWebhook(profile, command.url);
      case 'remove-webhook':
        if (profile.webhook !== null) await this.deliveries.forget(userId, 'webhook', profile.webhook.url);
        await this.profiles.removeWebhook(userId);
        return nothing;
      case 'set-preferences': {
        const fault = faultOfPreferences(command.preferences);
        if (fault !== null) return refuse(fault);
        await this.profiles.setPreferences(userId, command.preferences);
        return nothing;
      }
      case 'test':
        return this.test(profile, command);
      case 'retry':
        return this.retry(profile, command.deliveryId);
    }
  }

  /** To where the user is told now; what would go nowhere stays among the failed ones. */
  private async retry(profile: UserProfile, id: string): Promise<Done> {
    const { userId } = profile;
    const now = this.clock.now();
    const failed = await this.deliveries.placeOfFailed(userId, id);
    if (failed === null) return refuse(refusals.deliveryUnknown);
    const address = retryAddress(profile, failed);
    if (address === null) return refuse(refusals.nowhere(failed.channel));
    if (!this.throttle.allows(`retry:${userId}`, now)) return refuse(refusals.tooOften);
    if (!(await this.deliveries.retry(userId, id, address, now))) return refuse(refusals.deliveryUnknown);
    this.lanes.wake(failed.channel);
    return nothing;
  }

  /** The same code for nobody else, for ten minutes, once; a new one ends the old one. */
  private async offerLink({ userId }: UserProfile): Promise<Done> {
    if (!this.lanes.has('telegram')) return refuse(refusals.channelOff('telegram'));
    const code = this.codes.code();
    const expiresAt = Timestamp.plus(this.clock.now(), linkCodeLife);
    await this.profiles.offerLink(userId, this.codes.hash(code, 'telegram-link'), expiresAt);
    const name = this.telegram.name;
    return {
      linkCode: { code, link: name === '' ? '' : `https://t.me/${name}?start=${code}`, expiresAt },
      webhookSecret: null,
    };
  }

  /** Nothing goes to an address before somebody there has shown the code. */
  private async setEmail(
    profile: UserProfile,
    { commandId, address }: { readonly commandId: string; readonly address: string },
  ): Promise<Done> {
    const { userId } = profile;
    if (!this.lanes.has('email')) return refuse(refusals.channelOff('email'));
    if (!isMailAddress(address)) return refuse(refusals.addressInvalid);
    const now = this.clock.now();
    if (!this.throttle.allows(userId, now)) return refuse(refusals.tooOften);
    const code = this.codes.code();
    const hash = this.codes.hash(code, `email:${address}`);
    await this.profiles.setEmail(
      userId,
      { address, codeHash: hash, expiresAt: Timestamp.plus(now, mailCodeLife) },
      now,
    );
    if (profile.email !== null) await this.deliveries.forget(userId, 'email', profile.email.address);
    const notice = this.own(profile, `${verifyPrefix}${commandId}`, 'Your code for Scalpstorm', [
      code,
      'Type it into the settings of your dashboard within half an hour. If you did not ask for it, do nothing.',
    ]);
    await this.notify.tellAt(profile, notice, { channel: 'email', address });
    return nothing;
  }

  private async verifyEmail({ userId, email }: UserProfile, typed: string): Promise<Done> {
    const hash = this.codes.hash(normalCode(typed), `email:${email?.address ?? ''}`);
    const check = await this.profiles.verifyEmail(userId, hash, this.clock.now());
    return check === 'right' ? nothing : refuse(refusals.code(check));
  }

  private async setWebhook({ userId, webhook }: UserProfile, url: string): Promise<Done> {
    if (!this.sealer.ready) return refuse(refusals.channelOff('webhook'));
    const fault = this.urls.faultOf(url);
    if (fault !== null) return refuse({ ...fault, field: '/url', next: 'Correct the URL.' });
    const secret = `whsec_${this.codes.token()}`;
    const sealedSecret = this.sealer.seal(secret, sealContext(userId));
    if (webhook !== null) await this.deliveries.forget(userId, 'webhook', webhook.url);
    await this.profiles.setWebhook(userId, { url, sealedSecret }, this.clock.now());
    this.log.info({ userId }, 'a webhook was set');
    return { linkCode: null, webhookSecret: secret };
  }

  private async test(
    profile: UserProfile,
    {
      commandId,
      channel,
    }: { readonly commandId: string; readonly channel: UserProfile['preferences']['muted'][number]['channel'] },
  ): Promise<Done> {
    if (!this.lanes.has(channel)) return refuse(refusals.channelOff(channel));
    const places = destinationsOf(profile).filter((one) => one.channel === channel);
    if (places.length === 0) return refuse(refusals.nowhere(channel));
    if (!this.throttle.allows(profile.userId, this.clock.now())) return refuse(refusals.tooOften);
    for (const [index, place] of places.entries()) {
      const notice = this.own(profile, `test:${commandId}:${index}`, 'This is a test', [
        'It works: this is where you are told.',
      ]);
      await this.notify.tellAt(profile, notice, place);
    }
    return nothing;
  }

  private own({ userId }: UserProfile, id: string, title: string, lines: readonly string[]): Notice {
    const at = this.clock.now();
    return { id, kind: 'activity', level: 'INFO', userId, botId: null, mode: null, title, lines, at, burst: null };
  }

  private async view(profile: UserProfile): Promise<Omit<NotificationProfile, keyof Extras>> {
    const { links, email, webhook, preferences, userId } = profile;
    return {
      channels: this.lanes.status(),
      links: links.map(({ id, label, linkedAt }) => ({ id, label, linkedAt })),
      email: email === null ? null : { address: email.address, verified: email.verifiedAt !== null },
      webhookUrl: webhook?.url ?? null,
      preferences,
      failed: await this.deliveries.failed(userId),
    };
  }
}
