import {
  choice,
  commonEnv,
  flag,
  natsEnv,
  postgresEnv,
  secret,
  setting,
  text,
  url,
  wholeNumber,
} from '@scalpstorm/config';
import { z } from 'zod';

/** A channel that is not configured is off; none of them is needed. */
export const notificationsEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  ...postgresEnv,
  /** Seals the secrets of webhooks; without it no webhook can be set. To rotate, put a new key in front and restart. */
  NOTIFICATIONS_KEY: secret(
    setting(z.string().regex(/^[0-9a-fA-F]{64}([\s,]+[0-9a-fA-F]{64}){0,7}$/), {
      expected: 'one to eight keys of 64 hexadecimal digits, newest first, separated by commas',
      example: 'the output of: openssl rand -hex 32',
    }),
  ).optional(),
  TELEGRAM_BOT_TOKEN: secret(
    text({ lengthMin: 10, lengthMax: 200, expected: 'the token that @BotFather gave', example: '123456:AA…' }),
  ).optional(),
  /** Another server that speaks the Bot API. */
  TELEGRAM_API_ROOT: url({ protocols: ['https', 'http'], example: 'https://api.telegram.org' }).default(
    'https://api.telegram.org',
  ),
  SMTP_URL: secret(
    url({ protocols: ['smtp', 'smtps'], example: 'smtp://user:password@mail.example.com:587' }),
  ).optional(),
  SMTP_FROM: text({
    expected: 'the sender of the mails',
    example: 'Scalpstorm <bots@example.com>',
    lengthMax: 320,
  }).optional(),
  /** `required`: nothing is sent over a line that is not encrypted. `none` is for a server on this machine. */
  SMTP_TLS: choice(['required', 'none']).default('required'),
  /** A PEM file with the authority of a mail server that has no public certificate. */
  SMTP_CA_FILE: text({ expected: 'the path of a PEM file', example: '/etc/ssl/mail-ca.pem' }).optional(),
  /** For a receiver in your own network. Anybody who may log in could then reach what this service reaches. */
  WEBHOOK_PRIVATE_ALLOWED: flag().default(false),
  WEBHOOK_HTTP_ALLOWED: flag().default(false),
  /** More in a minute become one line. */
  NOTIFICATIONS_PER_MINUTE_MAX: wholeNumber({ min: 1, max: 600, example: 20 }).default(20),
  /** After so many tries over some fourteen hours a message is given up and listed. */
  NOTIFICATIONS_ATTEMPTS_MAX: wholeNumber({ min: 1, max: 100, example: 24 }).default(24),
  NOTIFICATIONS_RETRY_FIRST_MS: wholeNumber({ min: 10, max: 600_000, example: 5_000 }).default(5_000),
  NOTIFICATIONS_RETRY_LONGEST_MS: wholeNumber({ min: 10, max: 86_400_000, example: 3_600_000 }).default(3_600_000),
  NOTIFICATIONS_KEPT_DAYS: wholeNumber({ min: 1, max: 365, example: 14 }).default(14),
});
export type NotificationsEnv = z.infer<typeof notificationsEnv>;
