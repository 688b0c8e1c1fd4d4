import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import {
  AccountId,
  type Currency,
  Money,
  type OrderRequest,
  Price,
  Quantity,
  UserId,
  VenueId,
} from '@scalpstorm/model';
import { emptyPosition } from '../portfolio/position.js';
import { at, btc, exampleBot, exampleRequest, usdt } from '../testing.js';
import { decide } from './decide.js';
import { exposureOf, userExposureOf, venueExposureOf } from './exposure.js';
import type { Funds } from './policy.js';
import { restoreStanding } from './restore.js';
import {
  approved,
  code,
  context,
  empty,
  filledOrder,
  holding,
  instrument,
  limits,
  otherBot,
  slot,
  small,
  times,
  wanted,
} from './scene.js';
import { applyOrder, type Standing } from './standing.js';

describe('the balance', () => {
  const funds = (
    usdtFree: string,
    btcFree: string,
    promised: readonly (readonly [Currency, string])[] = [],
  ): Funds => ({
    free: new Map([
      [usdt, Money.of(usdtFree, 'USDT').amount],
      [btc, Money.of(btcFree, 'BTC').amount],
    ]),
    promised: new Map(promised.map(([currency, amount]) => [currency, Money.of(amount, currency).amount])),
    asOf: at(9),
  });
  const buy = (quantity: string) => wanted({ quantity: Quantity.of(quantity) });
  const sell = (quantity: string) => wanted({ side: 'sell', price: Price.of('101'), quantity: Quantity.of(quantity) });
  const close = (quantity: string, botId = otherBot) =>
    wanted({ ...slot(2, 'exit', botId), side: 'sell', purpose: 'close', quantity: Quantity.of(quantity) });

  it('must cover a buy, less what is promised to orders that the venue has not taken yet', () => {
    expect(code(buy('1'), empty, { funds: funds('100', '0') })).toBe('approved');
    expect(code(buy('1.00001'), empty, { funds: funds('100', '0') })).toBe('BALANCE_INSUFFICIENT');
    const promised = [[usdt, '60']] as const;
    expect(code(buy('0.4'), empty, { funds: funds('100', '0', promised) })).toBe('approved');
    expect(code(buy('0.40001'), empty, { funds: funds('100', '0', promised) })).toBe('BALANCE_INSUFFICIENT');
  });

  it('must cover a sell, less what other bots hold and have not offered', () => {
    expect(code(sell('1'), empty, { funds: funds('0', '1') })).toBe('approved');
    expect(code(sell('1.00001'), empty, { funds: funds('0', '1') })).toBe('BALANCE_INSUFFICIENT');
    const held = holding('0.6', otherBot);
    expect(code(sell('0.4'), held, { funds: funds('0', '1') })).toBe('approved');
    expect(code(sell('0.40001'), held, { funds: funds('0', '1') })).toBe('BALANCE_INSUFFICIENT');
    // The other bot offers what it holds: the venue has locked it, so that it is not free any more.
    const offered = approved(held, close('0.6'));
    expect(code(sell('0.4'), offered, { funds: funds('0', '0.4') })).toBe('approved');
    expect(code(sell('0.40001'), offered, { funds: funds('0', '0.4') })).toBe('BALANCE_INSUFFICIENT');
    // Or is about to.
    expect(code(sell('0.4'), offered, { funds: funds('0', '1', [[btc, '0.6']]) })).toBe('approved');
    expect(code(sell('0.40001'), offered, { funds: funds('0', '1', [[btc, '0.6']]) })).toBe('BALANCE_INSUFFICIENT');
  });

  it('that is not known, or was heard too long ago, opens nothing', () => {
    expect(code(buy('1'), empty, { funds: null })).toBe('BALANCE_UNKNOWN');
    expect(code(buy('1'), empty, { funds: { ...funds('100', '0'), asOf: at(5) } })).toBe('approved');
    expect(code(buy('1'), empty, { funds: { ...funds('100', '0'), asOf: at(4.9) } })).toBe('BALANCE_STALE');
  });

  it('holds no closing order back', () => {
    const held = holding('1');
    for (const known of [null, funds('0', '0'), { ...funds('0', '0'), asOf: at(0) }]) {
      expect(code(close('1', exampleBot), held, { funds: known })).toBe('approved');
    }
  });
});

