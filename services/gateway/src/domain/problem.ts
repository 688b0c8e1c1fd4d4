/** One thing that is wrong: where, why, what would be accepted and what to do next. */
export interface ProblemDetail {
  /** JSON pointer into the body, the query or the path; empty when no single field is to blame. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** Accepted values or range as text; empty when there is no list. */
  readonly allowed: string;
  readonly next: string;
}

/** An answer that is not the wanted one; the HTTP layer turns it into RFC 9457 problem+json. */
export interface Problem {
  readonly status: number;
  /** Stable: its meaning never changes. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly ProblemDetail[];
  readonly retryAfterSeconds?: number;
}

/** Carries a {@link Problem} out of a handler. Expected, so it is answered and counted but not logged as an error. */
export class ProblemRaised extends Error {
  override readonly name = 'ProblemRaised';

  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.code}`);
  }
}

const simple = (status: number, code: string, title: string, detail: string, next = ''): Problem => ({
  status,
  code,
  title,
  detail,
  errors: next === '' ? [] : [{ pointer: '', code, detail, allowed: '', next }],
});

/** Every problem that the gateway itself raises, in one place, so that codes stay stable. */
export const problems = {
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
  unauthenticated: (): Problem =>
    simple(
      401,
      'UNAUTHENTICATED',
      'Log in first',
      'There is no valid access token on this request.',
      'POST /v1/auth/login, then send Authorization: Bearer <accessToken>.',
    ),
  ticketRefused: (): Problem =>
    simple(
      401,
      'TICKET_REFUSED',
      'This ticket opens no stream',
      'It is unknown, was used, is older than 30 s or was given to another page.',
      'Ask for another: POST /v1/stream/tickets.',
    ),
  wrongCredentials: (): Problem =>
    simple(
      401,
      'WRONG_CREDENTIALS',
      'E-mail or password is wrong',
      'No user has this e-mail and this password.',
      'Check both and try again.',
    ),
  refreshRefused: (): Problem =>
    simple(
      401,
      'REFRESH_TOKEN_REFUSED',
      'The session has ended',
      'The refresh token is unknown, expired, revoked or was used before.',
      'Log in again.',
    ),
  refreshSuperseded: (): Problem =>
    simple(
      409,
      'REFRESH_TOKEN_SUPERSEDED',
      'There is a newer refresh token',
      'This one was exchanged a moment ago.',
      'Use the token that the other request got, or log in again.',
    ),
  forbidden: (roles: readonly string[]): Problem =>
    simple(
      403,
      'FORBIDDEN',
      'Your role may not do this',
      `This needs the role ${roles.join(' or ')}.`,
      'Ask an administrator.',
    ),
  lastAdministrator: (): Problem =>
    simple(
      409,
      'LAST_ADMINISTRATOR',
      'Nobody else is an administrator',
      'Without this one nobody could let users in or shut them out.',
      'Make somebody else an administrator first.',
    ),
  scopeMissing: (scope: string): Problem =>
    simple(
      403,
      'SCOPE_MISSING',
      'This API key may not do this',
      `This needs a key with the scope ${scope}.`,
      'Create a key with that scope: POST /v1/api-keys.',
    ),
  personNeeded: (): Problem =>
    simple(
      403,
      'PERSON_NEEDED',
      'API keys may not do this',
      'Keys, users, the secrets of venues and the whole platform are for people who logged in.',
      'Log in with e-mail and password: POST /v1/auth/login.',
    ),
  addressNotAllowed: (address: string): Problem =>
    simple(
      403,
      'ADDRESS_NOT_ALLOWED',
      'This API key may not be used from here',
      `The request came from ${address}, which is not on the key's list.`,
      'Call from an address of the list, or create a key with another one.',
    ),
  expiryPast: (): Problem => ({
    ...simple(422, 'EXPIRY_PAST', 'The key would have expired already', 'expiresAt is in the past.'),
    errors: [
      {
        pointer: '/expiresAt',
        code: 'EXPIRY_PAST',
        detail: 'is in the past.',
        allowed: 'a time in the future, or null',
        next: 'Send a later time.',
      },
    ],
  }),
  tooManyApiKeys: (most: number): Problem =>
    simple(
      409,
      'TOO_MANY_API_KEYS',
      'You have as many keys as one user can have',
      `At most ${most} keys work at the same time.`,
      'Revoke one first: DELETE /v1/api-keys/<id>.',
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
  setupDisabled: (): Problem =>
    simple(
      403,
      'SETUP_DISABLED',
      'Set-up is switched off',
      'The gateway was started without SCALPSTORM_SETUP_TOKEN.',
      'Restart it with SCALPSTORM_SETUP_TOKEN set.',
    ),
  setupTokenWrong: (): Problem => ({
    ...simple(403, 'SETUP_TOKEN_WRONG', 'The set-up token is wrong', 'It is printed where the platform was started.'),
    errors: [
      {
        pointer: '/token',
        code: 'SETUP_TOKEN_WRONG',
        detail: 'This is not the set-up token of this installation.',
        allowed: '',
        next: 'Copy it from the terminal in which the platform was started.',
      },
    ],
  }),
  alreadySetUp: (): Problem =>
    simple(
      409,
      'ALREADY_SET_UP',
      'The first user exists already',
      'Set-up works once.',
      'Log in, or ask an administrator for an account.',
    ),
  emailTaken: (): Problem => ({
    ...simple(409, 'EMAIL_TAKEN', 'This e-mail is in use', 'A user with this e-mail exists.'),
    errors: [
      {
        pointer: '/email',
        code: 'EMAIL_TAKEN',
        detail: 'A user with this e-mail exists.',
        allowed: '',
        next: 'Choose another e-mail.',
      },
    ],
  }),
  tooManyAttempts: (retryAfterSeconds: number): Problem => ({
    ...simple(
      429,
      'TOO_MANY_ATTEMPTS',
      'Too many attempts',
      'Too many failed attempts from here or for this account.',
      `Wait ${retryAfterSeconds} s and try again.`,
    ),
    retryAfterSeconds,
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
  idempotencyKeyReused: (): Problem =>
    simple(
      409,
      'IDEMPOTENCY_KEY_REUSED',
      'This Idempotency-Key belongs to another request',
      'The key was used with another route or body.',
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
    detail: errors.map((error) => `${error.pointer === '' ? 'body' : error.pointer}: ${error.detail}`).join(' '),
    errors,
  }),
  unavailable: (who: string): Problem => ({
    ...simple(
      503,
      'SERVICE_UNAVAILABLE',
      'A part of the platform did not answer',
      `${who} did not answer in time. The request may or may not have taken effect.`,
      'Repeat it with the same Idempotency-Key in a few seconds.',
    ),
    retryAfterSeconds: 2,
  }),
  internal: (): Problem =>
    simple(500, 'INTERNAL', 'Something broke on our side', 'The fault was logged.', 'Report the request id.'),
} as const;
