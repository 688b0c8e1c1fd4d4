import { type Problem, simple } from './problem-form.js';

/** Of who asks: log-in, session, role, key. */
export const peopleProblems = {
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
  confirmationMissing: (scope: string): Problem => ({
    status: 422,
    code: 'CONFIRMATION_MISSING',
    title: 'The release is not confirmed',
    detail: `${scope} is everybody's: its release has to be confirmed.`,
    errors: [
      {
        ...{ pointer: '/confirm', code: 'CONFIRMATION_MISSING', allowed: scope },
        detail: `Everybody at ${scope} will open orders again.`,
        next: `Send the scope once more: "confirm": "${scope}".`,
      },
    ],
  }),
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
} as const;
