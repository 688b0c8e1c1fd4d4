import type { Account, Balance, Position } from '@scalpstorm/model';
import fc from 'fast-check';
import type { Difference } from '../index.js';
import type { VenueAccountRequest, VenueAccountStanding } from '../venue-accounts.js';
import {
  accountId,
  amount,
  botId,
  count,
  currency,
  few,
  id,
  instrumentId,
  mode,
  money,
  orNull,
  signedQuantity,
  text,
  timestamp,
  userId,
  venue,
} from './value-arbitraries.js';

export const account: fc.Arbitrary<Account> = fc.record({ id: accountId, venue, mode, label: text });
export const balance: fc.Arbitrary<Balance> = fc.tuple(currency, amount, amount).map(([held, free, locked]) => ({
  currency: held,
  free: { amount: free, currency: held },
  locked: { amount: locked, currency: held },
}));
export const position: fc.Arbitrary<Position> = fc.record({
  accountId,
  botId: orNull(botId),
  instrumentId,
  quantity: signedQuantity,
  cash: money,
  fees: few(money),
  fills: count,
  updatedAt: timestamp,
});
export const difference: fc.Arbitrary<Difference> = fc.record({
  kind: fc.constantFrom('order', 'fill', 'balance', 'position'),
  accountId,
  subject: text,
  ours: text,
  theirs: text,
  decision: text,
  repaired: fc.boolean(),
});

const nonEmpty = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const sealed = fc.uint8Array({ minLength: 1, maxLength: 60 });
const ofAccount = { commandId: id, userId, accountId };
export const venueAccountRequest: fc.Arbitrary<VenueAccountRequest> = fc.oneof(
  fc.record({ kind: fc.constant('list' as const), userId }),
  fc.record({ ...ofAccount, kind: fc.constant('add' as const), label: nonEmpty, venue, mode, sealed }),
  fc.record({ ...ofAccount, kind: fc.constant('rotate' as const), sealed }),
  fc.record({ ...ofAccount, kind: fc.constant('relabel' as const), label: nonEmpty }),
  fc.record({ ...ofAccount, kind: fc.constantFrom('test', 'enable', 'disable', 'delete') }),
);
export const venueAccountStanding: fc.Arbitrary<VenueAccountStanding> = fc.record({
  sealingKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  offers: few(fc.record({ venue, mode, title: text })),
  accounts: few(
    fc.record({
      accountId,
      userId,
      label: text,
      venue,
      mode,
      state: fc.constantFrom('enabled', 'disabled'),
      keyEnding: text,
      check: fc.record({
        checkedAt: timestamp,
        mayTrade: fc.boolean(),
        mayWithdraw: orNull(fc.boolean()),
        warning: text,
      }),
      createdAt: timestamp,
      changedAt: timestamp,
    }),
  ),
});
