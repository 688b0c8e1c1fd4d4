import { describe, expect, it } from '@jest/globals';
import { BotId, InstrumentId, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { at, btc, exampleInstrument, exampleRequest } from '../testing.js';
import { checks } from './checks.js';
import { decide } from './decide.js';
import type { RiskContext } from './policy.js';
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
  told,
  wanted,
} from './scene.js';
import { applyOrder, type Standing } from './standing.js';

describe('the checks of the gate', () => {
  it('come in this order; (c) also for closing orders', () => {
    expect(checks.map((check) => `${check.name}${check.closing ? ' (c)' : ''}`)).toMatchInlineSnapshot(`
[
  "the request is still wanted (c)",
  "trading is not halted",
  "it reduces, where only that is allowed",
  "the terms fit one another (c)",
  "the expiry is to come (c)",
  "the venue’s filters for the trigger (c)",
  "the venue’s step for what is shown (c)",
  "the gate has recovered",
  "everything that the account holds is listed",
  "the instrument is known",
  "the instrument is traded",
  "the limits cover its currency",
  "the venue’s filters (c)",
  "the id is new (c)",
  "a close is within the position (c)",
  "not the same order again and again",
  "the account is reconciled",
  "the trading session",
  "the clocks agree",
  "market data is fresh",
  "the book is not crossed",
  "a reference price is known",
  "the price collar",
  "the trigger is not reached",
  "the order’s notional",
  "the bot’s position",
  "the account’s exposure",
  "the user’s exposure over all accounts of the mode",
  "the exposure to the venue over all accounts of the mode",
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
    ['a halt', 'TRADING_HALTED', wanted(), empty, { trading: told('halted') }],
    ['a state that only reduces', 'TRADING_REDUCING', wanted(), empty, { trading: told('reducing') }],
    ['a gate that has just started', 'GATE_RECOVERING', wanted(), empty, { recovering: true }],
    ['an account with what nobody lists', 'ACCOUNT_HOLDS_UNLISTED', wanted(), empty, { unlisted: instrument.id }],
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
        text: 'The order is worth 1050 USDT, above the limit of 1000 USDT. It is the platform’s setting.',
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
    expect(fieldOf(wanted(), { trading: told('halted') })).toBe('');
  });

  it('say of every code what sets its limit and what to do', () => {
    for (const { name, refusals } of checks) {
      expect([name, refusals.length > 0]).toEqual([name, true]);
      for (const { code: known, field, next } of refusals) {
        expect([known, /^[A-Z_]+$/.test(known), /^(\/[a-zA-Z]+)*$/.test(field), next.length > 10]).toEqual([
          known,
          true,
          true,
          true,
        ]);
      }
    }
  });
});
