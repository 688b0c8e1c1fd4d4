import { describe, expect, test } from '@jest/globals';
import { OrderBook } from '@scalpstorm/matching';
import type { Account } from '../account.js';
import { Exchange } from '../exchange.js';
import { Market, type PublicTrade } from '../market.js';
import { VenueNews } from '../venue-news.js';
import { isOpen, type NewOrder, type VenueOrder } from '../venue-order.js';
import { Crowd } from './crowd.js';
import { syntheticSpec } from './default-markets.js';

class Tape extends VenueNews {
  readonly trades: PublicTrade[] = [];
  traded(_market: Market, trade: PublicTrade): void {
    this.trades.push(trade);
  }
  quoteChanged(): void {}
  orderChanged(): void {}
  balancesChanged(): void {}
}

const warmUp = 300;

function crowdOf(seed: number, symbol = 'BTC-USDT') {
  const tape = new Tape();
  const exchange = new Exchange(tape);
  const market = new Market(syntheticSpec(symbol), new OrderBook());
  exchange.addMarket(market);
  const crowd = new Crowd(exchange, market, seed);
  let time = 0;
  const step = (): void => {
    time += 100;
    crowd.step(time);
  };
  for (let index = 0; index < warmUp; index += 1) step();
  return { tape, exchange, market, crowd, step, now: () => time };
}

describe('the synthetic market', () => {
  test('is the same for the same seed and another for another', () => {
    const trades = (seed: number): string => {
      const { tape, step } = crowdOf(seed);
      for (let index = 0; index < 500; index += 1) step();
      return JSON.stringify(tape.trades);
    };
    expect(trades(7)).toBe(trades(7));
    expect(trades(7)).not.toBe(trades(8));
  });

  test.each([1, 2, 3])(
    'always has 20 levels a side, a spread of 1 to 3 ticks, a trade every two seconds and depth every second (seed %i)',
    (seed) => {
      const { tape, market, step } = crowdOf(seed);
      for (let index = 0; index < 3_000; index += 1) {
        const before = { trades: tape.trades.length, updates: market.book.updateId };
        for (let tenth = 0; tenth < 20; tenth += 1) {
          step();
          const [bid, ask] = [Number(market.book.best('buy')), Number(market.book.best('sell'))];
          // A taker may have eaten into the ladder in this step; the next one mends it.
          expect(ask - bid).toBeGreaterThanOrEqual(1);
          expect(ask - bid).toBeLessThanOrEqual(3 + 8);
          if (tenth === 9) expect(market.book.updateId).toBeGreaterThan(before.updates);
        }
        expect(tape.trades.length).toBeGreaterThan(before.trades);
        expect(market.book.depth('buy', 20)).toHaveLength(20);
        expect(market.book.depth('sell', 20)).toHaveLength(20);
        index += 19;
      }
    },
  );

  test.each(['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'XYZ-USDT'])(
    'moves %s by a few basis points in ten seconds and by less than one per cent in a minute',
    (symbol) => {
      const { market, step } = crowdOf(4, symbol);
      const rangeBps = (steps: number): number => {
        const mids = Array.from({ length: steps }, () => {
          step();
          return (Number(market.book.best('buy')) + Number(market.book.best('sell'))) / 2;
        });
        return ((Math.max(...mids) - Math.min(...mids)) / Number(mids[0])) * 10_000;
      };
      const tens = Array.from({ length: 30 }, () => rangeBps(100)).sort((left, right) => left - right);
      expect(tens[15]).toBeGreaterThan(3);
      expect(tens[15]).toBeLessThan(30);
      expect(rangeBps(600)).toBeGreaterThan(5);
      expect(rangeBps(600)).toBeLessThan(100);
    },
  );

  test.each([
    { entryBps: 1.5, exitBps: 2.8 },
    { entryBps: 3, exitBps: 3.8 },
  ])('lets a bot with an entry of $entryBps bps and an exit of $exitBps bps complete its cycles soon', (offsets) => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
      .map((seed) => secondsForThreeCycles(seed, offsets))
      .sort((left, right) => left - right);
    expect(seconds[5]).toBeLessThan(60);
    expect(seconds[9]).toBeLessThan(240);
  });
});

/** Market time that a scalping bot needs, its orders small beside the crowd's. */
function secondsForThreeCycles(
  seed: number,
  { entryBps, exitBps }: { readonly entryBps: number; readonly exitBps: number },
): number {
  const { exchange, market, step, now } = crowdOf(seed);
  const account = exchange.openAccount({ apiKey: 'bot', secret: 's' });
  account.deposit('BTC', 10n ** 18n);
  account.deposit('USDT', 10n ** 22n);
  const start = now();
  for (let cycle = 0; cycle < 3; cycle += 1) {
    const price = Math.floor(Number(market.book.best('buy')) * (1 - entryBps / 10_000));
    for (const [side, at] of [
      ['buy', price],
      ['sell', Math.ceil(price * (1 + exitBps / 10_000))],
    ] as const) {
      const order = placeLimit(exchange, account, { market, side, price: at });
      while (isOpen(order) && now() - start < 600_000) step();
    }
  }
  return (now() - start) / 1_000;
}

function placeLimit(exchange: Exchange, account: Account, at: Pick<NewOrder, 'market' | 'side' | 'price'>): VenueOrder {
  const wish = {
    clientOrderId: `bot${account.allOrders().length}`,
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: 100,
    quoteQuantity: 0n,
    stopPrice: 0,
    trailingDelta: 0,
    selfTradePrevention: 'none',
  } as const;
  const order = exchange.place(account, { ...wish, ...at }, 0);
  if ('code' in order) throw new Error(order.msg);
  return order;
}
