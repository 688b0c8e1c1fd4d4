import { type NotificationChannel, notificationChannels } from '@scalpstorm/contracts';
import type { HealthRegistry, Log, Metrics, WallClock } from '@scalpstorm/observability';
import { ChatChannel } from './adapters/chat-channel.js';
import { HttpWebhookChannel } from './adapters/http-webhook-channel.js';
import { SmtpEmailChannel } from './adapters/smtp-email-channel.js';
import { Lane } from './handlers/lane.js';
import { Lanes } from './handlers/lanes.js';
import type { Channel, Delivery } from './ports/channel.js';
import type { ChatService } from './ports/chat-service.js';
import type { Deliveries } from './ports/deliveries.js';
import type { Profiles } from './ports/profiles.js';
import type { Sealer } from './ports/sealer.js';
import type { NotificationSettings } from './ports/settings.js';

/** What happens with a destination that will never take anything again. */
export type LaneEnd = (delivery: Delivery, reason: string) => Promise<void>;

export interface LaneParts {
  readonly settings: NotificationSettings;
  readonly deliveries: Deliveries;
  readonly profiles: Profiles;
  readonly sealer: Sealer;
  /** Null: not configured. */
  readonly telegram: ChatService | null;
  readonly clock: WallClock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  readonly onGone: LaneEnd;
}

/** Telegram takes some thirty messages a second from a bot; a mail server takes what it takes; of webhooks many may be slow at once. */
const concurrency: Readonly<Record<NotificationChannel, number>> = { telegram: 8, email: 2, webhook: 32 };
const longestPauseMs = 60_000;
const longestDestinationPauseMs = 300_000;

/** A lane for every channel that is configured, and in /health what each of them is doing; none of them makes the service unready. */
export function makeLanes(parts: LaneParts): Lanes {
  const { settings, health } = parts;
  const { firstMs, longestMs } = settings.retry;
  const breaker = { failuresMax: 3, firstMs, longestMs: Math.min(longestMs, longestPauseMs) };
  const destinationBreaker = { ...breaker, longestMs: Math.min(longestMs, longestDestinationPauseMs) };
  const made = channelsOf(parts).map(
    (channel) =>
      new Lane({
        ...parts,
        channel,
        settings: { concurrency: concurrency[channel.name], retry: settings.retry, breaker, destinationBreaker },
      }),
  );
  const lanes = new Lanes(made, {
    telegram: 'not configured: set TELEGRAM_BOT_TOKEN',
    email: `not configured: ${settings.smtpFault === '' ? 'set SMTP_URL and SMTP_FROM' : settings.smtpFault}`,
    webhook: 'not configured: set NOTIFICATIONS_KEY',
  });
  for (const name of notificationChannels) {
    const check = async () => {
      const found = lanes.status().find(({ channel }) => channel === name);
      if (found !== undefined && found.state !== 'up') throw new Error(found.text);
    };
    health.register(name, check, { critical: false });
  }
  return lanes;
}

function channelsOf({ settings, profiles, sealer, telegram, clock }: LaneParts): Channel[] {
  const channels: Channel[] = [];
  if (telegram !== null) channels.push(new ChatChannel(telegram));
  if (settings.smtp !== null) channels.push(new SmtpEmailChannel(settings.smtp));
  if (sealer.ready) channels.push(new HttpWebhookChannel({ profiles, sealer, clock, rules: settings.webhook }));
  return channels;
}