describe('the same order again and again', () => {
  const strict = { ...limits, identicalOrdersMax: 2 };
  const decided = (request: OrderRequest, standing: Standing): string => {
    const verdict = decide(request, standing, strict, context);
    return verdict.kind === 'denied' ? verdict.denial.code : verdict.kind;
  };
  const two = times(2, (s, n) => approved(s, wanted({ ...slot(n), quantity: small })));

  it('is stopped when as many are working as may be, and no other order of the bot or of another one is', () => {
    expect(
      decided(
        wanted({ quantity: small }),
        times(1, (s, n) => approved(s, wanted({ ...slot(n), quantity: small }))),
      ),
    ).toBe('approved');
    expect(decided(wanted({ quantity: small }), two)).toBe('REPEATED_ORDER');
    expect(decided(wanted({ quantity: Quantity.of('0.11') }), two)).toBe('approved');
    expect(decided(wanted({ quantity: small, price: Price.of('99.99') }), two)).toBe('approved');
    expect(decided(wanted({ ...slot(100, 'entry', otherBot), quantity: small }), two)).toBe('approved');
  });

  it('is let through again when one of them is done', () => {
    const done = {
      ...filledOrder(wanted({ ...slot(0), quantity: small })),
      status: 'canceled',
      filledQuantity: Quantity.zero,
    } as const;
    expect(decided(wanted({ quantity: small }), applyOrder(two, done, instrument))).toBe('approved');
  });
});

describe('the exposure of a user and of a venue', () => {
  const usd = (amount: string) => Money.of(amount, 'USDT');
  const elsewhere = (user: string, venue: string) => ({
    elsewhere: { user: () => usd(user).amount, venue: () => usd(venue).amount },
  });
  const one = wanted({ quantity: Quantity.of('1') });

  it('counts what they have on other accounts', () => {
    expect(code(one, empty, elsewhere('4900', '0'))).toBe('approved');
    expect(code(one, empty, elsewhere('4900.01', '0'))).toBe('USER_EXPOSURE_ABOVE_MAXIMUM');
    expect(code(one, empty, elsewhere('0', '5900'))).toBe('approved');
    expect(code(one, empty, elsewhere('0', '5900.01'))).toBe('VENUE_EXPOSURE_ABOVE_MAXIMUM');
  });

  it('names the account of the user that holds something without a price', () => {
    const unpriced = { accountId: AccountId.of('other'), instrumentId: instrument.id };
    const verdict = decide(one, empty, limits, { ...context, elsewhere: { user: () => unpriced, venue: () => 0n } });
    const text = expect.stringContaining('on the account other');
    expect(verdict).toMatchObject({ denial: { code: 'REFERENCE_PRICE_MISSING', text, value: instrument.id } });
  });

  it('is of their own bots, and of those whose user nobody knows yet', () => {
    const stranger = UserId.of('usr_2');
    const theirs = applyOrder(
      empty,
      filledOrder(exampleRequest({ ...slot(1, 'entry', otherBot), userId: stranger, quantity: Quantity.of('5') })),
      instrument,
    );
    const exposed = (standing: Standing, userId = one.userId) =>
      userExposureOf(approved(standing, one), limits, context.marks, userId);
    expect(exposed(theirs).amount).toBe(usd('100').amount);
    expect(exposed(theirs, stranger).amount).toBe(usd('500').amount);

    // After a restart the positions are there before anybody has told whose they are.
    const position = {
      ...emptyPosition({ accountId: one.accountId, botId: otherBot, instrumentId: instrument.id }, usdt, at(0)),
      quantity: Quantity.of('5'),
    };
    const rebuilt = restoreStanding(
      second,
      { positions: [position], orders: [], knownSince: null },
      new Map([[instrument.id, instrument]]),
    );
    expect(exposed(rebuilt).amount).toBe(usd('600').amount);
    const known = approved(rebuilt, wanted({ ...slot(7, 'entry', otherBot), userId: stranger, quantity: small }));
    expect(exposed(known).amount).toBe(usd('100').amount);
    expect(exposed(known, stranger).amount).toBe(usd('510').amount);
  });

  it('of a venue leaves the others out', () => {
    expect(venueExposureOf(holding('1'), limits, context.marks, instrument.venue).amount).toBe(usd('100').amount);
    expect(venueExposureOf(holding('1'), limits, context.marks, VenueId.of('other')).amount).toBe(usd('0').amount);
  });
});

it('what has no price is left out of an exposure and named, but for less than the venue takes in one order', () => {
  expect(exposureOf(holding('1'), limits, new Map())).toEqual({ amount: 0n, missing: instrument.id });
  expect(exposureOf(holding('1'), limits, context.marks)).toEqual({
    amount: Money.of('100', 'USDT').amount,
    missing: null,
  });
  const least = exposureOf(holding(Quantity.format(instrument.quantityMin)), limits, new Map());
  const dust = Quantity.fromUnits(instrument.quantityMin - 1n);
  expect(least.missing).toBe(instrument.id);
  expect(exposureOf(holding(Quantity.format(dust)), limits, new Map())).toEqual({ amount: 0n, missing: null });
});
