import { describe, expect, test } from '@jest/globals';
import { type MatchingBook, OrderBook } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import fc from 'fast-check';
import type { Account } from './account.js';
import type { Amount } from './amounts.js';
import { Exchange } from './exchange.js';
import type { Fees } from './fees.js';
import { Market } from './market.js';
import { baseAmount, quoteAmount } from './market-spec.js';
import { syntheticSpec } from './synthetic/default-markets.js';
import { VenueNews } from './venue-news.js';
import { isOpen, type NewOrder, type OrderChange, type VenueOrder } from './venue-order.js';

class Diary extends VenueNews {
  readonly changes: [string, OrderChange['kind']][] = [];
  traded(): void {}
  quoteChanged(): void {}
  orderChanged(_account: Account, order: VenueOrder, change: OrderChange): void {
    this.changes.push([order.clientOrderId, change.kind]);
  }
  balancesChanged(): void {}
}

const usdt = (text: number): Amount => BigInt(Math.round(text * 100)) * 10n ** 14n;
const btc = (lots: number): Amount => BigInt(lots) * 10n ** 11n;

function venue(book: MatchingBook = new OrderBook(), fees?: Fees) {
  const diary = new Diary();
  const exchange = new Exchange(diary, fees);
  const market = new Market(syntheticSpec('BTC-USDT'), book);
  exchange.addMarket(market);
  const accounts = ['a', 'b'].map((apiKey) => {
    const account = exchange.openAccount({ apiKey, secret: 's' });
    account.deposit('BTC', btc(10_000_000));
    account.deposit('USDT', usdt(10_000_000));
    return account;
  }) as [Account, Account];
  let ids = 0;
  const wish = (side: Side, price: number, quantity: number, more: Partial<NewOrder> = {}): NewOrder => {
    ids += 1;
    return {
      market,
      clientOrderId: `o${ids}`,
      side,
      type: 'LIMIT',
      timeInForce: 'GTC',
      price,
      quantity,
      quoteQuantity: 0n,
      stopPrice: 0,
      trailingDelta: 0,
      selfTradePrevention: 'expire-maker',
      ...more,
    };
  };
  return { exchange, market, accounts, diary, wish };
}

const placed = (result: object): VenueOrder => {
  if (!('fills' in result)) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result as VenueOrder;
};

