import type { EffectOf } from './fault-rule.js';

/** An answer that the fault switch gives instead of the venue. */
export interface FaultAnswer {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
  readonly retryAfterSeconds: number | null;
  /** A page instead of JSON; it only exists over HTTP. */
  readonly html: string | null;
}

const plain = { retryAfterSeconds: null, html: null };

/** What the venue says when it does not know itself what became of a request. */
export const unknownOutcome: Readonly<Record<'503' | '504', FaultAnswer>> = {
  '503': {
    ...plain,
    status: 503,
    code: -1006,
    msg: 'An unexpected response was received from the message bus. Execution status unknown.',
  },
  '504': {
    ...plain,
    status: 504,
    code: -1007,
    msg: 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  },
};

const serverErrorTexts = {
  '-1000': 'An unknown error occurred while processing the request.',
  '-1001': 'Internal error; unable to process your request. Please try again.',
  '-1008': 'Server is currently overloaded with other requests. Please try again in a few minutes.',
} as const;

export const serverError = ({ status, code }: EffectOf<'server-error'>): FaultAnswer => ({
  ...plain,
  status,
  code,
  msg: serverErrorTexts[`${code}`],
});

const rateLimitTexts = {
  '-1003': 'Too many requests queued.',
  '-1015': 'Too many new orders.',
} as const;

export const rateLimited = ({ code, retryAfterSeconds }: EffectOf<'rate-limit'>): FaultAnswer => ({
  status: 429,
  code,
  msg: rateLimitTexts[`${code}`],
  retryAfterSeconds,
  html: null,
});

export const banText = (until: number): string =>
  `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`;

export const banned = ({ retryAfterSeconds }: EffectOf<'ban'>, now: number): FaultAnswer => ({
  status: 418,
  code: -1003,
  msg: banText(now + retryAfterSeconds * 1_000),
  retryAfterSeconds,
  html: null,
});

const titles: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
};

/** What stands before the venue answers in its place, as a proxy does: no JSON, no code. */
export function htmlPage({ status }: EffectOf<'html'>): FaultAnswer {
  const title = `${status} ${titles[status] ?? 'Error'}`;
  const html = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { status, code: 0, msg: title, retryAfterSeconds: null, html };
}

const subscriptionRefusals = {
  '-1000': { status: 500, msg: serverErrorTexts['-1000'] },
  '-1003': { status: 429, msg: rateLimitTexts['-1003'] },
  '-2015': { status: 401, msg: 'Invalid API-key, IP, or permissions for action.' },
} as const;

export const subscriptionRefused = ({ code }: EffectOf<'refuse-subscription'>): FaultAnswer => ({
  ...plain,
  ...subscriptionRefusals[`${code}`],
  code,
});
