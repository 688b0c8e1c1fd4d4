import { describe, expect, test } from '@jest/globals';
import { OrderBook } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import type { Account } from './account.js';
import { type Amount, amountOfWhole } from './amounts.js';
import { Exchange } from './exchange.js';
import { Market } from './market.js';
import { syntheticSpec } from './synthetic/default-markets.js';
import { VenueNews } from './venue-news.js';
import type { NewOrder, VenueOrder } from './venue-order.js';

class Silence extends VenueNews {
  traded(): void {}
  quoteChanged(): void {}
  orderChanged(): void {}
  balancesChanged(): void {}
}

/** 600 USDT; a lot is a thousandth of a coin. */
const price = 60_000;
const coin = 1_000;
/** In 10^-8 of a USDT. */
const worth = { BNB: 600n * 10n ** 8n, USDT: 10n ** 8n } as const;

/** A client with exactly so much, others with plenty; who trades pays a thousandth of it in `feeAsset` while there is enough. */
function venue(
  feeAsset: 'BNB' | 'USDT',
  has: { readonly BNB: Amount; readonly USDT: Amount },
  fixedPrice: bigint = worth[feeAsset],
) {
  const asset = { name: feeAsset, opening: 0n, fixedPrice };
  const exchange = new Exchange(new Silence(), { maker: 100_000n, taker: 100_000n, asset });
  const market = new Market(syntheticSpec('BNB-USDT'), new OrderBook());
  exchange.addMarket(market);
  const [client, others] = ['client', 'others'].map((apiKey) => exchange.openAccount({ apiKey, secret: 's' })) as [
    Account,
    Account,
  ];
  for (const name of ['BNB', 'USDT'] as const) {
    client.deposit(name, has[name]);
    others.deposit(name, amountOfWhole(10_000_000n));
  }
  let ids = 0;
  const place = (account: Account, side: Side, more: Partial<NewOrder>): VenueOrder => {
    ids += 1;
    const common = { market, clientOrderId: `o${ids}`, side, type: 'LIMIT', timeInForce: 'GTC', price: 0 } as const;
    const none = {
      quantity: 0,
      quoteQuantity: 0n,
      stopPrice: 0,
      trailingDelta: 0,
      selfTradePrevention: 'none',
    } as const;
    const result = exchange.place(account, { ...common, ...none, ...more }, 1);
    if ('kind' in result) throw new Error(result.msg);
    return result;
  };
  const rest = (account: Account, side: Side, at: number, quantity: number): VenueOrder =>
    place(account, side, { price: at, quantity });
  return { client, others, place, rest };
}

const payers = ({ fills }: VenueOrder): readonly string[] => fills.map(({ commissionAsset }) => commissionAsset);

