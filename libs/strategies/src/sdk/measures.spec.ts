import { describe, expect, it } from '@jest/globals';
import { at, exampleInstrument } from '@scalpstorm/engine/testing';
import { second } from '@scalpstorm/kernel';
import { Price, Quantity, type Trade, TradeId } from '@scalpstorm/model';
import fc from 'fast-check';
import { atrAfter, atrValue, emptyAtr, emptyVwap, vwapAfter, vwapAt } from './measures.js';

const trade = (seconds: number, price: string, quantity = '1'): Trade => ({
  instrumentId: exampleInstrument().id,
  tradeId: TradeId.of('t'),
  price: Price.of(price),
  quantity: Quantity.of(quantity),
  aggressor: 'buy',
  occurredAt: at(seconds),
});
const format = (price: Price | null) => (price === null ? null : Price.format(price));

describe('the volume-weighted price', () => {
  const of = (...trades: Trade[]) => trades.reduce(vwapAfter, emptyVwap(12 * second));

  it('weighs by volume', () => {
    expect(format(vwapAt(of(trade(0, '100', '3'), trade(1, '104', '1')), at(1)))).toBe('101');
  });

  it('forgets what is older than its window, and is not known when all is', () => {
    const vwap = of(trade(0, '100'), trade(6, '200'));
    expect(format(vwapAt(vwap, at(11)))).toBe('150');
    expect(format(vwapAt(vwap, at(12)))).toBe('200');
    expect(format(vwapAt(vwap, at(18)))).toBeNull();
    expect(vwapAt(emptyVwap(second), at(0))).toBeNull();
  });

  it('is the plain sum over the trades of its twelve buckets, and keeps no more than those', () => {
    const anyTrade = fc.record({
      gap: fc.nat({ max: 4 }),
      price: fc.integer({ min: 1, max: 500 }),
      quantity: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(anyTrade, { minLength: 1, maxLength: 60 }), (steps) => {
        let now = 0;
        const trades = steps.map(({ gap, price, quantity }) => {
          now += gap;
          return trade(now, String(price), String(quantity));
        });
        const vwap = of(...trades);
        expect(vwap.buckets.length).toBeLessThanOrEqual(12);
        const recent = trades.filter(({ occurredAt }) => occurredAt > at(now - 12));
        const value = recent.reduce((sum, { price, quantity }) => sum + price * quantity, 0n);
        const volume = recent.reduce((sum, { quantity }) => sum + quantity, 0n);
        expect(vwapAt(vwap, at(now))).toBe(value / volume);
      }),
    );
  });
});

describe('the average true range', () => {
  const of = (...trades: Trade[]) => trades.reduce(atrAfter, emptyAtr({ period: 2, interval: 10 * second }));

  it('is not known before so many candles have closed', () => {
    const two = [trade(0, '100'), trade(10, '101'), trade(20, '102')];
    expect(atrValue(of(...two))).toBeNull();
    // Ranges of 1 and 1: each candle is one price, and the gap to the close before it counts.
    expect(format(atrValue(of(...two, trade(30, '102'))))).toBe('1');
  });

  it('moves by a part of each new range', () => {
    const trades = [
      trade(0, '100'),
      trade(10, '101'),
      trade(20, '102'),
      trade(30, '105'),
      trade(31, '99'),
      trade(40, '99'),
    ];
    // (1 × 1 + 6) ÷ 2
    expect(format(atrValue(of(...trades)))).toBe('3.5');
  });

  it('takes an interval without a trade for none', () => {
    const trades = [trade(0, '100'), trade(10, '101'), trade(20, '102'), trade(900, '102')];
    expect(format(atrValue(of(...trades)))).toBe('1');
  });
});
