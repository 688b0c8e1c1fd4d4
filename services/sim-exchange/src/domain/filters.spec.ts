import { beforeEach, describe, expect, test } from '@jest/globals';
import { OrderBook } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import type { Account } from './account.js';
import { amountOfWhole } from './amounts.js';
import { crowdOwner, Exchange } from './exchange.js';
import { Market } from './market.js';
import { bandUnit, type MarketFilters } from './market-filters.js';
import { Crowd } from './synthetic/crowd.js';
import { syntheticSpec } from './synthetic/default-markets.js';
import { VenueNews } from './venue-news.js';
import type { NewOrder } from './venue-order.js';

class Silence extends VenueNews {
  traded(): void {}
  quoteChanged(): void {}
  orderChanged(): void {}
  balancesChanged(): void {}
}

const now = 1_800_000_000_000;
/** Of BTC-USDT, in ticks of a cent; a lot is 0.00001. */
const price = 6_000_000;
let exchange: Exchange;
let market: Market;
let account: Account;
let ids = 0;

beforeEach(() => {
  exchange = new Exchange(new Silence());
  market = new Market(syntheticSpec('BTC-USDT'), new OrderBook());
  exchange.addMarket(market);
  account = exchange.openAccount({ apiKey: 'a', secret: 's' });
  account.deposit('BTC', amountOfWhole(10n ** 9n));
  account.deposit('USDT', amountOfWhole(10n ** 14n));
  market.remember({ id: 1, price, quantity: 1, buyerIsMaker: true, time: now });
  for (const side of ['buy', 'sell'] as const) {
    const order = {
      id: exchange.nextCrowdId(),
      owner: crowdOwner,
      side,
      price: side === 'buy' ? price - 1 : price + 1,
    };
    exchange.placeForCrowd(
      market,
      { ...order, type: 'limit', quantity: 10 ** 12, timeInForce: 'GTC', selfTradePrevention: 'none' },
      now,
    );
  }
});

const change = (changes: Partial<MarketFilters>): void => {
  market.filters = { ...market.filters, ...changes };
};
const place = (changes: Partial<NewOrder>, time = now): string => {
  ids += 1;
  const usual = { side: 'buy', type: 'LIMIT', timeInForce: 'GTC', selfTradePrevention: 'none' } as const;
  const amounts = { price: price - 100, quantity: 1_000, quoteQuantity: 0n, stopPrice: 0, trailingDelta: 0 };
  const wish = { ...usual, ...amounts, market, clientOrderId: `o${ids}`, ...changes };
  const placed = exchange.place(account, wish, time);
  return 'kind' in placed ? `${placed.code} ${placed.msg}` : 'placed';
};
const atMarket = { type: 'MARKET', price: 0 } as const;
const failure = (name: string): string => `-1013 Filter failure: ${name}`;
const accountFailure = (name: string): string => `-2010 Filter failure: ${name}`;

describe('PERCENT_PRICE_BY_SIDE', () => {
  const band = {
    buy: { down: bandUnit / 2n, up: (bandUnit * 11n) / 10n },
    sell: { down: bandUnit / 5n, up: bandUnit * 2n },
  };
  const out = failure('PERCENT_PRICE_BY_SIDE');

  test.each<[Side, number, string]>([
    ['buy', price / 2, 'placed'],
    ['buy', price / 2 - 1, out],
    ['buy', 6_600_000, 'placed'],
    ['buy', 6_600_001, out],
    ['sell', price / 5, 'placed'],
    ['sell', price / 5 - 1, out],
    ['sell', price * 2, 'placed'],
    ['sell', price * 2 + 1, out],
  ])('lets a %s at %d be %s', (side, at, expected) => {
    change({ band });
    for (const type of ['LIMIT', 'LIMIT_MAKER'] as const) {
      const taken = place({ side, type, price: at });
      // A post-only order that would take is refused after the filters.
      expect(taken === '-2010 Order would immediately match and take.' ? 'placed' : taken).toBe(expected);
    }
  });

  test('judges the limit of a stop order, and neither a stop price nor an order at the market', () => {
    change({ band });
    const stop = { side: 'buy', stopPrice: price * 3 } as const;
    expect(place({ ...stop, type: 'STOP_LOSS_LIMIT', price: price * 3 })).toBe(out);
    expect(place({ ...stop, type: 'STOP_LOSS_LIMIT', price })).toBe('placed');
    expect(place({ ...stop, type: 'STOP_LOSS', price: 0 })).toBe('placed');
    expect(place(atMarket)).toBe('placed');
  });

  test('counts from the average of the last minutes, and from the last price when they were quiet', () => {
    change({ band });
    market.remember({ id: 2, price: price * 2, quantity: 1, buyerIsMaker: true, time: now });
    expect(place({ price: (price * 3) / 4 - 1 })).toBe(out);
    expect(place({ price: (price * 3) / 4 })).toBe('placed');
    const later = now + 3_600_000;
    expect(place({ price: price - 1 }, later)).toBe(out);
    expect(place({ price }, later)).toBe('placed');
  });

  test('lets everything pass before the first trade', () => {
    market = new Market(syntheticSpec('BTC-USDT'), new OrderBook());
    expect(place({ price: 1, quantity: 10 ** 9 })).toBe('placed');
  });

  test('is nowhere near what a bot asks for, however quick the market', () => {
    const quick = new Market(syntheticSpec('BTC-USDT'), new OrderBook());
    exchange.addMarket(quick);
    const crowd = new Crowd(exchange, quick, 7);
    // At `--speed max` 500 steps are made at each of 50 wake-ups a second.
    for (let step = 0; step < 10_000; step += 1) {
      crowd.step(now + Math.floor(step / 500) * 20);
      if (step % 500 !== 499) continue;
      const average = Number(quick.averagePrice(now + 3_000)) / quick.spec.tickUnits;
      expect(Number(quick.book.best('buy')) / average).toBeGreaterThan(0.8);
      expect(Number(quick.book.best('sell')) / average).toBeLessThan(1.25);
    }
  });
});

