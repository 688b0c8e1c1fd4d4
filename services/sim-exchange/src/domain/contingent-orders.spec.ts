import { beforeEach, describe, expect, test } from '@jest/globals';
import { OrderBook } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import type { Account } from './account.js';
import { Exchange } from './exchange.js';
import { Market } from './market.js';
import type { VenueOrderType } from './order-type.js';
import { syntheticSpec } from './synthetic/default-markets.js';
import { VenueNews } from './venue-news.js';
import type { NewOrder, OrderChange, VenueOrder } from './venue-order.js';

class Diary extends VenueNews {
  readonly changes: [string, OrderChange['kind'], string][] = [];
  traded(): void {}
  quoteChanged(): void {}
  orderChanged(_account: Account, order: VenueOrder, change: OrderChange): void {
    this.changes.push([order.clientOrderId, change.kind, order.status]);
  }
  balancesChanged(): void {}
}

const usdt = (whole: number): bigint => BigInt(whole) * 10n ** 16n;
const btc = (lots: number): bigint => BigInt(lots) * 10n ** 11n;
const price = 6_000_000;

let exchange: Exchange;
let market: Market;
let client: Account;
let crowd: Account;
let diary: Diary;
let now: number;

beforeEach(() => {
  diary = new Diary();
  exchange = new Exchange(diary, { maker: 0n, taker: 0n, asset: null });
  market = new Market(syntheticSpec('BTC-USDT'), new OrderBook());
  exchange.addMarket(market);
  [client, crowd] = ['client', 'crowd'].map((apiKey) => {
    const account = exchange.openAccount({ apiKey, secret: 's' });
    account.deposit('BTC', btc(10_000_000));
    account.deposit('USDT', usdt(10_000_000));
    return account;
  }) as [Account, Account];
  now = 1;
  trade(price);
  diary.changes.length = 0;
});

let ids = 0;
const wish = (type: VenueOrderType, side: Side, more: Partial<NewOrder>): NewOrder => {
  ids += 1;
  const common = { market, clientOrderId: `o${ids}`, side, type, timeInForce: 'GTC', quoteQuantity: 0n } as const;
  return { ...common, price: 0, quantity: 1_000, stopPrice: 0, trailingDelta: 0, selfTradePrevention: 'none', ...more };
};
const place = (account: Account, type: VenueOrderType, side: Side, more: Partial<NewOrder>): VenueOrder => {
  const result = exchange.place(account, wish(type, side, more), now);
  if ('kind' in result) throw new Error(result.msg);
  return result;
};
/** The crowd trades ten lots with itself at that price. */
function trade(at: number): void {
  now += 1;
  place(crowd, 'LIMIT', 'sell', { price: at, quantity: 10 });
  place(crowd, 'LIMIT', 'buy', { price: at, quantity: 10 });
}
const told = (order: VenueOrder): string[] =>
  diary.changes.filter(([id]) => id === order.clientOrderId).map(([, kind]) => kind);