describe('the exchange', () => {
  test('locks price × quantity of a resting order to the last decimal and gives it back on cancel', () => {
    const { exchange, accounts, wish } = venue();
    const [account] = accounts;
    const order = placed(exchange.place(account, wish('buy', 6_000_001, 12_345), 1));
    expect(account.balance('USDT').locked).toBe(60_000_01n * 12_345n * 10n ** 9n);
    exchange.cancel(account, order, { cancelId: 'c', now: 2 });
    expect(account.balance('USDT')).toEqual({ free: usdt(10_000_000), locked: 0n });
  });

  test('frees what a better price saved, and takes 0.1 % of what each side receives, cut to 8 decimals', () => {
    const { exchange, accounts, wish } = venue();
    const [buyer, seller] = accounts;
    exchange.place(seller, wish('sell', 6_000_000, 1_001), 1);
    const order = placed(exchange.place(buyer, wish('buy', 6_100_000, 1_001), 2));
    expect(order.status).toBe('FILLED');
    expect(buyer.balance('USDT')).toEqual({ free: usdt(10_000_000) - usdt(600.6), locked: 0n });
    // 0.01001 BTC less 0.00001001; 600.60 USDT less 0.6006.
    expect(buyer.balance('BTC').free).toBe(btc(10_000_000) + 1_001n * 10n ** 11n - 1_001n * 10n ** 8n);
    expect(seller.balance('USDT').free).toBe(usdt(10_000_000) + usdt(600.6) - 6_006n * 10n ** 12n);
  });

  test('takes from the maker and from the taker what each of them owes', () => {
    const { exchange, accounts, wish } = venue(new OrderBook(), { maker: 10_000n, taker: 20_000n, asset: null });
    const [buyer, seller] = accounts;
    exchange.place(seller, wish('sell', 6_000_000, 1_000), 1);
    exchange.place(buyer, wish('buy', 6_000_000, 1_000), 2);
    // 600 USDT less 0.06; 0.01 BTC less 0.000002.
    expect(seller.balance('USDT').free).toBe(usdt(10_000_000) + usdt(600 - 0.06));
    expect(buyer.balance('BTC').free).toBe(btc(10_000_000) + btc(1_000) - 2n * 10n ** 10n);
  });

  test('tells the taker first, then the maker, each change once and in order', () => {
    const { exchange, accounts, diary, wish } = venue();
    exchange.place(accounts[0], wish('sell', 6_000_000, 1_000), 1);
    exchange.place(accounts[1], wish('buy', 6_000_000, 1_500, { timeInForce: 'IOC' }), 2);
    expect(diary.changes).toEqual([
      ['o1', 'accepted'],
      ['o2', 'accepted'],
      ['o2', 'filled'],
      ['o1', 'filled'],
      ['o2', 'expired'],
    ]);
  });

  test('expires the own resting order that the next one meets, and frees its funds', () => {
    const { exchange, accounts, wish } = venue();
    const [account] = accounts;
    const resting = placed(exchange.place(account, wish('sell', 6_000_000, 1_000), 1));
    const taking = placed(exchange.place(account, wish('buy', 6_000_000, 1_000), 2));
    expect([resting.status, taking.status]).toEqual(['EXPIRED_IN_MATCH', 'NEW']);
    expect(account.balance('BTC').locked).toBe(0n);
  });

  test('fills an order by quote amount with whole lots and never beyond the amount', () => {
    const { exchange, accounts, wish } = venue();
    exchange.place(accounts[1], wish('sell', 6_000_000, 10), 1);
    exchange.place(accounts[1], wish('sell', 6_500_000, 10_000), 1);
    const order = placed(
      exchange.place(accounts[0], wish('buy', 0, 0, { type: 'MARKET', quoteQuantity: usdt(10) }), 2),
    );
    expect(order).toMatchObject({ status: 'FILLED', executed: 16, executedQuote: usdt(9.9) });
  });

  test('refuses the order that the account cannot pay, to the last lot', () => {
    const { exchange, accounts, wish } = venue();
    const [account] = accounts;
    expect(exchange.place(account, wish('sell', 6_000_000, 10_000_001), 1)).toMatchObject({ code: -2010 });
    expect(placed(exchange.place(account, wish('sell', 6_000_000, 10_000_000), 1)).status).toBe('NEW');
    expect(exchange.place(account, wish('sell', 6_000_000, 10), 1)).toMatchObject({ code: -2010 });
  });

  test('whatever two accounts do, nothing is created or lost, and what is locked is what rests', () => {
    const step = fc.record({
      account: fc.constantFrom(0 as const, 1 as const),
      side: fc.constantFrom<Side>('buy', 'sell'),
      price: fc.integer({ min: 5_999_990, max: 6_000_010 }),
      quantity: fc.integer({ min: 10, max: 3_000_000 }),
      kind: fc.constantFrom('GTC', 'GTC', 'IOC', 'FOK', 'LIMIT_MAKER', 'MARKET', 'QUOTE', 'CANCEL'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const { exchange, market, accounts, wish } = venue();
        for (const { account, side, price, quantity, kind } of steps) {
          const who = accounts[account];
          const [open] = who.open.values();
          if (kind === 'CANCEL' && open !== undefined) exchange.cancel(who, open, { cancelId: 'c', now: 1 });
          else if (kind === 'MARKET') exchange.place(who, wish(side, 0, quantity, { type: 'MARKET' }), 1);
          else if (kind === 'QUOTE')
            exchange.place(who, wish(side, 0, 0, { type: 'MARKET', quoteQuantity: usdt(quantity / 10) }), 1);
          else if (kind === 'LIMIT_MAKER') exchange.place(who, wish(side, price, quantity, { type: 'LIMIT_MAKER' }), 1);
          else if (kind !== 'CANCEL') exchange.place(who, wish(side, price, quantity, { timeInForce: kind }), 1);
        }
        for (const asset of ['BTC', 'USDT']) {
          const held = accounts.reduce((sum, who) => sum + who.balance(asset).free + who.balance(asset).locked, 0n);
          const paid = accounts
            .flatMap((who) => who.fills.all())
            .reduce((sum, fill) => sum + (fill.commissionAsset === asset ? fill.commission : 0n), 0n);
          expect(held + paid).toBe(2n * (asset === 'BTC' ? btc(10_000_000) : usdt(10_000_000)));
        }
        for (const who of accounts) {
          const resting = [...who.open.values()];
          expect(resting.every(isOpen)).toBe(true);
          const sum = (side: Side, of: (order: VenueOrder) => Amount): Amount =>
            resting.filter((order) => order.side === side).reduce((total, order) => total + of(order), 0n);
          const left = (order: VenueOrder): number => order.quantity - order.executed;
          expect(who.balance('USDT').locked).toBe(
            sum('buy', (order) => quoteAmount(market.spec, order.price, left(order))),
          );
          expect(who.balance('BTC').locked).toBe(sum('sell', (order) => baseAmount(market.spec, left(order))));
        }
      }),
      { numRuns: 300 },
    );
  });
});
