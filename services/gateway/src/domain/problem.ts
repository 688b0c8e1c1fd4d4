import type { Swept } from './halt-tally.js';
import { peopleProblems } from './people-problems.js';
import { type Problem, type ProblemDetail, sentence, simple } from './problem-form.js';

export { type Problem, type ProblemDetail, ProblemRaised } from './problem-form.js';

/** What a repeat of a request does: nothing · the same once more under its key, so it is done once · perhaps the same twice. */
export type Repeat = 'reads' | 'keyed' | 'unkeyed';

const nextOf: Readonly<Record<Repeat, string>> = {
  reads: 'Ask again in a few seconds.',
  keyed: 'Repeat it in a few seconds with the same Idempotency-Key: it is done once at most.',
  unkeyed: 'Look whether it was done before you repeat it. With an Idempotency-Key a repeat is safe.',
};

/** Every problem that the gateway itself raises, in one place, so that codes stay stable. */
export const problems = {
  ...peopleProblems,
  malformedJson: (detail: string): Problem =>
    simple(
      400,
      'MALFORMED_JSON',
      'The body is not valid JSON',
      detail,
      'Send one JSON object with content-type application/json.',
    ),
  badRequest: (detail: string): Problem => simple(400, 'BAD_REQUEST', 'The request cannot be read', detail),
  urlUnusable: (status: number): Problem =>
    simple(
      status,
      'URL_UNUSABLE',
      'The URL cannot be used',
      status === 414 ? 'A part of the path is too long.' : 'It is not correctly encoded.',
      'Check the ids in the path, and encode them.',
    ),
  unsupportedMediaType: (): Problem =>
    simple(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Only JSON is understood',
      'The body has another content type.',
      'Send content-type: application/json.',
    ),
  payloadTooLarge: (limitBytes: number): Problem =>
    simple(
      413,
      'PAYLOAD_TOO_LARGE',
      'The body is too large',
      `A body may have at most ${limitBytes} bytes.`,
      'Send less in one request.',
    ),
  venueAccountHasBots: (bots: number, which: 'active' | 'any'): Problem =>
    simple(
      409,
      'VENUE_ACCOUNT_HAS_BOTS',
      'Bots use this account',
      bots === 1 ? 'One bot of yours uses it.' : `${bots} bots of yours use it.`,
      which === 'active' ? 'Stop them first.' : 'Delete them first, or disable the account.',
    ),
  rateLimited: (retryAfterSeconds: number): Problem => ({
    ...simple(
      429,
      'RATE_LIMITED',
      'Too many requests',
      'More requests came than one user or address may send.',
      `Wait ${retryAfterSeconds} s; the stream tells what changes without asking.`,
    ),
    retryAfterSeconds,
  }),
  tooManyAtOnce: (max: number): Problem => ({
    ...simple(
      429,
      'TOO_MANY_CALLS',
      'Too many requests at once',
      `At most ${max} are answered at once, of all clients together. Nothing was done.`,
      'Wait a second and repeat it.',
    ),
    retryAfterSeconds: 1,
  }),
  notFound: (what: string): Problem =>
    simple(404, 'NOT_FOUND', `No such ${what}`, `There is no such ${what}, or it is not yours.`),
  routeNotFound: (method: string, path: string): Problem =>
    simple(
      404,
      'ROUTE_NOT_FOUND',
      'No such route',
      `${method} ${path} does not exist.`,
      'Check the method and the path; GET /v1/me tells who you are, GET /v1/bots lists your bots.',
    ),
  methodNotAllowed: (method: string, path: string, allow: string): Problem => ({
    ...simple(
      405,
      'METHOD_NOT_ALLOWED',
      'The path has no such method',
      `${path} is not for ${method}.`,
      `Use ${allow}.`,
    ),
    allow,
  }),
  versionChanged: (detail: string): Problem =>
    simple(
      412,
      'VERSION_CHANGED',
      'The bot was changed since you read it',
      detail,
      'Read the bot again, and make your change to what it is now.',
    ),
  orderFinal: (status: string): Problem =>
    simple(409, 'ORDER_FINAL', 'The order is over', `It is ${status} and cannot be cancelled.`),
  positionFlat: (): Problem =>
    simple(
      409,
      'POSITION_FLAT',
      'There is nothing to close',
      'The bot is stopped and holds nothing.',
      'See GET /v1/positions for what is held.',
    ),
  idempotencyKeyReused: (detail = 'The key was used with another route or body.'): Problem =>
    simple(
      409,
      'IDEMPOTENCY_KEY_REUSED',
      'This Idempotency-Key belongs to another request',
      detail,
      'Use a new key for a new request.',
    ),
  idempotentAnswerGone: (): Problem =>
    simple(
      409,
      'IDEMPOTENT_ANSWER_GONE',
      'It was done, and its answer is not kept any more',
      'The answer held a secret, which is kept for ten minutes only. Nothing was done again.',
      'Look whether it is there; if you need the secret, remove it and make another under a new key.',
    ),
  idempotencyKeyBusy: (): Problem => ({
    ...simple(
      409,
      'IDEMPOTENCY_KEY_BUSY',
      'The first request is still running',
      'A request with this key has not been answered yet.',
      'Repeat it in a second.',
    ),
    retryAfterSeconds: 1,
  }),
  idempotencyKeyMalformed: (): Problem =>
    simple(
      400,
      'IDEMPOTENCY_KEY_MALFORMED',
      'The Idempotency-Key cannot be used',
      'It has 1 to 255 printable ASCII characters.',
      'Use a UUID.',
    ),
  invalid: (errors: readonly ProblemDetail[]): Problem => ({
    status: 422,
    code: 'VALIDATION_FAILED',
    title: 'Some values are not accepted',
    detail: errors.map(({ pointer, detail }) => sentence(pointer === '' ? detail : `${pointer}: ${detail}`)).join(' '),
    errors,
  }),
  unavailable: (who: string, repeat: Repeat): Problem => ({
    ...simple(
      503,
      'SERVICE_UNAVAILABLE',
      'A part of the platform did not answer',
      `${who} did not answer in time.${repeat === 'reads' ? '' : ' The request may or may not have taken effect.'}`,
      nextOf[repeat],
    ),
    retryAfterSeconds: 2,
  }),
  internal: (): Problem =>
    simple(500, 'INTERNAL', 'Something broke on our side', 'The fault was logged.', 'Report the request id.'),
} as const;

/** Its code is that of every part that does not answer; what it tells besides is what was done without the gate. */
export const haltUnconfirmed = (who: string, repeat: Repeat, swept: Swept): Problem => ({
  ...problems.unavailable(who, repeat),
  detail: `${who} did not answer in time, so it is not known whether trading is halted. Bots were told and orders canceled all the same.`,
  swept,
});
