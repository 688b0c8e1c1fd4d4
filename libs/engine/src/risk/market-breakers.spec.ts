import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { InstrumentId, Price, VenueId } from '@scalpstorm/model';
import fc from 'fast-check';
import { at } from '../testing.js';
import { countEquity, drawdownBps, type EquityCount, fromHere } from './equity.js';
import { isFailing, slippageBps } from './order-quality.js';
import { moveBps, type PriceWindow, withPrice } from './price-window.js';
import { staleFeeds } from './stale-feeds.js';

describe('the move of a price', () => {
  const span = 10 * second;
  const follow = (ticks: readonly (readonly [seconds: number, price: string])[]): PriceWindow =>
    ticks.reduce<PriceWindow>((window, [time, price]) => withPrice(window, Price.of(price), at(time), span), []);

  it('is that between the lowest and the highest of the window, whichever came first', () => {
    expect(moveBps([])).toBe(0);
    expect(moveBps(follow([[0, '100']]))).toBe(0);
    expect(moveBps(follow([...[[0, '100'] as const, [3, '101'] as const, [6, '99'] as const]]))).toBe(202);
    expect(moveBps(follow([[0, '101'] as const, [9, '100'] as const]))).toBe(100);
  });

  it('forgets what is older than the window and a tenth', () => {
    expect(moveBps(follow([[0, '100'] as const, [10, '101'] as const]))).toBe(100);
    expect(moveBps(follow([[0, '100'] as const, [11, '101'] as const]))).toBe(0);
  });

  it('misses no move within the window, tells none of more than that and a tenth, and stays small', () => {
    const tick = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 9_000, max: 11_000 }));
    fc.assert(
      fc.property(fc.array(tick, { minLength: 1, maxLength: 60 }), (steps) => {
        let time = 0;
        const ticks = steps.map(([wait, price]) => {
          time += wait;
          return { time: at(time / 100), price: Price.of(String(price)) };
        });
        const window = ticks.reduce<PriceWindow>((all, tick) => withPrice(all, tick.price, tick.time, span), []);
        const now = ticks.at(-1)?.time ?? at(0);
        const within = (age: number) =>
          moveBps(
            ticks
              .filter((tick) => tick.time > now - age)
              .map(({ time: begin, price }) => ({ begin, low: price, high: price })),
          );
        expect(moveBps(window)).toBeGreaterThanOrEqual(within(span));
        expect(moveBps(window)).toBeLessThanOrEqual(within(span + span / 10 + 1));
        expect(window.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('of a price that changes no extreme costs nothing', () => {
    const window = follow([[0, '100'] as const, [0.1, '102'] as const]);
    expect(withPrice(window, Price.of('101'), at(0.2), span)).toBe(window);
  });
});

describe('feeds that are silent', () => {
  const [sim, moon] = [VenueId.of('sim'), VenueId.of('moon')];
  const feed = (venue: VenueId, symbol: string, seconds: number) => ({
    instrumentId: InstrumentId.of(venue, symbol),
    venue,
    knownUntil: at(seconds),
  });

  it('are those of instruments, and of a venue of which nothing lives', () => {
    const feeds = [
      feed(sim, 'BTC-USDT', 0),
      feed(sim, 'ETH-USDT', 9),
      feed(moon, 'BTC-USDT', 0),
      feed(moon, 'ETH-USDT', 1),
    ];
    expect(staleFeeds(feeds, at(5), 5 * second)).toEqual({ venues: [], instruments: [] });
    expect(staleFeeds(feeds, at(10), 5 * second)).toEqual({ venues: [moon], instruments: ['sim:BTC-USDT'] });
  });

  it('of the only instrument that is heard of are its own', () => {
    expect(staleFeeds([feed(sim, 'BTC-USDT', 0)], at(10), second)).toEqual({
      venues: [],
      instruments: ['sim:BTC-USDT'],
    });
  });
});

describe('the drawdown of an equity', () => {
  const count = (...counts: readonly Readonly<Record<string, bigint>>[]): EquityCount =>
    counts.reduce<EquityCount | null>((before, values) => countEquity(before, new Map(Object.entries(values))), null) ??
    countEquity(null, new Map());

  it('is from the highest that it ever was, the first count with it', () => {
    expect(drawdownBps(count({ USDT: 1000n }))).toBe(0);
    expect(drawdownBps(count({ USDT: 1000n }, { USDT: 900n }))).toBe(1_000);
    expect(drawdownBps(count({ USDT: 1000n }, { USDT: 2000n }, { USDT: 1500n }))).toBe(2_500);
    expect(drawdownBps(count({ USDT: 0n }))).toBe(0);
  });

  it('is none because a price was lost or found', () => {
    expect(drawdownBps(count({ USDT: 500n, BTC: 500n }, { USDT: 500n }))).toBe(0);
    expect(drawdownBps(count({ USDT: 500n }, { USDT: 500n, BTC: 500n }))).toBe(0);
    expect(drawdownBps(count({ USDT: 500n, BTC: 500n }, { USDT: 500n }, { USDT: 500n, BTC: 400n }))).toBe(0);
    const [worst] = [count({ USDT: 1000n, BTC: 500n }, { USDT: 900n, BTC: 500n }, { USDT: 900n })];
    expect(worst.peak - worst.equity).toBe(100n);
  });

  it('begins anew where it is told to', () => {
    const tripped = fromHere(count({ USDT: 1000n }, { USDT: 500n }));
    expect(drawdownBps(tripped)).toBe(0);
    expect(drawdownBps(countEquity(tripped, new Map([['USDT', 400n]])))).toBe(2_000);
  });

  it('is what a sheet of paper says, whatever comes and goes between', () => {
    const value = fc.integer({ min: 1, max: 1_000 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, fc.option(value, { nil: null })), { minLength: 1, maxLength: 20 }),
        (steps) => {
          // What is seldom priced never moves while it is priced: all that moves is the cash.
          const counts = steps.map(([cash, other]) => ({ USDT: BigInt(cash), ...(other === null ? {} : { BTC: 7n }) }));
          const result = count(...counts);
          const paper = steps.map(([cash]) => cash);
          expect(result.peak - result.equity).toBe(BigInt(Math.max(...paper) - (paper.at(-1) ?? 0)));
        },
      ),
    );
  });
});

describe('how orders are treated', () => {
  it('a fill slips by how much worse it was than the reference', () => {
    const reference = Price.of('100');
    expect(slippageBps('buy', reference, Price.of('100.1'))).toBe(10);
    expect(slippageBps('sell', reference, Price.of('100.1'))).toBe(-10);
    expect(slippageBps('sell', reference, Price.of('99.9875'))).toBe(1.25);
    expect(slippageBps('buy', Price.zero, reference)).toBe(0);
  });

  it('more than the percentage fail, of enough orders', () => {
    const limits = { percentMax: 50, ordersMin: 10 };
    expect(isFailing({ orders: 9, failed: 9 }, limits)).toBe(false);
    expect(isFailing({ orders: 10, failed: 5 }, limits)).toBe(false);
    expect(isFailing({ orders: 10, failed: 6 }, limits)).toBe(true);
  });
});