describe('LOT_SIZE and MARKET_LOT_SIZE', () => {
  test('bound every order by the one, and an order at the market by the other too', () => {
    change({ marketQuantityMax: 5_000 });
    const { quantityMax } = market.spec;
    expect(place({ quantity: 5_001 })).toBe('placed');
    expect(place({ quantity: quantityMax + 1 })).toBe(failure('LOT_SIZE'));
    expect(place({ ...atMarket, quantity: 5_000 })).toBe('placed');
    expect(place({ ...atMarket, quantity: 5_001 })).toBe(failure('MARKET_LOT_SIZE'));
    expect(place({ ...atMarket, quantity: quantityMax + 1 })).toBe(failure('LOT_SIZE'));
    expect(place({ type: 'STOP_LOSS', side: 'sell', price: 0, stopPrice: price - 500, quantity: 5_001 })).toBe(
      failure('MARKET_LOT_SIZE'),
    );
  });
});

describe('NOTIONAL', () => {
  const range = { notionalMin: amountOfWhole(600n), notionalMax: amountOfWhole(6_000n) };
  const off = failure('NOTIONAL');

  test('judges price × quantity to the last lot', () => {
    change(range);
    expect(place({ price, side: 'sell', quantity: 1_000 })).toBe('placed');
    expect(place({ price, side: 'sell', quantity: 999 })).toBe(off);
    expect(place({ price, side: 'sell', quantity: 10_000 })).toBe('placed');
    expect(place({ price, side: 'sell', quantity: 10_001 })).toBe(off);
  });

  test.each<[boolean, boolean, string, string]>([
    [true, true, off, off],
    [true, false, off, 'placed'],
    [false, true, 'placed', off],
    [false, false, 'placed', 'placed'],
  ])('judges orders at the market where it says so (least %s, most %s)', (minToMarket, maxToMarket, small, large) => {
    change({ ...range, minToMarket, maxToMarket });
    const later = now + 1_000;
    expect(place({ ...atMarket, quantity: 999 }, later)).toBe(small);
    expect(place({ ...atMarket, quantity: 0, quoteQuantity: amountOfWhole(599n) }, later)).toBe(small);
    expect(place({ ...atMarket, quantity: 20_000 }, later)).toBe(large);
    expect(place({ ...atMarket, quantity: 0, quoteQuantity: amountOfWhole(6_001n) }, later)).toBe(large);
  });
});

describe('what an account may have', () => {
  test('MAX_NUM_ORDERS counts its open orders of the market, those that wait for a price too', () => {
    change({ ordersMax: 3 });
    expect(place({})).toBe('placed');
    expect(place({ type: 'STOP_LOSS_LIMIT', side: 'sell', stopPrice: price - 500 })).toBe('placed');
    expect(place({})).toBe('placed');
    expect(place({})).toBe(accountFailure('MAX_NUM_ORDERS'));
    const [first] = account.open.values();
    if (first === undefined) throw new Error('three orders are open');
    exchange.cancel(account, first, { cancelId: 'c', now });
    expect(place({})).toBe('placed');
  });

  test('MAX_NUM_ALGO_ORDERS counts those that wait for a price', () => {
    change({ algoOrdersMax: 1 });
    const stop = { type: 'STOP_LOSS_LIMIT', side: 'sell', stopPrice: price - 500 } as const;
    expect(place(stop)).toBe('placed');
    expect(place(stop)).toBe(accountFailure('MAX_NUM_ALGO_ORDERS'));
    expect(place({})).toBe('placed');
  });

  test('MAX_POSITION counts what is held and what is still to be bought, and stops only buys', () => {
    change({ positionMax: amountOfWhole(10n ** 9n + 1n) });
    expect(place({ quantity: 60_000 })).toBe('placed');
    expect(place({ quantity: 40_001 })).toBe(accountFailure('MAX_POSITION'));
    expect(place({ ...atMarket, quantity: 40_001 })).toBe(accountFailure('MAX_POSITION'));
    expect(place({ ...atMarket, quantity: 0, quoteQuantity: amountOfWhole(30_000n) })).toBe(
      accountFailure('MAX_POSITION'),
    );
    expect(place({ side: 'sell', price: price + 500, quantity: 10 ** 6 })).toBe('placed');
    expect(place({ quantity: 40_000 })).toBe('placed');
  });
});
