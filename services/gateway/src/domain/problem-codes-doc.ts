import { type Problem, problems } from './problem.js';

/** One example of each; the compiler asks for new ones. */
const examples: Readonly<Record<keyof typeof problems, Problem>> = {
  malformedJson: problems.malformedJson(''),
  badRequest: problems.badRequest(''),
  urlUnusable: problems.urlUnusable(400),
  unsupportedMediaType: problems.unsupportedMediaType(),
  payloadTooLarge: problems.payloadTooLarge(0),
  unauthenticated: problems.unauthenticated(),
  ticketRefused: problems.ticketRefused(),
  wrongCredentials: problems.wrongCredentials(),
  refreshRefused: problems.refreshRefused(),
  refreshSuperseded: problems.refreshSuperseded(),
  forbidden: problems.forbidden(['trader']),
  lastAdministrator: problems.lastAdministrator(),
  scopeMissing: problems.scopeMissing('trade'),
  personNeeded: problems.personNeeded(),
  confirmationMissing: problems.confirmationMissing('platform'),
  addressNotAllowed: problems.addressNotAllowed(''),
  expiryPast: problems.expiryPast(),
  tooManyApiKeys: problems.tooManyApiKeys(0),
  venueAccountHasBots: problems.venueAccountHasBots(0, 'any'),
  rateLimited: problems.rateLimited(0),
  tooManyAtOnce: problems.tooManyAtOnce(0),
  setupDisabled: problems.setupDisabled(),
  setupTokenWrong: problems.setupTokenWrong(),
  alreadySetUp: problems.alreadySetUp(),
  emailTaken: problems.emailTaken(),
  tooManyAttempts: problems.tooManyAttempts(0),
  notFound: problems.notFound('object'),
  routeNotFound: problems.routeNotFound('GET', '/'),
  methodNotAllowed: problems.methodNotAllowed('PUT', '/', 'one that the header Allow names'),
  versionChanged: problems.versionChanged(''),
  orderFinal: problems.orderFinal(''),
  positionFlat: problems.positionFlat(),
  idempotencyKeyReused: problems.idempotencyKeyReused(),
  idempotentAnswerGone: problems.idempotentAnswerGone(),
  idempotencyKeyBusy: problems.idempotencyKeyBusy(),
  idempotencyKeyMalformed: problems.idempotencyKeyMalformed(),
  invalid: problems.invalid([]),
  unavailable: problems.unavailable('', 'keyed'),
  internal: problems.internal(),
};

/** What is said of one value in `errors`; the whole then has the code VALIDATION_FAILED, or this one when it is alone. */
const ofValues: readonly (readonly [code: string, means: string])[] = [
  ['REQUIRED', 'a field is missing'],
  ['WRONG_TYPE', '`allowed` names the type'],
  ['NOT_ALLOWED', '`allowed` lists the values'],
  ['TOO_SMALL', '`allowed` says how much at least'],
  ['TOO_LARGE', '`allowed` says how much at most'],
  ['UNKNOWN_FIELD', 'a field that nobody reads; most likely a mistyped one'],
  ['UNKNOWN_PARAMETER', 'the same behind the question mark; `allowed` lists the names'],
  ['INVALID', '`detail` says what is wrong'],
  ['TOO_DEEP', 'objects inside objects without end'],
  ['UNSUPPORTED_CHARACTER', 'a character that cannot be stored, e.g. NUL'],
  ['ACCOUNT_NOT_FOUND', 'you have no such account'],
  ['TERMS_UNFIT', 'what an order waits for, its expiry or what it shows does not fit the rest of it'],
  ['PASSWORD_TOO_SHORT', '`allowed` is the rule'],
  ['PASSWORD_TOO_LONG', '`allowed` is the rule'],
  ['PASSWORD_TOO_SIMPLE', '`allowed` is the rule'],
  ['PASSWORD_GUESSED_FIRST', '`allowed` is the rule'],
  ['PASSWORD_WRONG', 'the current password, given to change it, is not the user’s'],
];

