import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { FaultyExchange, symbol } from '../test/faulty-exchange.js';
import { eventsOf } from '../test/raw-stream.js';

let venue: FaultyExchange;
/** The average price, and a share of it on the tick. */
let average: number;
const at = (share: number): string => (average * share).toFixed(2);

beforeAll(async () => {
  venue = await FaultyExchange.start();
  average = Number((await averagePrice())['price']);
});

afterAll(() => venue.stop());

const usual = {
  bidMultiplierUp: '5',
  bidMultiplierDown: '0.2',
  askMultiplierUp: '5',
  askMultiplierDown: '0.2',
  minNotional: '5',
  maxNotional: '1000000000000',
  applyMinToMarket: true,
  applyMaxToMarket: false,
  marketMaxQty: '900000',
  maxNumOrders: 5_000,
  maxNumAlgoOrders: 500,
  maxPosition: '0',
};
afterEach(async () => {
  await venue.filter(usual);
  if ((await venue.client.fetchOpenOrders(symbol)).length > 0) await venue.client.cancelAllOrders(symbol);
});

type Row = Record<string, unknown>;
const averagePrice = (): Promise<Row> => venue.client.publicGetAvgPrice({ symbol: 'BTCUSDT' });
const limit = (side: 'BUY' | 'SELL', price: string, quantity = '0.01'): Row => {
  const order = { symbol: 'BTCUSDT', side, type: 'LIMIT', timeInForce: 'GTC' };
  return { ...order, quantity, price };
};
const market = (amount: Row): Row => ({ symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', ...amount });
const stop = (type: string, terms: Row): Row => {
  const isLimit = type.endsWith('_LIMIT');
  const order = { symbol: 'BTCUSDT', side: 'SELL', type, quantity: '0.01' };
  return { ...order, ...(isLimit ? { timeInForce: 'GTC' } : {}), ...terms };
};

/** What ccxt threw and what the venue said, or that it took the order. */
async function answerTo(order: Row): Promise<string> {
  try {
    await venue.client.privatePostOrder(order);
    return 'placed';
  } catch (error) {
    return `${(error as Error).name} ${venue.client.last_http_response}`;
  }
}
const failure = (filter: string): string => `InvalidOrder {"code":-1013,"msg":"Filter failure: ${filter}"}`;
const fullFailure = (filter: string): string => `InvalidOrder {"code":-2010,"msg":"Filter failure: ${filter}"}`;

describe('an unmodified ccxt client reads', () => {
  test('every filter that the venue goes by', async () => {
    const info = (await venue.client.publicGetExchangeInfo({ symbol: 'BTCUSDT' })) as { symbols: [{ filters: Row[] }] };
    expect(info.symbols[0].filters).toEqual([
      { filterType: 'PRICE_FILTER', minPrice: '0.01000000', maxPrice: '21474836.47000000', tickSize: '0.01000000' },
      { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000000.00000000', stepSize: '0.00001000' },
      {
        filterType: 'TRAILING_DELTA',
        minTrailingAboveDelta: 10,
        maxTrailingAboveDelta: 2000,
        minTrailingBelowDelta: 10,
        maxTrailingBelowDelta: 2000,
      },
      { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: '900000.00000000', stepSize: '0.00000000' },
      {
        filterType: 'PERCENT_PRICE_BY_SIDE',
        bidMultiplierUp: '5',
        bidMultiplierDown: '0.2',
        askMultiplierUp: '5',
        askMultiplierDown: '0.2',
        avgPriceMins: 5,
      },
      {
        filterType: 'NOTIONAL',
        minNotional: '5.00000000',
        applyMinToMarket: true,
        maxNotional: '1000000000000.00000000',
        applyMaxToMarket: false,
        avgPriceMins: 5,
      },
      { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 5000 },
      { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 500 },
    ]);
    await venue.filter({ maxPosition: '250.5' });
    const changed = (await venue.client.publicGetExchangeInfo()) as { symbols: [{ filters: Row[] }] };
    expect(changed.symbols[0].filters).toContainEqual({ filterType: 'MAX_POSITION', maxPosition: '250.50000000' });
  });

  test('the average price of five minutes, with eight decimals, near the last one', async () => {
    const { mins, price, closeTime } = await averagePrice();
    expect(mins).toBe(5);
    expect(price).toMatch(/^\d+\.\d{8}$/);
    const { last } = await venue.client.fetchTicker(symbol);
    expect(Math.abs(Number(price) / Number(last) - 1)).toBeLessThan(0.05);
    expect(Math.abs(Number(closeTime) - Date.now())).toBeLessThan(60_000);
    await expect(venue.client.publicGetAvgPrice({ symbol: 'NOPE' })).rejects.toMatchObject({ name: 'BadSymbol' });
  });
});

describe('an order outside of PERCENT_PRICE_BY_SIDE is refused', () => {
  const band = failure('PERCENT_PRICE_BY_SIDE');

  test('at five times and at a fifth of the average price, on both sides, and taken well inside', async () => {
    for (const side of ['BUY', 'SELL'] as const) {
      expect(await answerTo(limit(side, at(5.3)))).toBe(band);
      expect(await answerTo(limit(side, at(0.18)))).toBe(band);
    }
    expect(await answerTo(limit('BUY', at(0.22)))).toBe('placed');
    expect(await answerTo(limit('SELL', at(4.7)))).toBe('placed');
  });

  test('by the multipliers of its own side', async () => {
    await venue.filter({ bidMultiplierDown: '0.8', askMultiplierUp: '1.2' });
    expect(await answerTo(limit('BUY', at(0.75)))).toBe(band);
    expect(await answerTo(limit('BUY', at(0.85)))).toBe('placed');
    expect(await answerTo(limit('SELL', at(1.25)))).toBe(band);
    expect(await answerTo(limit('SELL', at(1.15)))).toBe('placed');
  });

  test('where it is a stop order with a limit, by the limit; a stop price and the market are free', async () => {
    expect(await answerTo(stop('STOP_LOSS_LIMIT', { stopPrice: at(0.9), price: at(0.18) }))).toBe(band);
    expect(await answerTo(stop('TAKE_PROFIT_LIMIT', { stopPrice: at(1.1), price: at(5.3) }))).toBe(band);
    expect(await answerTo(stop('STOP_LOSS_LIMIT', { stopPrice: at(0.9), price: at(0.5) }))).toBe('placed');
    expect(await answerTo(stop('STOP_LOSS', { stopPrice: at(0.1) }))).toBe('placed');
    expect(await answerTo(market({ quantity: '0.01' }))).toBe('placed');
  });

  test('when it is only tested, and when it would replace another one, which stays', async () => {
    const far = limit('BUY', at(0.1));
    await expect(venue.client.privatePostOrderTest(far)).rejects.toMatchObject({ name: 'InvalidOrder' });
    const order = await venue.place(venue.freshId());
    const edit = venue.client.editOrder(String(order.id), symbol, 'limit', 'buy', 0.01, Number(at(0.1)));
    await expect(edit).rejects.toThrow('PERCENT_PRICE_BY_SIDE');
    expect((await venue.client.fetchOpenOrders(symbol)).map(({ id }) => id)).toEqual([order.id]);
  });

  test('over the websocket too', async () => {
    const order = venue.client.createOrderWs(symbol, 'limit', 'buy', 0.01, Number(at(0.1)));
    await expect(order).rejects.toMatchObject({
      name: 'InvalidOrder',
      message: expect.stringContaining('PERCENT_PRICE_BY_SIDE'),
    });
  });
});

describe('an order is refused', () => {
  test('by LOT_SIZE below its least, above its most and off its step, also at the market and as a stop', async () => {
    for (const quantity of ['0.000001', '0.010001', '9000001']) {
      expect(await answerTo(limit('BUY', at(0.9), quantity))).toBe(failure('LOT_SIZE'));
      expect(await answerTo(market({ quantity }))).toBe(failure('LOT_SIZE'));
      expect(await answerTo(stop('STOP_LOSS', { stopPrice: at(0.9), quantity }))).toBe(failure('LOT_SIZE'));
    }
  });

  test('by MARKET_LOT_SIZE above its most, where it is one at the market', async () => {
    await venue.filter({ marketMaxQty: '0.5' });
    expect(await answerTo(market({ quantity: '0.50001' }))).toBe(failure('MARKET_LOT_SIZE'));
    expect(await answerTo(market({ quantity: '0.5' }))).toBe('placed');
    expect(await answerTo(limit('BUY', at(0.9), '0.50001'))).toBe('placed');
  });

  test('by NOTIONAL below its least and above its most, at the market as the venue says', async () => {
    const notional = '{"code":-1013,"msg":"Filter failure: NOTIONAL"}';
    await venue.filter({ minNotional: '500', maxNotional: '5000' });
    for (const amount of ['0.001', '0.2']) {
      expect(await answerTo(limit('BUY', at(0.9), amount))).toContain(notional);
      expect(
        await answerTo(stop('STOP_LOSS_LIMIT', { stopPrice: at(0.9), price: at(0.9), quantity: amount })),
      ).toContain(notional);
    }
    expect(await answerTo(market({ quantity: '0.001' }))).toContain(notional);
    expect(await answerTo(market({ quoteOrderQty: '499' }))).toContain(notional);
    expect(await answerTo(market({ quantity: '0.2' }))).toBe('placed');
    await venue.filter({ applyMinToMarket: false, applyMaxToMarket: true });
    expect(await answerTo(market({ quantity: '0.001' }))).toBe('placed');
    expect(await answerTo(market({ quantity: '0.2' }))).toContain(notional);
    expect(await answerTo(market({ quoteOrderQty: '5001' }))).toContain(notional);
  });

  test('by PRICE_FILTER off its tick and above its most, by price and by stop price', async () => {
    expect(await answerTo(limit('BUY', '50000.001'))).toBe(failure('PRICE_FILTER'));
    expect(await answerTo(limit('SELL', '21474836.48'))).toBe(failure('PRICE_FILTER'));
    expect(await answerTo(stop('STOP_LOSS', { stopPrice: '50000.001' }))).toBe(failure('PRICE_FILTER'));
  });

  test('by TRAILING_DELTA outside of its range', async () => {
    for (const trailingDelta of ['9', '2001'])
      expect(await answerTo(stop('STOP_LOSS', { trailingDelta }))).toContain(
        '{"code":-1013,"msg":"Filter failure: TRAILING_DELTA"}',
      );
  });

  test('by MAX_NUM_ORDERS and MAX_NUM_ALGO_ORDERS, until one has ended', async () => {
    await venue.filter({ maxNumOrders: 2, maxNumAlgoOrders: 1 });
    expect(await answerTo(stop('STOP_LOSS', { stopPrice: at(0.5) }))).toBe('placed');
    expect(await answerTo(stop('STOP_LOSS', { stopPrice: at(0.5) }))).toBe(fullFailure('MAX_NUM_ALGO_ORDERS'));
    const order = await venue.place(venue.freshId());
    expect(await answerTo(limit('BUY', at(0.5)))).toBe(fullFailure('MAX_NUM_ORDERS'));
    await venue.client.cancelOrder(String(order.id), symbol);
    expect(await answerTo(limit('BUY', at(0.5)))).toBe('placed');
  });

  test('by MAX_POSITION, where it would buy more than an account may hold', async () => {
    const { free } = (await venue.client.fetchBalance())['BTC'] as { free: number };
    await venue.filter({ maxPosition: (free + 1).toFixed(8) });
    expect(await answerTo(limit('BUY', at(0.5), '1.1'))).toContain(
      '{"code":-2010,"msg":"Filter failure: MAX_POSITION"}',
    );
    expect(await answerTo(limit('BUY', at(0.5), '0.9'))).toBe('placed');
    expect(await answerTo(market({ quantity: '0.2' }))).toContain('MAX_POSITION');
    expect(await answerTo(limit('SELL', at(2), '0.9'))).toBe('placed');
  });

  test('where it is an iceberg, which no symbol here takes', async () => {
    expect(await answerTo({ ...limit('BUY', at(0.5)), icebergQty: '0.001' })).toContain(
      '{"code":-2010,"msg":"Iceberg orders are not supported for this symbol."}',
    );
  });
});

test('a filter that cannot be is refused with its name and what it may be', async () => {
  await expect(venue.filter({ bidMultiplierUp: 'much' })).rejects.toThrow(
    /"code":"SIM_BAD_FILTERS","field":"bidMultiplierUp","allowed":"an exact decimal/,
  );
  await expect(venue.filter({ symbol: 'NOPE' })).rejects.toThrow(/"field":"symbol","allowed":"one of BTCUSDT"/);
  await expect(venue.filter({ tickSize: '1' })).rejects.toThrow(/"field":"tickSize"/);
});

test('the average price is told on a stream of its own', async () => {
  const [event] = await eventsOf(venue.announcement, 'btcusdt@avgPrice');
  expect(event).toMatchObject({ e: 'avgPrice', s: 'BTCUSDT', i: '5m', w: expect.stringMatching(/^\d+\.\d{8}$/) });
});
