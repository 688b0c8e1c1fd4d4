import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import {
  BotId,
  type Currency,
  InstrumentId,
  Money,
  type OrderRequest,
  Price,
  Quantity,
  UserId,
  VenueId,
} from '@scalpstorm/model';
import { emptyPosition } from '../portfolio/position.js';
import { at, btc, exampleBot, exampleInstrument, exampleRequest, usdt } from '../testing.js';
import { checks } from './checks.js';
import { decide } from './decide.js';
import { exposureOf, userExposureOf, venueExposureOf } from './exposure.js';
import type { Funds, RiskContext } from './policy.js';
import {
  approved,
  code,
  context,
  empty,
  filledOrder,
  holding,
  instrument,
  limits,
  market,
  otherBot,
  slot,
  small,
  times,
  wanted,
} from './scene.js';
import { applyOrder, restoreStanding, type Standing } from './standing.js';

describe('the checks of the gate', () => {
  it('come in this order; (c) also for closing orders', () => {
    expect(checks.map((check) => `${check.name}${check.closing ? ' (c)' : ''}`)).toMatchInlineSnapshot(`
[
  "trading is not halted",
  "the gate has recovered",
  "the instrument is known",
  "the instrument is traded",
  "the limits cover its currency",
  "the venue’s filters (c)",
  "the id is new (c)",
  "a close is within the position (c)",
  "not the same order again and again",
  "market data is fresh",
  "the book is not crossed",
  "a reference price is known",
  "the price collar",
  "the order’s notional",
  "the bot’s position",
  "the account’s exposure",
  "the user’s exposure over all accounts",
  "the exposure to the venue",
  "open orders",
  "order rate",
  "the balance is known",
  "available balance",
  "no self-trade",
]
`);
  });

  it.each<[string, string, OrderRequest, Standing, Partial<RiskContext>]>([
    ['an order within every limit', 'approved', wanted(), empty, {}],
    ['a halt', 'TRADING_HALTED', wanted(), empty, { tradingState: 'halted' }],
    ['a gate that has just started', 'GATE_RECOVERING', wanted(), empty, { recovering: true }],
    ['an unknown instrument', 'INSTRUMENT_UNKNOWN', wanted(), empty, { instrument: null }],
    ['another instrument', 'INSTRUMENT_UNKNOWN', wanted({ instrumentId: InstrumentId.of('sim', 'A-B') }), empty, {}],
    ['a halted instrument', 'INSTRUMENT_HALTED', wanted(), empty, { instrument: { ...instrument, status: 'halted' } }],
    [
      'a quote currency without limits',
      'CURRENCY_NOT_COVERED',
      wanted(),
      empty,
      { instrument: { ...instrument, quote: btc } },
    ],
    ['a price off tick', 'PRICE_OFF_TICK', wanted({ price: Price.of('100.001') }), empty, {}],
    ['too small a quantity', 'QUANTITY_BELOW_MINIMUM', wanted({ quantity: Quantity.of('0.000001') }), empty, {}],
    ['too small a notional', 'NOTIONAL_BELOW_MINIMUM', wanted({ quantity: Quantity.of('0.001') }), empty, {}],
    [
      'too small a market order',
      'NOTIONAL_BELOW_MINIMUM',
      wanted({ type: 'market', price: null, quantity: Quantity.of('0.001') }),
      empty,
      {},
    ],
    ['an id that has a verdict', 'DUPLICATE_ORDER', wanted(), empty, { seenBefore: true }],
    [
      'an id that works',
      'DUPLICATE_ORDER',
      wanted({ quantity: small }),
      approved(empty, wanted({ quantity: small })),
      {},
    ],
    ['an id that is done', 'DUPLICATE_ORDER', wanted(slot(1)), holding('0.1'), {}],
    ['no market data', 'MARKET_DATA_STALE', wanted(), empty, { market: null }],
    ['old market data', 'MARKET_DATA_STALE', wanted(), empty, market({ occurredAt: at(4.9) })],
    ['a feed that resyncs', 'MARKET_DATA_STALE', wanted(), empty, market({ feed: 'resyncing' })],
    ['market data from the future', 'MARKET_DATA_FROM_FUTURE', wanted(), empty, market({ occurredAt: at(11.1) })],
    ['a crossed book', 'MARKET_DATA_CROSSED', wanted(), empty, market({ bid: Price.of('100.02') })],
    ['a price of nothing', 'REFERENCE_PRICE_MISSING', wanted(), empty, market({ bid: null, last: Price.zero })],
    ['no reference price', 'REFERENCE_PRICE_MISSING', wanted(), empty, market({ bid: null, last: null })],
    ['a buy far above the market', 'PRICE_OUTSIDE_COLLAR', wanted({ price: Price.of('101.01') }), empty, {}],
    ['a buy at the collar', 'approved', wanted({ price: Price.of('101'), quantity: small }), empty, {}],
    ['a buy far below the market', 'approved', wanted({ price: Price.of('50'), quantity: small }), empty, {}],
    [
      'a sell far below the market',
      'PRICE_OUTSIDE_COLLAR',
      wanted({ side: 'sell', price: Price.of('98.99') }),
      empty,
      {},
    ],
    ['too large an order', 'ORDER_NOTIONAL_ABOVE_MAXIMUM', wanted({ quantity: Quantity.of('10.00001') }), empty, {}],
    ['an order as large as allowed', 'approved', wanted({ quantity: Quantity.of('10') }), empty, {}],
    [
      'too large a market order',
      'ORDER_NOTIONAL_ABOVE_MAXIMUM',
      wanted({ type: 'market', price: null, quantity: Quantity.of('10.00001') }),
      empty,
      {},
    ],
    [
      'too large a position of the bot',
      'BOT_POSITION_ABOVE_MAXIMUM',
      wanted({ quantity: Quantity.of('5.00001') }),
      holding('10'),
      {},
    ],
    ['a position as large as allowed', 'approved', wanted({ quantity: Quantity.of('5') }), holding('10'), {}],
    [
      'too large an exposure of the account',
      'ACCOUNT_EXPOSURE_ABOVE_MAXIMUM',
      wanted({ quantity: Quantity.of('8.00001') }),
      holding('12', otherBot),
      {},
    ],
    [
      'an exposure as large as allowed',
      'approved',
      wanted({ quantity: Quantity.of('8') }),
      holding('12', otherBot),
      {},
    ],
    [
      'an exposure to something without a price',
      'REFERENCE_PRICE_MISSING',
      wanted(),
      applyOrder(
        empty,
        filledOrder(exampleRequest({ ...slot(1), instrumentId: InstrumentId.of('sim', 'ETH-USDT') })),
        exampleInstrument({ id: InstrumentId.of('sim', 'ETH-USDT') }),
      ),
      {},
    ],
    [
      'too many open orders of the bot',
      'TOO_MANY_OPEN_ORDERS',
      wanted({ quantity: small }),
      times(5, (s, n) => approved(s, wanted({ ...slot(n), quantity: small }))),
      {},
    ],
    [
      'too many open orders of the account',
      'TOO_MANY_OPEN_ORDERS',
      wanted({ quantity: small }),
      times(8, (s, n) =>
        approved(s, wanted({ ...slot(n, 'entry', n < 4 ? otherBot : BotId.of('bot_00000003')), quantity: small })),
      ),
      {},
    ],
    [
      'a bot that orders too fast',
      'ORDER_RATE_EXCEEDED',
      wanted({ quantity: small }),
      times(4, (s, n) => approved(s, wanted({ ...slot(n), quantity: small }), 9.5)),
      {},
    ],
    [
      'a bot whose orders are a window old',
      'approved',
      wanted({ quantity: small }),
      times(4, (s, n) => approved(s, wanted({ ...slot(n), quantity: small }), 9)),
      {},
    ],
    [
      'an account that orders too fast',
      'ORDER_RATE_EXCEEDED',
      wanted({ quantity: small }),
      times(6, (s, n) =>
        approved(s, wanted({ ...slot(n, 'entry', n < 3 ? otherBot : BotId.of('bot_00000003')), quantity: small }), 9.5),
      ),
      {},
    ],
    [
      'a crossing of an own order',
      'SELF_TRADE',
      wanted({ quantity: small }),
      approved(empty, wanted({ ...slot(1, 'entry', otherBot), side: 'sell', quantity: small })),
      {},
    ],
    [
      'a market order into an own order',
      'SELF_TRADE',
      wanted({ type: 'market', price: null, quantity: small }),
      approved(
        empty,
        wanted({ ...slot(1, 'entry', otherBot), side: 'sell', price: Price.of('100.01'), quantity: small }),
      ),
      {},
    ],
    [
      'an own order out of reach',
      'approved',
      wanted({ quantity: small }),
      approved(
        empty,
        wanted({ ...slot(1, 'entry', otherBot), side: 'sell', price: Price.of('100.01'), quantity: small }),
      ),
      {},
    ],
  ])('%s: %s', (_name, expected, request, standing, changes) => {
    expect(code(request, standing, changes)).toBe(expected);
  });

  it('says what the limit is, what the value is and what to do', () => {
    const verdict = decide(wanted({ quantity: Quantity.of('10.5') }), empty, limits, context);
    expect(verdict).toEqual({
      kind: 'denied',
      denial: {
        code: 'ORDER_NOTIONAL_ABOVE_MAXIMUM',
        text: 'The order is worth 1050 USDT, above the limit of 1000 USDT.',
        limit: '1000',
        value: '1050',
        next: 'Lower the quantity, or raise the limit.',
        field: '/quantity',
      },
    });
  });

  it('name the field that is to blame', () => {
    const fieldOf = (request: OrderRequest, changes: Partial<RiskContext> = {}) => {
      const verdict = decide(request, empty, limits, { ...context, ...changes });
      return verdict.kind === 'denied' && verdict.denial.field;
    };
    expect(fieldOf(wanted({ quantity: Quantity.of('10.5') }))).toBe('/quantity');
    expect(fieldOf(wanted({ price: Price.of('100.001') }))).toBe('/price');
    expect(fieldOf(wanted(), { tradingState: 'halted' })).toBe('');
  });

  it('say of every code what sets its limit and what to do', () => {
    for (const { name, refusals } of checks) {
      expect([name, refusals.length > 0]).toEqual([name, true]);
      for (const { code: known, field, next } of refusals) {
        expect([known, /^[A-Z_]+$/.test(known), /^(\/[a-zA-Z]+)?$/.test(field), next.length > 10]).toEqual([
          known,
          true,
          true,
          true,
        ]);
      }
    }
  });
});

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
  const elsewhere = (user: string, venue: string) => ({ elsewhere: { user: usd(user), venue: usd(venue) } });
  const one = wanted({ quantity: Quantity.of('1') });

  it('counts what they have on other accounts', () => {
    expect(code(one, empty, elsewhere('4900', '0'))).toBe('approved');
    expect(code(one, empty, elsewhere('4900.01', '0'))).toBe('USER_EXPOSURE_ABOVE_MAXIMUM');
    expect(code(one, empty, elsewhere('0', '5900'))).toBe('approved');
    expect(code(one, empty, elsewhere('0', '5900.01'))).toBe('VENUE_EXPOSURE_ABOVE_MAXIMUM');
    expect(code(one, empty, { elsewhere: { user: null, venue: usd('0') } })).toBe('REFERENCE_PRICE_MISSING');
    expect(code(one, empty, { elsewhere: { user: usd('0'), venue: null } })).toBe('REFERENCE_PRICE_MISSING');
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
    expect(exposed(theirs)).toEqual(usd('100'));
    expect(exposed(theirs, stranger)).toEqual(usd('500'));

    // After a restart the positions are there before anybody has told whose they are.
    const position = {
      ...emptyPosition({ accountId: one.accountId, botId: otherBot, instrumentId: instrument.id }, usdt, at(0)),
      quantity: Quantity.of('5'),
    };
    const rebuilt = restoreStanding(
      second,
      { positions: [position], orders: [] },
      new Map([[instrument.id, instrument]]),
    );
    expect(exposed(rebuilt)).toEqual(usd('600'));
    const known = approved(rebuilt, wanted({ ...slot(7, 'entry', otherBot), userId: stranger, quantity: small }));
    expect(exposed(known)).toEqual(usd('100'));
    expect(exposed(known, stranger)).toEqual(usd('510'));
  });

  it('of a venue leaves the others out', () => {
    expect(venueExposureOf(holding('1'), limits, context.marks, instrument.venue)).toEqual(usd('100'));
    expect(venueExposureOf(holding('1'), limits, context.marks, VenueId.of('other'))).toEqual(usd('0'));
  });
});

it('an exposure is not a number when a price is missing', () => {
  expect(exposureOf(holding('1'), limits, new Map())).toBeNull();
  expect(exposureOf(holding('1'), limits, context.marks)).toEqual(Money.of('100', 'USDT'));
});