/** What other services refuse because of the state of things; the ones about bots and plans stand with them. */
const ofServices: readonly (readonly [status: number, code: string, means: string])[] = [
  [
    403,
    'DEAD_MAN_NEEDS_OPERATOR',
    'somebody of role risk or admin armed it; only such a person renews it or takes it away',
  ],
  [403, 'RELEASE_NEEDS_OPERATOR', 'somebody of role risk or admin said it, and only such a person makes it milder'],
  [
    409,
    'ACCOUNT_NOT_CONNECTED',
    'the account has no connection to its venue now: its key is missing, wrong or disabled',
  ],
  [409, 'CHANNEL_NOT_CONFIGURED', 'the platform has no such channel of messages; an operator sets it up'],
  [409, 'COOL_DOWN_NOT_OVER', 'a circuit breaker rests; it ends by itself, or by a person who may release it'],
  [409, 'EXTERNAL_ORDER_DECIDED', 'somebody has decided about this order from elsewhere before'],
  [409, 'EXTERNAL_ORDER_GONE', 'it does not work at the venue any more, so nothing is left to decide'],
  [409, 'EXTERNAL_ORDER_NOT_ADOPTABLE', 'it is no plain limit order, or was filled before: cancel or ignore it'],
  [
    409,
    'EXTERNAL_ORDER_NOT_LISTED',
    'market-data does not list its instrument, so nobody could say what it is worth: cancel or ignore it',
  ],
  [409, 'JOB_NOT_DONE', 'a job has results when its state is done'],
  [409, 'JOB_OVER', 'a job that is done or failed can not be canceled'],
  [409, 'NO_DESTINATION', 'you have no chat, address or webhook there yet'],
  [
    409,
    'RELEASE_WAITS_FOR_SECOND_PERSON',
    'where the setting asks for it: somebody of role risk or admin other than the first has to release it, too, within ten minutes',
  ],
  [
    409,
    'STRATEGY_NOT_CERTIFIED',
    'a live bot over bars needs a certificate of this version of its rule: request one, or run it on demo or paper',
  ],
  [409, 'TOO_MANY_JOBS', 'so many of your jobs wait already: cancel one, or wait'],
  [429, 'TOO_MANY_CHANGES', 'earlier changes of your accounts are not done yet'],
  [429, 'TOO_MANY_MESSAGES', 'so many tests of a channel are not sent'],
  [503, 'JOB_QUEUE_FULL', 'so many jobs of everybody wait already; send it again later'],
  [503, 'VENUE_CIRCUIT_OPEN', 'the venue failed again and again and is not asked for a moment'],
];

/** The codes that the gateway itself gives with a status; services behind it have more. */
export const codesOfStatus = (status: number): readonly string[] =>
  Object.values(examples)
    .filter((problem) => problem.status === status)
    .map(({ code }) => code)
    .toSorted();

export const codesBegin = '<!-- codes: written by services/gateway/scripts/problem-codes-doc.mjs -->';
export const codesEnd = '<!-- end of codes -->';

/** The tables of codes in docs/api.md. */
export function problemCodes(): string {
  const rows = Object.values(examples)
    .toSorted((left, right) => left.status - right.status || (left.code < right.code ? -1 : 1))
    .map(({ status, code, title, errors }) => `| ${status} | \`${code}\` | ${title} | ${nextOf(errors[0]?.next)} |`);
  const refused = ofServices.map(([status, code, means]) => `| ${status} | \`${code}\` | ${means} |`);
  const values = ofValues.map(([code, means]) => `| \`${code}\` | ${means} |`);
  return [
    '| status | code | means | next |',
    '|---|---|---|---|',
    ...rows,
    '',
    'Said by the services behind the gateway:',
    '',
    '| status | code | means |',
    '|---|---|---|',
    ...refused,
    '',
    'In `errors`, for one value:',
    '',
    '| code | means |',
    '|---|---|',
    ...values,
  ].join('\n');
}

const nextOf = (next: string | undefined): string => (next ?? '').replaceAll('<', '&lt;').replaceAll('|', '\\|');

/** The document with today's tables in the place of the ones that it had. */
export function withProblemCodes(document: string): string {
  const [before = '', rest = ''] = document.split(codesBegin);
  const [, after = ''] = rest.split(codesEnd);
  return `${before}${codesBegin}\n\n${problemCodes()}\n\n${codesEnd}${after}`;
}
