import { Injectable } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { activityLogged, type NotificationChannel } from '@scalpstorm/contracts';
import { Log, WallClock } from '@scalpstorm/observability';
import type { UserProfile } from '../domain/profile.js';
import type { Delivery } from '../ports/channel.js';
import { Deliveries } from '../ports/deliveries.js';
import { Profiles } from '../ports/profiles.js';

const nextSteps: Readonly<Record<NotificationChannel, string>> = {
  telegram: 'Link the chat again to be told there.',
  email: 'Set the address again, and prove it with the code, to be told there.',
  webhook: 'Set the webhook again to be told there.',
};

/** A chat that blocked us, a mailbox that does not exist, a receiver that is gone: switched off, and said in the activity log. */
@Injectable()
export class EndDestination {
  constructor(
    private readonly profiles: Profiles,
    private readonly deliveries: Deliveries,
    private readonly bus: Bus,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  async end({ userId, destination, payload: { channel } }: Delivery, reason: string): Promise<void> {
    const profile = this.profiles.of(userId);
    if (profile === null || !(await this.switchedOff(profile, channel, destination))) return;
    await this.deliveries.forget(userId, channel, destination);
    this.log.info({ userId, channel, reason }, 'a destination is gone; nothing is sent there any more');
    // The other channels tell it, because it is a warning of the activity log.
    const text = `You are not told by ${channel} any more: ${reason}. ${nextSteps[channel]}`;
    const activity = {
      level: 'WARNING' as const,
      code: 'NOTIFICATION_CHANNEL_OFF',
      text,
      userId,
      botId: null,
      data: { channel },
    };
    try {
      await this.bus.send(activityLogged, { meta: newMeta(this.clock, null), activity });
    } catch (error) {
      this.log.warn({ error }, 'the end of a destination could not be written into the activity log');
    }
  }

  /** False: the user has changed it meanwhile, or never proved it. */
  private async switchedOff(
    { userId, links, email, webhook }: UserProfile,
    channel: NotificationChannel,
    destination: string,
  ): Promise<boolean> {
    switch (channel) {
      case 'telegram': {
        const gone = links.filter(({ chatId }) => String(chatId) === destination);
        for (const { id } of gone) await this.profiles.unlink(userId, id);
        return gone.length > 0;
      }
      case 'email':
        if (email?.address !== destination || email.verifiedAt === null) return false;
        await this.profiles.doubtEmail(userId, destination);
        return true;
      case 'webhook':
        if (webhook?.url !== destination) return false;
        await this.profiles.removeWebhook(userId);
        return true;
    }
  }
}
