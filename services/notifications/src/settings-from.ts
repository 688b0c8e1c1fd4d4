import type { NotificationsEnv } from './config.js';
import type { NotificationSettings } from './ports/settings.js';

/** What is half set is off, and says why. */
export function settingsFrom(config: NotificationsEnv): NotificationSettings {
  const { TELEGRAM_BOT_TOKEN: token, SMTP_URL: url, SMTP_FROM: from } = config;
  const half = (url === undefined) !== (from === undefined);
  return {
    telegram: token === undefined ? null : { token, apiRoot: config.TELEGRAM_API_ROOT },
    smtp:
      url === undefined || from === undefined
        ? null
        : { url, from, encrypted: config.SMTP_TLS === 'required', caFile: config.SMTP_CA_FILE ?? null },
    smtpFault: half ? `set ${url === undefined ? 'SMTP_URL' : 'SMTP_FROM'} too` : '',
    sealingKey: config.NOTIFICATIONS_KEY ?? null,
    webhook: { privateAllowed: config.WEBHOOK_PRIVATE_ALLOWED, httpAllowed: config.WEBHOOK_HTTP_ALLOWED },
    perMinuteMax: config.NOTIFICATIONS_PER_MINUTE_MAX,
    retry: {
      attemptsMax: config.NOTIFICATIONS_ATTEMPTS_MAX,
      firstMs: config.NOTIFICATIONS_RETRY_FIRST_MS,
      longestMs: config.NOTIFICATIONS_RETRY_LONGEST_MS,
    },
    keptDays: config.NOTIFICATIONS_KEPT_DAYS,
  };
}