describe('an order that waits for its price', () => {
  test('is open and not in the book, and holds its funds: price × quantity of a limit, what a sale sells', () => {
    place(client, 'STOP_LOSS_LIMIT', 'buy', { stopPrice: price + 100, price: price + 200 });
    place(client, 'STOP_LOSS', 'sell', { stopPrice: price - 100 });
    expect(client.balance('USDT').locked).toBe(BigInt(price + 200) * 1_000n * 10n ** 9n);
    expect(client.balance('BTC').locked).toBe(btc(1_000));
    expect(market.book.best('buy')).toBeNull();
    expect([...client.open.values()].map(({ status, workingAt }) => [status, workingAt])).toEqual([
      ['NEW', null],
      ['NEW', null],
    ]);
  });

  test('comes into the book when a trade reaches its price, and rests as a limit order', () => {
    const order = place(client, 'STOP_LOSS_LIMIT', 'sell', { stopPrice: price - 100, price: price - 90 });
    trade(price - 99);
    expect(order.workingAt).toBeNull();
    trade(price - 100);
    expect(order).toMatchObject({ status: 'NEW', workingAt: now });
    expect(market.book.best('sell')).toBe(price - 90);
    expect(told(order)).toEqual(['accepted', 'triggered']);
    place(crowd, 'LIMIT', 'buy', { price: price - 90, quantity: 1_000, timeInForce: 'IOC' });
    expect(order.status).toBe('FILLED');
    expect(client.balance('BTC')).toEqual({ free: btc(10_000_000 - 1_000), locked: 0n });
  });

  test('executes at the market where it says so, out of what it held', () => {
    place(crowd, 'LIMIT', 'buy', { price: price - 300, quantity: 5_000 });
    const order = place(client, 'STOP_LOSS', 'sell', { stopPrice: price - 100 });
    trade(price - 100);
    expect(order).toMatchObject({ status: 'FILLED', executed: 1_000 });
    expect(told(order)).toEqual(['accepted', 'triggered', 'filled']);
    expect(client.balance('BTC')).toEqual({ free: btc(10_000_000 - 1_000), locked: 0n });
    expect(client.balance('USDT').free).toBe(usdt(10_000_000) + BigInt(price - 300) * 1_000n * 10n ** 9n);
  });

  test('sets off others by its own trade, each once and in the order in which they were placed', () => {
    place(crowd, 'LIMIT', 'buy', { price: price - 200, quantity: 1_000 });
    place(crowd, 'LIMIT', 'buy', { price: price - 300, quantity: 1_000 });
    const second = place(client, 'STOP_LOSS', 'sell', { stopPrice: price - 200 });
    const first = place(client, 'STOP_LOSS', 'sell', { stopPrice: price - 100 });
    trade(price - 100);
    expect([first.status, second.status]).toEqual(['FILLED', 'FILLED']);
    expect(first.fills[0]?.price).toBe(price - 200);
    expect(second.fills[0]?.price).toBe(price - 300);
  });

  test('is cancelled without ever having been in the book, and its funds are free', () => {
    const order = place(client, 'TAKE_PROFIT_LIMIT', 'buy', { stopPrice: price - 500, price: price - 490 });
    exchange.cancel(client, order, { cancelId: 'c', now });
    expect(order).toMatchObject({ status: 'CANCELED', workingAt: null });
    expect(client.balance('USDT')).toEqual({ free: usdt(10_000_000), locked: 0n });
    trade(price - 500);
    expect(told(order)).toEqual(['accepted', 'canceled']);
  });

  test('expires when an immediate one finds nothing, and when the account cannot pay what the market asks', () => {
    const ioc = place(client, 'STOP_LOSS_LIMIT', 'sell', {
      stopPrice: price - 10,
      price: price - 5,
      timeInForce: 'IOC',
    });
    const all = place(client, 'STOP_LOSS', 'buy', { stopPrice: price + 10, quantity: 16_000_000 });
    place(crowd, 'LIMIT', 'sell', { price: price * 2, quantity: 9_000_000 });
    trade(price - 10);
    trade(price + 10);
    expect([ioc.status, all.status]).toEqual(['EXPIRED', 'EXPIRED']);
    expect(client.balance('USDT')).toEqual({ free: usdt(10_000_000), locked: 0n });
    expect(client.balance('BTC').locked).toBe(0n);
  });

  test('trails the best price from its placement on', () => {
    const order = place(client, 'STOP_LOSS_LIMIT', 'sell', { trailingDelta: 100, price: price - 100_000 });
    expect(order).toMatchObject({ trackedPrice: price, trackedAt: now });
    trade(price + 600_000);
    expect(order.trackedPrice).toBe(price + 600_000);
    trade(6_534_001);
    expect(order.workingAt).toBeNull();
    trade(6_534_000);
    expect(order.workingAt).toBe(now);
  });

  test.each<[string, VenueOrderType, Side, Partial<NewOrder>, number, string]>([
    ['that would trigger at once', 'STOP_LOSS', 'sell', { stopPrice: price }, -2010, 'Stop price would trigger'],
    ['that trails too closely', 'STOP_LOSS', 'sell', { trailingDelta: 9 }, -1013, 'TRAILING_DELTA'],
    ['that trails too far', 'STOP_LOSS', 'sell', { trailingDelta: 2_001 }, -1013, 'TRAILING_DELTA'],
    ['of too little worth', 'STOP_LOSS', 'sell', { stopPrice: price - 1, quantity: 8 }, -1013, 'NOTIONAL'],
    [
      'that the account cannot hold funds for',
      'STOP_LOSS_LIMIT',
      'buy',
      { stopPrice: price + 1, price: price + 1, quantity: 20_000_000 },
      -2010,
      'insufficient balance',
    ],
  ])('is refused when it is one %s', (_what, type, side, more, code, text) => {
    expect(exchange.place(client, wish(type, side, more), now)).toMatchObject({
      code,
      msg: expect.stringContaining(text),
    });
    expect(client.balance('BTC').locked + client.balance('USDT').locked).toBe(0n);
  });
});
