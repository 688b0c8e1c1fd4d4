import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import type { AnomalyLimits, AnomalyLook, AuditedFact, OrderRate } from './anomaly.js';
import { findAnomalies } from './find-anomalies.js';

const limits: AnomalyLimits = {
  failuresOfAccount: 4,
  failuresFromAddress: 6,
  failuresBeforeSuccess: 3,
  keyRefusals: 20,
  ordersByHandPerHour: 10,
  denialsPerHour: 20,
  timesUsual: 5,
};
const start = Timestamp.fromMillis(1_800_000_000_000);
const [user, other] = ['usr_1', 'usr_2'];
const [home, away] = ['203.0.113.7', '198.51.100.9'];

type Said = Omit<AuditedFact, 'sequence' | 'at'>;
const failed = (subject: string, clientAddress = home): Said => ({
  kind: 'log-in-failed',
  actor: '',
  subject,
  body: { clientAddress },
});
const loggedIn = (actor: string, clientAddress = home): Said => ({
  kind: 'logged-in',
  actor,
  subject: 'ses_1',
  body: { clientAddress, by: 'password' },
});
const times = <T>(count: number, fact: T): readonly T[] => Array.from({ length: count }, () => fact);
const before = (places: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(places).map(([name, known]) => [name, new Set(known)]));

/** A second apart. */
function found(said: readonly Said[], more: Partial<AnomalyLook> = {}) {
  const facts = said.map((fact, index) => ({
    ...fact,
    sequence: index + 1,
    at: Timestamp.plus(start, index * second),
  }));
  const look = { facts, placesBefore: before({ [user]: [home], [other]: [home] }), rates: [], ...more };
  return findAnomalies(look, limits).map(({ rule, subject, userId }) => [rule, subject, userId]);
}

describe('log-ins', () => {
  it('that fail often are told for the account, wherever they come from, and a few are not', () => {
    const spread = [home, away, '192.0.2.1', '192.0.2.2'].map((address) => failed(user, address));
    expect(found(spread)).toEqual([['log-in-failures-of-account', user, user]]);
    expect(found(spread.slice(1))).toEqual([]);
  });

  it('that fail from one address are told of it, also where no such account exists', () => {
    const guesses = ['', '', other, '', '', user].map((subject) => failed(subject, away));
    expect(found(guesses)).toEqual([['log-in-failures-from-address', away, null]]);
    expect(found(guesses.slice(1))).toEqual([]);
  });

  it('from one IPv6 network are from one address', () => {
    const guesses = Array.from({ length: 6 }, (_, index) => failed('', `2001:db8:1:2::${index}`));
    expect(found(guesses)).toEqual([['log-in-failures-from-address', '2001:db8:1:2::/64', null]]);
  });

  it('that succeed after many failures of the same account are told, and begin a new count', () => {
    const guessed = [...times(3, failed(user)), loggedIn(user), loggedIn(user), failed(user), loggedIn(user)];
    expect(found(guessed)).toEqual([
      ['log-in-failures-of-account', user, user],
      ['log-in-after-failures', user, user],
    ]);
    expect(found([...times(3, failed(other)), loggedIn(user)])).toEqual([]);
    expect(found([loggedIn(user), ...times(3, failed(user))])).toEqual([]);
  });

  it('from where the user never was are told once a place; the first of all is not', () => {
    const moved = [loggedIn(user, away), loggedIn(user, away), loggedIn(user, `::ffff:${home}`)];
    expect(found(moved)).toEqual([['log-in-from-new-address', user, user]]);
    expect(found(moved, { placesBefore: before({}) })).toEqual([['log-in-from-new-address', user, user]]);
    expect(found(moved.slice(0, 2), { placesBefore: before({}) })).toEqual([]);
  });
});

describe('keys of programs', () => {
  const made: Said = { kind: 'api-key-created', actor: user, subject: 'key_1', body: { clientAddress: home } };
  const usedAt = (clientAddress: string, seconds: number, placesBefore = 0): Said => ({
    kind: 'api-key-used',
    actor: user,
    subject: 'key_1',
    body: { clientAddress, firstAt: Timestamp.toIso(Timestamp.plus(start, seconds * second)), placesBefore },
  });
  const refused = (subject: string, count: number, code = 'SCOPE_MISSING'): Said => ({
    kind: 'api-key-refused',
    actor: '',
    subject,
    body: { user: subject === '' ? '' : user, clientAddress: away, code, times: count },
  });

  it('that are used somewhere else than ever before are told; the first place is not', () => {
    expect(found([usedAt(away, 500, 1)])).toEqual([['api-key-from-new-address', 'key_1', user]]);
    expect(found([usedAt(away, 500)])).toEqual([]);
  });

  it('that work elsewhere within a minute of being made are told', () => {
    expect(found([made, usedAt(away, 60)])).toEqual([['api-key-used-elsewhere-at-once', 'key_1', user]]);
    expect(found([made, usedAt(away, 61)])).toEqual([]);
    expect(found([made, usedAt(home, 1)])).toEqual([]);
    expect(found([{ ...made, subject: 'key_2' }, usedAt(away, 1)])).toEqual([]);
  });

  it('that are refused again and again are told, by their place where they do not exist', () => {
    expect(found([refused('key_1', 12), refused('key_1', 8, 'UNAUTHENTICATED')])).toEqual([
      ['api-key-refusals', 'key_1', user],
    ]);
    expect(found([refused('', 12), refused('', 8)])).toEqual([['api-key-refusals', away, null]]);
    expect(found([refused('key_1', 12), refused('key_2', 12)])).toEqual([]);
  });
});

describe('orders', () => {
  const rate = (of: OrderRate['of'], lastHour: number, weekBefore: number) =>
    found([], { rates: [{ userId: UserId.of(user), of, lastHour, weekBefore }] });

  it('by hand far above the usual of that user are told, and never few', () => {
    expect(rate('by-hand', 10, 0)).toEqual([['orders-by-hand-above-usual', user, user]]);
    expect(rate('by-hand', 9, 0)).toEqual([]);
    // Two an hour, five times.
    expect([rate('by-hand', 10, 336), rate('by-hand', 10, 337)]).toEqual([[expect.anything()], []]);
  });

  it('denied far above the usual of that user are told', () => {
    expect(rate('denied', 20, 0)).toEqual([['denials-above-usual', user, user]]);
    expect([rate('denied', 19, 0), rate('denied', 20, 1_000)]).toEqual([[], []]);
  });
});

it('says what was seen and what to do, without anything that somebody typed', () => {
  const look = {
    facts: times(4, { ...failed(user), sequence: 1, at: start }),
    placesBefore: before({}),
    rates: [],
  };
  expect(findAnomalies(look, limits)).toMatchObject([
    {
      text: `4 log-ins to the account ${user} failed within 15 minutes, from 1 address. If that was not you, make sure that the password is used nowhere else.`,
      evidence: { failures: 4, places: 1, lastPlace: home },
    },
  ]);
});
