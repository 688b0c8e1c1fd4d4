import type { Refusal, VenueOffer } from '@scalpstorm/contracts';

/** Thrown inside, answered outside. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';

  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

const refusal = (code: string, field: string, text: string, rest: { allowed?: string; next: string }): Refusal => ({
  code,
  field,
  text,
  allowed: rest.allowed ?? '',
  next: rest.next,
});

/** Why a venue account is not added or changed. Never with a key or a secret. */
export const accountRefusals = {
  vaultMissing: (): Refusal =>
    refusal('VAULT_NOT_CONFIGURED', '', 'this platform keeps no secrets of users', {
      next: 'Ask the operator to set VAULT_MASTER_KEYS for execution.',
    }),
  unknown: (accountId: string): Refusal =>
    refusal('VENUE_ACCOUNT_NOT_FOUND', '', `there is no venue account ${accountId}, or it is not yours`, {
      next: 'See GET /v1/venue-accounts.',
    }),
  idTaken: (): Refusal =>
    refusal('VENUE_ACCOUNT_EXISTS', '', 'this id is taken', { next: 'Ask again with a new Idempotency-Key.' }),
  tooMany: (most: number): Refusal =>
    refusal('TOO_MANY_VENUE_ACCOUNTS', '', 'you have as many accounts as one user can have', {
      allowed: `at most ${most}`,
      next: 'Remove one first.',
    }),
  notOffered: (offers: readonly VenueOffer[]): Refusal =>
    refusal('VENUE_NOT_OFFERED', '/venue', 'no account can be added at this venue in this mode', {
      allowed: offers.map(({ venue, mode }) => `${venue} ${mode}`).join(', '),
      next: 'Choose one of them; live venues need LIVE_TRADING=yes.',
    }),
  mayWithdraw: (): Refusal =>
    refusal('KEY_MAY_WITHDRAW', '/apiKey', 'this key may withdraw or transfer money', {
      allowed: 'a key that may read and trade, and nothing else',
      next: 'Make a new key at the venue without withdrawals and transfers.',
    }),
  keyRefused: ({ code, message, next }: { code: string; message: string; next: string }): Refusal =>
    refusal(code, '/apiKey', `the venue does not take this key: ${message}`, { next }),
  venueAway: (text: string): Refusal =>
    refusal('VENUE_UNREACHABLE', '', `the key could not be tested: ${text}`, {
      next: 'Try again when the venue answers.',
    }),
  secretUnreadable: (): Refusal =>
    refusal('SECRET_UNREADABLE', '/secret', 'the key and secret could not be opened', { next: 'Send them again.' }),
  inUse: (orders: number): Refusal =>
    refusal('VENUE_ACCOUNT_IN_USE', '', `${orders} of its orders are working at the venue`, {
      next: 'Stop its bots and cancel its orders first.',
    }),
  tooBusy: (most: number): Refusal =>
    refusal('TOO_MANY_CHANGES', '', 'earlier changes of your accounts are not done yet', {
      allowed: `at most ${most} at once`,
      next: 'Wait until they are done, then ask again.',
    }),
} as const;
