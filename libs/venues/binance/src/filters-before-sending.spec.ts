import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { millisecond, seededRng, Timestamp } from '@scalpstorm/kernel';
import { type Instrument, type OrderRequest, Price, Quantity, VenueId } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import type { PlaceOutcome, VenueFilterViolation } from '@scalpstorm/venue-api';
import { RecordingExecutionListener } from '@scalpstorm/venue-api/testing';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import { BinanceMarketFeed } from './binance-market-feed.js';
import type { BinanceOptions } from './options.js';
import { anOrder, clock, instrumentId, patience } from './testing/scripted-parts.js';
import { type SimulatedExchange, startSimulatedExchange } from './testing/simulated-exchange.js';

/** What the venue's own word for a filter becomes; it does not say which of its bounds was broken. */
const codeOfFilter: Readonly<Record<string, string>> = {
  PRICE_FILTER: 'PRICE_FILTER_REFUSED',
  PERCENT_PRICE_BY_SIDE: 'PRICE_OUT_OF_BAND',
  LOT_SIZE: 'LOT_SIZE_REFUSED',
  MARKET_LOT_SIZE: 'MARKET_LOT_SIZE_REFUSED',
  NOTIONAL: 'NOTIONAL_BELOW_MINIMUM',
};

const narrow = {
  symbol: 'BTCUSDT',
  bidMultiplierUp: '1.5',
  bidMultiplierDown: '0.5',
  askMultiplierUp: '2',
  askMultiplierDown: '0.8',
  minNotional: '100',
  maxNotional: '500000',
  applyMaxToMarket: true,
  marketMaxQty: '4',
  maxNumOrders: 2,
};