describe('an order at the market of all that pays the fees too', () => {
  const bnb = { BNB: amountOfWhole(2n), USDT: 0n };

  test.each<[string, Partial<NewOrder>]>([
    ['by quantity', { type: 'MARKET', quantity: 2 * coin }],
    ['by what it brings in', { type: 'MARKET', quoteQuantity: amountOfWhole(1_198n) }],
    ['as a limit order does', { type: 'LIMIT', price: price - 200, quantity: 2 * coin }],
  ])('sells it %s over two levels, and what the trades bring in pays', (_how, wish) => {
    const { client, others, place, rest } = venue('BNB', bnb);
    rest(others, 'buy', price, coin);
    rest(others, 'buy', price - 200, coin);
    const order = place(client, 'sell', wish);
    expect(order).toMatchObject({ status: 'FILLED', executed: 2 * coin });
    expect(payers(order)).toEqual(['USDT', 'USDT']);
    expect(client.balance('BNB')).toEqual({ free: 0n, locked: 0n });
    expect(client.balance('USDT').free).toBe((amountOfWhole(1_198n) * 999n) / 1_000n);
  });

  test('sells it when its stop is reached, over two levels, and what the trades bring in pays', () => {
    const { client, others, place, rest } = venue('BNB', bnb);
    rest(others, 'buy', price, coin + 10);
    rest(others, 'buy', price - 200, coin);
    const order = place(client, 'sell', { type: 'STOP_LOSS', stopPrice: price, quantity: 2 * coin });
    rest(others, 'sell', price, 10);
    expect(order).toMatchObject({ status: 'FILLED', executed: 2 * coin });
    expect(payers(order)).toEqual(['USDT', 'USDT']);
    expect(client.balance('BNB')).toEqual({ free: 0n, locked: 0n });
  });

  test.each<[string, Partial<NewOrder>]>([
    ['by quantity', { type: 'MARKET', quantity: 2 * coin }],
    ['by quote', { type: 'MARKET', quoteQuantity: amountOfWhole(1_202n) }],
  ])('spends it %s over two levels where it is the quote, and what was bought pays', (_how, wish) => {
    const { client, others, place, rest } = venue('USDT', { BNB: 0n, USDT: amountOfWhole(1_202n) });
    rest(others, 'sell', price, coin);
    rest(others, 'sell', price + 200, coin);
    const order = place(client, 'buy', wish);
    expect(order).toMatchObject({ status: 'FILLED', executed: 2 * coin });
    expect(payers(order)).toEqual(['BNB', 'BNB']);
    expect(client.balance('USDT')).toEqual({ free: 0n, locked: 0n });
    expect(client.balance('BNB').free).toBe((amountOfWhole(2n) * 999n) / 1_000n);
  });

  test('buys at the market when its stop is reached, and keeps what the second level costs', () => {
    const { client, others, place, rest } = venue('USDT', { BNB: 0n, USDT: amountOfWhole(1_202n) });
    rest(others, 'sell', price, coin + 10);
    rest(others, 'sell', price + 200, coin);
    const order = place(client, 'buy', { type: 'STOP_LOSS', stopPrice: price, quantity: 2 * coin });
    rest(others, 'buy', price, 10);
    expect(order).toMatchObject({ status: 'FILLED', executed: 2 * coin });
    expect(payers(order)).toEqual(['BNB', 'BNB']);
    expect(client.balance('USDT')).toEqual({ free: 0n, locked: 0n });
  });
});

test('what an order at the market does not need pays its fees, from the first fill on', () => {
  const { client, others, place, rest } = venue('BNB', {
    BNB: amountOfWhole(2n) + amountOfWhole(1n) / 1_000n,
    USDT: 0n,
  });
  rest(others, 'buy', price, coin);
  rest(others, 'buy', price - 200, coin);
  const order = place(client, 'sell', { type: 'MARKET', quantity: 2 * coin });
  expect(payers(order)).toEqual(['BNB', 'USDT']);
  expect(client.balance('BNB').free).toBe(0n);
});

test('what a sale offers pays no fees, even where the book takes less of it', () => {
  const sold = (wish: Partial<NewOrder>): readonly string[] => {
    const { client, others, place, rest } = venue('BNB', { BNB: amountOfWhole(2n), USDT: 0n });
    rest(others, 'buy', price, coin);
    const order = place(client, 'sell', { quantity: 2 * coin, ...wish });
    expect(order).toMatchObject({ status: 'EXPIRED', executed: coin });
    expect(client.balance('BNB')).toEqual({ free: amountOfWhole(1n), locked: 0n });
    return payers(order);
  };
  expect(sold({ type: 'MARKET' })).toEqual(['USDT']);
  expect(sold({ type: 'LIMIT', price, timeInForce: 'IOC' })).toEqual(['USDT']);
});

test('an account that meets its own order keeps what the rest of its purchase costs', () => {
  // So little worth that the commission is twice what is traded.
  const { client, others, place, rest } = venue(
    'USDT',
    { BNB: amountOfWhole(1n), USDT: amountOfWhole(1_202n) },
    50_000n,
  );
  const own = rest(client, 'sell', price, 10);
  rest(others, 'sell', price, coin - 10);
  rest(others, 'sell', price + 200, coin);
  const order = place(client, 'buy', { type: 'MARKET', quantity: 2 * coin });
  expect(order).toMatchObject({ status: 'FILLED', executed: 2 * coin });
  expect(payers(order)).toEqual(['BNB', 'BNB', 'BNB']);
  expect(own.fills).toMatchObject([{ quote: amountOfWhole(6n), commission: amountOfWhole(6n) / 1_000n }]);
});
