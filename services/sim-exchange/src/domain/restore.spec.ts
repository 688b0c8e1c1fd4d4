import { beforeEach, describe, expect, test } from '@jest/globals';
import { OrderBook } from '@scalpstorm/matching';
import type { Account } from './account.js';
import type { Changes } from './changes.js';
import { crowdOwner, Exchange } from './exchange.js';
import { Journal, type SavedOrder, type SavedState, StateError } from './journal.js';
import { Market } from './market.js';
import { restoreState } from './restore.js';
import { syntheticSpec } from './synthetic/default-markets.js';
import { VenueNews } from './venue-news.js';
import type { OrderChange, VenueOrder } from './venue-order.js';

/** One list for both, because it matters which came first. */
const said: string[] = [];

class Diary extends VenueNews {
  traded(): void {
    said.push('told trade');
  }
  quoteChanged(): void {}
  orderChanged(_account: Account, order: VenueOrder, change: OrderChange): void {
    said.push(`told ${change.kind} ${order.id}`);
  }
  balancesChanged(): void {
    said.push('told balances');
  }
}

class FakeJournal extends Journal {
  isFull = false;

  write({ orders, fills }: Changes): void {
    if (this.isFull) throw new StateError('SIM_STATE_WRITE_FAILED', 'no room');
    for (const order of orders) said.push(`wrote ${order.id} ${order.status}`);
    for (const fill of fills) said.push(`wrote fill of ${fill.order.id}`);
  }
}

const lot = 10n ** 11n;
const key = { apiKey: 'a', secret: 's' };
const resting = (id: number, more: Partial<SavedOrder> = {}): SavedOrder => ({
  ...{ id, accountId: 100, symbol: 'BTCUSDT', clientOrderId: `o${id}`, side: 'buy', type: 'LIMIT', timeInForce: 'GTC' },
  ...{ price: 6_000_000, quantity: 1_000, quoteQuantity: 0n, stopPrice: 0, trailingDelta: 0 },
  ...{ selfTradePrevention: 'none', createdAt: 5, updatedAt: 6, workingAt: 5, priority: id, lockPrice: 6_000_000 },
  ...{ trackedPrice: 0, trackedAt: 0, status: 'NEW', executed: 0, executedQuote: 0n },
  ...more,
});
const savedWith = (orders: readonly SavedOrder[], lockedLots: bigint): SavedState => ({
  lives: 2,
  accounts: [
    {
      id: 100,
      apiKey: 'a',
      isSecret: (secret) => secret === 's',
      balances: new Map([['USDT', { free: 10n ** 20n, locked: lockedLots * 6_000_000n * 10n ** 9n }]]),
    },
  ],
  markets: new Map([['BTCUSDT', { tickUnits: 1e6, lotUnits: 1e3, lastPrice: 6_000_000, tradeIdMax: 900 }]]),
  orders,
  fills: [],
  candlesOf: () => null,
});

let exchange: Exchange;
let market: Market;
let journal: FakeJournal;

beforeEach(() => {
  said.length = 0;
  journal = new FakeJournal();
  exchange = new Exchange(new Diary(), undefined, journal);
  market = new Market(syntheticSpec('BTC-USDT'), new OrderBook(), 900);
  exchange.addMarket(market);
});

const crowdSells = (price: number, quantity: number): void => {
  const order = { id: exchange.nextCrowdId(), owner: crowdOwner, side: 'sell', price, quantity } as const;
  exchange.placeForCrowd(market, { ...order, type: 'limit', timeInForce: 'GTC', selfTradePrevention: 'none' }, 9);
};
const restore = (saved: SavedState): void => restoreState(exchange, saved, { keys: [key], now: 10 });

describe('what an earlier life left', () => {
  test('rests again in the order in which it came into the book, which its ids need not say', () => {
    restore(savedWith([resting(7, { priority: 12 }), resting(8), resting(9)], 3_000n));
    expect(said).toEqual([]);
    crowdSells(6_000_000, 2_500);
    const status = (id: number) => exchange.account('a')?.order(id)?.status;
    expect([status(8), status(9), status(7)]).toEqual(['FILLED', 'FILLED', 'PARTIALLY_FILLED']);
  });

  test('fills as maker at its own price where the market has passed it, written before it is told', () => {
    crowdSells(5_999_000, 400);
    said.length = 0;
    restore(savedWith([resting(7)], 1_000n));
    const [order] = exchange.account('a')?.allOrders() ?? [];
    expect(order).toMatchObject({ status: 'PARTIALLY_FILLED', executed: 400, createdAt: 5, updatedAt: 10 });
    expect(order?.fills).toMatchObject([{ price: 6_000_000, quantity: 400, isMaker: true }]);
    expect(exchange.account('a')?.balance('USDT').locked).toBe(600n * 6_000_000n * 10n ** 9n);
    expect(exchange.account('a')?.balance('BTC').free).toBe(400n * lot - (400n * lot) / 1_000n);
    expect(said).toEqual([
      'wrote 7 PARTIALLY_FILLED',
      'wrote fill of 7',
      'told trade',
      'told filled 7',
      'told balances',
    ]);
  });

  test('gives higher ids to what comes after it', () => {
    restore(savedWith([resting(7, { priority: 12 })], 1_000n));
    const account = exchange.account('a');
    if (account === null) throw new Error('the account came back');
    const { accountId: _account, symbol: _symbol, ...wish } = resting(0);
    expect(exchange.place(account, { ...wish, market, clientOrderId: 'next' }, 11)).toMatchObject({ id: 13 });
    expect(market.nextTradeId()).toBe(901);
  });

  test.each<[string, SavedState, string]>([
    ['a lock that its orders do not explain', savedWith([resting(7)], 999n), 'SIM_STATE_DAMAGED'],
    ['an order of nobody', savedWith([resting(7, { accountId: 1 })], 1_000n), 'SIM_STATE_DAMAGED'],
    ['an open order of no market', savedWith([resting(7, { symbol: 'XUSDT' })], 1_000n), 'SIM_STATE_OTHER_MARKET'],
  ])('is refused with %s', (_what, saved, code) => {
    expect(() => restore(saved)).toThrow(expect.objectContaining({ code }));
  });
});

test('nobody hears of what could not be written', () => {
  restore(savedWith([resting(7)], 1_000n));
  journal.isFull = true;
  expect(() => crowdSells(6_000_000, 100)).toThrow(expect.objectContaining({ code: 'SIM_STATE_WRITE_FAILED' }));
  expect(said).toEqual([]);
});
