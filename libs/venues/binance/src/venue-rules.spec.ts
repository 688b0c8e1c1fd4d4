import { describe, expect, it } from '@jest/globals';
import { Currency, type Instrument, InstrumentId, Money, Price, Quantity, VenueId } from '@scalpstorm/model';
import { parseExchangeInfo } from './parse-instruments.js';
import { brokenRule, type RuledMoment, type RuledOrder, type VenueRules, violationText } from './venue-rules.js';

const filters = [
  { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000.00', tickSize: '0.01' },
  { filterType: 'LOT_SIZE', minQty: '0.0001', maxQty: '1000.0', stepSize: '0.0001' },
  { filterType: 'MARKET_LOT_SIZE', minQty: '0.001', maxQty: '50.0', stepSize: '0.001' },
  { filterType: 'NOTIONAL', minNotional: '10', applyMinToMarket: true, maxNotional: '100000', applyMaxToMarket: true },
  {
    filterType: 'PERCENT_PRICE_BY_SIDE',
    bidMultiplierUp: '1.2',
    bidMultiplierDown: '0.5',
    askMultiplierUp: '2',
    askMultiplierDown: '0.8',
    avgPriceMins: 5,
  },
  { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 3 },
  { filterType: 'MAX_POSITION', maxPosition: '12.5' },
];
const listing = (changes: object = {}) => ({
  exchangeFilters: [{ filterType: 'EXCHANGE_MAX_NUM_ORDERS', maxNumOrders: 7 }],
  symbols: [{ symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT', filters, ...changes }],
});
const read = (changes: object = {}) =>
  parseExchangeInfo(listing(changes), VenueId.of('sim'), { maker: '0.001', taker: '0.001' });

function known(changes: object = {}): { instrument: Instrument; rules: VenueRules } {
  const info = read(changes);
  const [instrument] = info.instruments;
  const rules = instrument === undefined ? undefined : info.rules.get(instrument.id);
  if (instrument === undefined || rules === undefined) throw new Error(JSON.stringify(info.skipped));
  return { instrument, rules };
}

const limit = (price: string, quantity: string, side: 'buy' | 'sell' = 'buy'): RuledOrder => ({
  side,
  price: Price.of(price),
  quantity: Quantity.of(quantity),
  purpose: 'open',
});
const market = (quantity: string): RuledOrder => ({
  side: 'buy',
  price: null,
  quantity: Quantity.of(quantity),
  purpose: 'open',
});
const closing = (order: RuledOrder): RuledOrder => ({ ...order, purpose: 'close' });
const at = (reference: string | null, openOrders = 0, more: Partial<RuledMoment> = {}): RuledMoment => ({
  reference: reference === null ? null : Price.of(reference),
  openOrders,
  accountOrders: openOrders,
  position: null,
  ...more,
});
const holding = (position: string): RuledMoment => at(null, 0, { position: Quantity.of(position) });
const judge = (order: RuledOrder, moment: RuledMoment) => {
  const { instrument, rules } = known();
  return brokenRule(order, instrument, rules, moment);
};

describe('the rules of the venue, before an order leaves', () => {
  const broken: readonly [string, RuledOrder, RuledMoment, string, string][] = [
    ['PRICE_FILTER: off the tick', limit('100.005', '1'), at(null), 'PRICE_OFF_TICK', '100.01'],
    ['PRICE_FILTER: above the maximum', limit('1000000.01', '1'), at(null), 'PRICE_OUT_OF_RANGE', '1000000'],
    ['LOT_SIZE: off the step', limit('100', '1.00005'), at(null), 'QUANTITY_OFF_STEP', '1'],
    ['LOT_SIZE: below the minimum', limit('100', '0.00001'), at(null), 'QUANTITY_BELOW_MINIMUM', '0.0001'],
    ['NOTIONAL: too little', limit('100', '0.05'), at(null), 'NOTIONAL_BELOW_MINIMUM', '0.1'],
    ['NOTIONAL: too much at a higher price', limit('1000', '200'), at(null), 'NOTIONAL_ABOVE_MAXIMUM', '100'],
    ['MARKET_LOT_SIZE: too little', market('0.0005'), at(null), 'MARKET_QUANTITY_BELOW_MINIMUM', '0.001'],
    ['MARKET_LOT_SIZE: too much', market('51'), at(null), 'MARKET_QUANTITY_ABOVE_MAXIMUM', '50'],
    ['MARKET_LOT_SIZE: off the step', market('0.0015'), at(null), 'MARKET_QUANTITY_OFF_STEP', '0.001'],
    ['NOTIONAL of a market order: too little', market('0.05'), at('100'), 'NOTIONAL_BELOW_MINIMUM', '0.1021'],
    ['NOTIONAL of a market order: too much', market('50'), at('3000'), 'NOTIONAL_ABOVE_MAXIMUM', '32.6797'],
    ['PERCENT_PRICE_BY_SIDE: a buy far above', limit('130', '1'), at('100'), 'PRICE_OUT_OF_BAND', '118'],
    ['PERCENT_PRICE_BY_SIDE: a sell far below', limit('70', '1', 'sell'), at('100'), 'PRICE_OUT_OF_BAND', '82'],
    ['MAX_POSITION: more than what is left', limit('100', '3'), holding('10'), 'POSITION_ABOVE_MAXIMUM', '2.5'],
    ['MAX_POSITION: less left than a step', limit('100', '1'), holding('12.49999'), 'POSITION_ABOVE_MAXIMUM', ''],
    ['MAX_POSITION: more held already', market('1'), holding('13'), 'POSITION_ABOVE_MAXIMUM', ''],
    [
      'EXCHANGE_MAX_NUM_ORDERS',
      limit('100', '1'),
      at(null, 1, { accountOrders: 7 }),
      'TOO_MANY_OPEN_ORDERS',
      'wait for one to end, or cancel one',
    ],
    ['MAX_NUM_ORDERS', limit('100', '1'), at(null, 3), 'TOO_MANY_OPEN_ORDERS', 'wait for one to end, or cancel one'],
  ];
  it.each(broken)('%s', (_, order, moment, code, suggestion) => {
    expect(judge(order, moment)).toMatchObject({ code, suggestion });
  });

  const fine: readonly [string, RuledOrder, RuledMoment][] = [
    ['an order at every limit', limit('100', '0.1'), at(null)],
    ['an order worth exactly the maximum', limit('100', '1000'), at(null)],
    ['a price that only the venue can judge', limit('900', '1'), at(null)],
    ['a price so near to the band that the venue judges', limit('121.50', '1'), at('100')],
    ['a sell where a buy would be too high', limit('150', '1', 'sell'), at('100')],
    ['a market order whose worth is not known', market('0.001'), at(null)],
    ['a buy up to the greatest position', limit('100', '2.5'), holding('10')],
    ['a sell of more than may be held', limit('100', '3', 'sell'), holding('13')],
    ['a buy whose position is not known', limit('100', '30'), at(null)],
    ['one order less than the most', limit('100', '1'), at(null, 2)],
    ['a close at the market, however many orders we count', closing(market('1')), at(null, 3)],
    [
      'a close that rests, however many of the account',
      closing(limit('100', '1', 'sell')),
      at(null, 0, { accountOrders: 7 }),
    ],
    ['a buy that closes, whatever we think is held', closing(market('1')), holding('13')],
  ];
  it.each(fine)('let pass: %s', (_, order, moment) => {
    expect(judge(order, moment)).toBeNull();
  });

  it('that are about the order itself hold for a close too', () => {
    expect(judge(closing(market('51')), at(null, 3))).toMatchObject({ code: 'MARKET_QUANTITY_ABOVE_MAXIMUM' });
    expect(judge(closing(limit('130', '1')), at('100', 3))).toMatchObject({ code: 'PRICE_OUT_OF_BAND' });
  });

  it('say in one line what is wrong and what would pass', () => {
    const violation = judge(limit('100.005', '1'), at(null));
    expect(violation && violationText(violation)).toBe('PRICE_OFF_TICK: price 100.005, limit 0.01; would pass: 100.01');
  });

  it.each([
    [['EXPIRE_MAKER', 'NONE'], true],
    [['NONE'], false],
    [undefined, false],
  ])('know whether an order of ours may end another: %j', (allowedSelfTradePreventionModes, expected) => {
    expect(known({ allowedSelfTradePreventionModes }).rules.expiresMaker).toBe(expected);
  });

  it('leave a halted market to the venue, which alone knows whether it trades now', () => {
    const { instrument, rules } = known({ status: 'BREAK' });
    expect(instrument.status).toBe('halted');
    expect(brokenRule(limit('100', '1'), instrument, rules, at(null))).toBeNull();
  });

  it('that the venue switched off with 0, or does not have, are not applied', () => {
    const off = filters.map((filter) =>
      filter.filterType === 'MARKET_LOT_SIZE'
        ? { ...filter, minQty: '0', maxQty: '0', stepSize: '0' }
        : filter.filterType === 'NOTIONAL'
          ? { filterType: 'MIN_NOTIONAL', minNotional: '10', applyToMarket: false }
          : filter,
    );
    const few = off.filter(({ filterType }) => !/PERCENT|MAX_/.test(filterType));
    const { instrument, rules } = known({ filters: few });
    expect(rules).toMatchObject({
      notionalMax: null,
      band: null,
      openOrdersMax: null,
      notionalMinForMarket: false,
      positionMax: null,
    });
    expect(brokenRule(market('0.0001'), instrument, rules, at('100', 9_999, { accountOrders: 0 }))).toBeNull();
  });
});

describe('what a listing says', () => {
  it.each(['BREAK', 'HALT', 'END_OF_DAY', 'PRE_TRADING', 'POST_TRADING', 'AUCTION_MATCH'])('%s is halted', (status) => {
    expect(known({ status }).instrument.status).toBe('halted');
  });

  const lots = (marketMax: string | null) =>
    known({
      filters: filters.flatMap((filter): readonly object[] =>
        filter.filterType !== 'MARKET_LOT_SIZE'
          ? [filter]
          : marketMax === null
            ? []
            : [{ ...filter, maxQty: marketMax }],
      ),
    }).instrument;
  it.each([
    ['below the other', '50.0', '50'],
    ['above the other, which holds for every order', '5000.0', '1000'],
    ['switched off', '0', '1000'],
    ['not listed', null, '1000'],
  ])('the most of an order at the market, %s', (_name, marketMax, most) => {
    expect(lots(marketMax)).toMatchObject({
      quantityMax: Quantity.of('1000'),
      marketQuantityMax: Quantity.of(most),
    });
  });

  it('knows steps, minimum and value of an order at the market, each of which the venue may switch off', () => {
    const others = filters.filter(({ filterType }) => filterType !== 'MARKET_LOT_SIZE' && filterType !== 'NOTIONAL');
    const value = { filterType: 'NOTIONAL', minNotional: '5', maxNotional: '9000000', applyMinToMarket: true };
    const market = (changes: object, applyMaxToMarket = true) =>
      known({
        filters: [
          ...others,
          { filterType: 'MARKET_LOT_SIZE', minQty: '0', maxQty: '0', stepSize: '0', ...changes },
          { ...value, applyMaxToMarket },
        ],
      }).instrument;
    const { stepSize, quantityMin } = market({});
    expect(market({})).toMatchObject({
      marketStepSize: stepSize,
      marketQuantityMin: quantityMin,
      marketNotionalMax: Money.of('9000000', 'USDT'),
    });
    expect(market({}, false).marketNotionalMax).toBeNull();
    expect(market({ minQty: '2', stepSize: '0.4' })).toMatchObject({
      marketQuantityMin: Quantity.of('2'),
      // In whole steps of both.
      marketStepSize: Quantity.of('0.4'),
    });
    expect(market({ stepSize: Quantity.format(Quantity.fromUnits((stepSize * 3n) / 2n)) }).marketStepSize).toBe(
      stepSize * 3n,
    );
  });

  it('without spot trading is halted', () => {
    expect(known({ isSpotTradingAllowed: false }).instrument.status).toBe('halted');
  });

  it('is read for names that begin with digits', () => {
    const { instrument } = known({ symbol: '1000SATSUSDT', baseAsset: '1000SATS' });
    expect([instrument.id, instrument.base]).toEqual([
      InstrumentId.of('sim', '1000SATS-USDT'),
      Currency.of('1000SATS'),
    ]);
  });

  it('under a name that is not its base and quote is skipped, because there is no way back', () => {
    expect(read({ symbol: 'BTCUSD_PERP' })).toMatchObject({ instruments: [], skipped: [{ symbol: 'BTCUSD_PERP' }] });
  });
});