describe('every filter of the venue', () => {
  let exchange: SimulatedExchange;
  /** Knows the rules. */
  let execution: BinanceExecutionVenue;
  /** Was never opened, so it has read no rule and sends whatever it is given. */
  let blind: BinanceExecutionVenue;
  let options: BinanceOptions;
  let instrument: Instrument;
  let average: Price;

  beforeAll(async () => {
    exchange = await startSimulatedExchange(['--symbols', 'BTC-USDT']);
    await exchange.filters(narrow);
    options = {
      venue: VenueId.of('sim'),
      addresses: exchange.addresses,
      clock,
      rng: seededRng(1),
      requestTimeout: 30_000 * millisecond,
    };
    execution = await BinanceExecutionVenue.create(options, exchange.credentials);
    blind = await BinanceExecutionVenue.create(options, exchange.credentials);
    const feed = await BinanceMarketFeed.create(options);
    const listed = (await feed.instruments()).find(({ id }) => id === instrumentId);
    await feed.close();
    if (listed === undefined) throw new Error('BTC-USDT is not listed');
    instrument = listed;
    await execution.open(new RecordingExecutionListener());
    const answer = await fetch(`${exchange.addresses.rest}/api/v3/avgPrice?symbol=BTCUSDT`);
    average = Price.of(((await answer.json()) as { price: string }).price);
    await execution.balances();
    // As execution asks when it starts: from then on the average price is known too.
    await execution.feeRates(instrumentId);
    await eventually(async () => {
      const far = await execution.place({ ...anOrder(), price: share(9n, 10n), quantity: tiny }, soon());
      expect(far.kind).toBe('rejected');
      const banned = await execution.place({ ...anOrder(), price: share(5n, 1n) }, soon());
      expect(banned).toMatchObject({ filter: { code: 'PRICE_OUT_OF_BAND' } });
    }, patience);
  });

  afterAll(async () => {
    await execution.close();
    await blind.close();
    await exchange.stop();
  });

  const tiny = Quantity.of('0.00001');
  const soon = () => ({ expiresAt: Timestamp.plus(execution.venueTime(), 20_000 * millisecond) });
  const share = (numerator: bigint, denominator: bigint): Price =>
    Price.floorTo(Price.fromUnits((average * numerator) / denominator), instrument.tickSize);
  const limit = (side: 'buy' | 'sell', price: Price, quantity = '0.01'): OrderRequest =>
    anOrder({ side, price, quantity: Quantity.of(quantity) });
  const market = (quantity: string): OrderRequest =>
    anOrder({ type: 'market', price: null, timeInForce: 'IOC', quantity: Quantity.of(quantity) });

  const violationOf = (outcome: PlaceOutcome): VenueFilterViolation => {
    if (outcome.kind !== 'rejected' || outcome.filter === undefined) throw new Error(JSON.stringify(outcome.kind));
    return outcome.filter;
  };

  /** Takes what is suggested until nothing is broken any more: one filter may hide the next. */
  async function mended(request: OrderRequest): Promise<OrderRequest> {
    const { clientOrderId } = anOrder();
    const order = { ...request, clientOrderId, timeInForce: 'IOC' } as const;
    const outcome = await execution.place(order, soon());
    if (outcome.kind !== 'rejected' || outcome.filter === undefined)
      return { ...order, clientOrderId: anOrder().clientOrderId };
    const { field, suggestion } = outcome.filter;
    return mended({
      ...order,
      ...(field === 'price' ? { price: Price.of(suggestion) } : { quantity: Quantity.of(suggestion) }),
    });
  }

  type Broken = [string, () => OrderRequest, VenueFilterViolation['code'], VenueFilterViolation['field']];
  it.each<Broken>([
    [
      'PRICE_FILTER',
      () => limit('buy', Price.fromUnits(average - (average % 10n ** 10n) + 10n ** 9n)),
      'PRICE_OFF_TICK',
      'price',
    ],
    ['PERCENT_PRICE_BY_SIDE', () => limit('buy', share(8n, 5n)), 'PRICE_OUT_OF_BAND', 'price'],
    ['PERCENT_PRICE_BY_SIDE', () => limit('buy', share(2n, 5n)), 'PRICE_OUT_OF_BAND', 'price'],
    ['PERCENT_PRICE_BY_SIDE', () => limit('sell', share(11n, 5n)), 'PRICE_OUT_OF_BAND', 'price'],
    ['PERCENT_PRICE_BY_SIDE', () => limit('sell', share(7n, 10n)), 'PRICE_OUT_OF_BAND', 'price'],
    ['LOT_SIZE', () => limit('buy', share(9n, 10n), '0.010001'), 'QUANTITY_OFF_STEP', 'quantity'],
    ['LOT_SIZE', () => limit('buy', share(9n, 10n), '0.000001'), 'QUANTITY_BELOW_MINIMUM', 'quantity'],
    ['NOTIONAL', () => limit('buy', share(9n, 10n), '0.001'), 'NOTIONAL_BELOW_MINIMUM', 'quantity'],
    ['NOTIONAL', () => limit('buy', share(9n, 10n), '20'), 'NOTIONAL_ABOVE_MAXIMUM', 'quantity'],
    ['NOTIONAL', () => market('0.001'), 'NOTIONAL_BELOW_MINIMUM', 'quantity'],
    ['MARKET_LOT_SIZE', () => market('5'), 'MARKET_QUANTITY_ABOVE_MAXIMUM', 'quantity'],
  ])(
    '%s: what we refuse before sending the venue refuses too, and what we suggest it takes',
    async (name, order, code, field) => {
      const request = order();
      const violation = violationOf(await execution.place(request, soon()));
      expect(violation).toMatchObject({ code, field });
      expect(await exchange.ordersWith(request.clientOrderId)).toBe(0);
      const sent = await blind.place(request, soon());
      expect(sent).toMatchObject({
        kind: 'rejected',
        code: codeOfFilter[name],
        text: `-1013 Filter failure: ${name}`,
      });
      expect((await blind.place(await mended(request), soon())).kind).toBe('accepted');
    },
  );

  it('MAX_NUM_ORDERS: counted before sending, also the orders of another client of the account', async () => {
    const resting = [limit('buy', share(9n, 10n)), limit('buy', share(9n, 10n))] as const;
    expect((await execution.place(resting[0], soon())).kind).toBe('accepted');
    expect((await blind.place(resting[1], soon())).kind).toBe('accepted');
    await execution.openOrders(instrumentId);
    const third = limit('buy', share(9n, 10n));
    expect(violationOf(await execution.place(third, soon()))).toMatchObject({
      code: 'TOO_MANY_OPEN_ORDERS',
      field: 'orders',
      value: '2',
      limit: '2',
    });
    expect(await blind.place(third, soon())).toMatchObject({
      kind: 'rejected',
      code: 'TOO_MANY_OPEN_ORDERS',
      text: '-2010 Filter failure: MAX_NUM_ORDERS',
      retryable: true,
    });
    // A close is for the venue to judge: our count may be old.
    const close = { ...third, clientOrderId: anOrder().clientOrderId, purpose: 'close' } as const;
    expect(await execution.place(close, soon())).toMatchObject({ text: '-2010 Filter failure: MAX_NUM_ORDERS' });
    for (const order of resting) await execution.cancel(order);
    expect((await execution.place(third, soon())).kind).toBe('accepted');
    await execution.cancel(third);
  });

  it('MAX_POSITION: what is held and what open buys would bring, as far as the venue has told', async () => {
    const held = await basePosition();
    await exchange.filters({ symbol: 'BTCUSDT', maxPosition: Quantity.format(Quantity.plus(held, Quantity.of('1'))) });
    const careful = await BinanceExecutionVenue.create(options, exchange.credentials);
    await careful.open(new RecordingExecutionListener());
    await careful.balances();
    const resting = limit('buy', share(9n, 10n), '0.4');
    expect((await careful.place(resting, soon())).kind).toBe('accepted');
    const request = limit('buy', share(9n, 10n), '0.7');
    expect(violationOf(await careful.place(request, soon()))).toMatchObject({
      code: 'POSITION_ABOVE_MAXIMUM',
      field: 'quantity',
      value: '0.7',
      suggestion: '0.6',
    });
    expect(await blind.place(request, soon())).toMatchObject({
      kind: 'rejected',
      code: 'POSITION_ABOVE_MAXIMUM',
      text: '-2010 Filter failure: MAX_POSITION',
    });
    const close = { ...request, clientOrderId: anOrder().clientOrderId, purpose: 'close' } as const;
    expect(await careful.place(close, soon())).toMatchObject({ text: '-2010 Filter failure: MAX_POSITION' });
    const mended = { ...request, quantity: Quantity.of('0.6') };
    expect((await careful.place(mended, soon())).kind).toBe('accepted');
    for (const order of [resting, mended]) await careful.cancel(order);
    await careful.close();
  });

  async function basePosition(): Promise<Quantity> {
    const balance = (await blind.balances()).find(({ currency }) => currency === instrument.base);
    if (balance === undefined) throw new Error('the account has no base asset');
    return Quantity.fromUnits((balance.free.amount + balance.locked.amount) / 10n ** 6n);
  }
});
