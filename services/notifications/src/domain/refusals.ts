import type { NotificationChannel, Refusal } from '@scalpstorm/contracts';

const settingOf: Readonly<Record<NotificationChannel, string>> = {
  telegram: 'TELEGRAM_BOT_TOKEN',
  email: 'SMTP_URL and SMTP_FROM',
  webhook: 'NOTIFICATIONS_KEY',
};

const codeTexts = {
  wrong: ['CODE_WRONG', 'This is not the code that was sent.', 'Look again; after five wrong ones ask for a new code.'],
  expired: [
    'CODE_EXPIRED',
    'The code is too old, or was typed wrong too often.',
    'Set the address again to get a new one.',
  ],
  none: ['CODE_NOT_ASKED', 'No address waits for a code.', 'Set the address first.'],
} as const;

/** Everything that a user can do wrong here; codes never change their meaning. */
export const refusals = {
  channelOff: (channel: NotificationChannel): Refusal => ({
    code: 'CHANNEL_NOT_CONFIGURED',
    field: '',
    text: `This installation cannot send to ${channel}.`,
    allowed: '',
    next: `The operator sets ${settingOf[channel]} and restarts the service.`,
  }),
  nowhere: (channel: NotificationChannel): Refusal => ({
    code: 'NO_DESTINATION',
    field: '/channel',
    text: `You have no ${channel === 'telegram' ? 'linked chat' : channel === 'email' ? 'verified address' : 'webhook'}.`,
    allowed: '',
    next: 'Add one first.',
  }),
  code: (check: keyof typeof codeTexts): Refusal => {
    const [code, text, next] = codeTexts[check];
    return { code, field: '/code', text, allowed: '', next };
  },
  addressInvalid: {
    code: 'ADDRESS_INVALID',
    field: '/address',
    text: 'This is no e-mail address.',
    allowed: 'one address without a name, e.g. you@example.com',
    next: 'Correct it.',
  },
  tooOften: {
    code: 'TOO_MANY_MESSAGES',
    field: '',
    text: 'You asked for several messages just now.',
    allowed: '5 in ten minutes',
    next: 'Wait some minutes.',
  },
  linkUnknown: {
    code: 'LINK_NOT_FOUND',
    field: '/id',
    text: 'You have no such linked chat.',
    allowed: 'an id from your notification settings',
    next: 'Read the settings again.',
  },
  deliveryUnknown: {
    code: 'DELIVERY_NOT_FOUND',
    field: '/id',
    text: 'You have no such failed message.',
    allowed: 'an id of the failed ones in your notification settings',
    next: 'Read the settings again.',
  },
} as const satisfies Readonly<Record<string, Refusal | ((...what: never[]) => Refusal)>>;
