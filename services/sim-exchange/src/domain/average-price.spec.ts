import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AveragePrice, averageMinutes } from './average-price.js';

const windowMs = averageMinutes * 60_000;
const start = 1_800_000_000_000;
const trade = (price: number, quantity: number, time: number) => ({ price, quantity, time });

describe('the average price', () => {
  test('is not known before anything traded', () => {
    expect(new AveragePrice().at(start, 1n)).toBeNull();
  });

  test('weighs each trade by its quantity, and is cut to the scale that is asked for', () => {
    const average = new AveragePrice();
    average.add(trade(100, 3, start));
    average.add(trade(107, 1, start + 1_500));
    expect(average.at(start + 2_000, 100n)).toBe(10_175n);
    expect(average.at(start + 2_000, 1n)).toBe(101n);
  });

  test('forgets a trade after its minutes, and knows nothing when the last is forgotten', () => {
    const average = new AveragePrice();
    average.add(trade(100, 1, start));
    average.add(trade(200, 1, start + 60_000));
    expect(average.at(start + windowMs - 1, 1n)).toBe(150n);
    expect(average.at(start + windowMs, 1n)).toBe(200n);
    expect(average.at(start + windowMs + 60_000, 1n)).toBeNull();
  });

  test('stays exact where the sums are beyond what a number can count', () => {
    const average = new AveragePrice();
    const lots = 2 ** 52;
    for (let second = 0; second < 10; second += 1) average.add(trade(2, lots + second, start + second * 1_000));
    average.add(trade(1, 1, start + 10_000));
    const all = 10n * BigInt(lots) + 45n;
    expect(average.at(start + 10_000, all + 1n)).toBe(2n * all + 1n);
  });

  test('takes a clock that is a little behind as the present, and begins anew after one that was put back far', () => {
    const average = new AveragePrice();
    average.add(trade(100, 1, start));
    average.add(trade(200, 1, start - 60_000));
    expect(average.at(start, 1n)).toBe(150n);
    average.add(trade(300, 1, start - 2 * windowMs));
    expect(average.at(start - 2 * windowMs, 1n)).toBe(300n);
  });

  test('is what a plain sum over the same seconds gives', () => {
    const one = fc.record({
      price: fc.integer({ min: 1, max: 1_000 }),
      quantity: fc.integer({ min: 1, max: 1_000 }),
      pause: fc.integer({ min: 0, max: 200_000 }),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 40 }), (steps) => {
        const average = new AveragePrice();
        const trades: ReturnType<typeof trade>[] = [];
        let time = start;
        for (const { price, quantity, pause } of steps) {
          time += pause;
          trades.push(trade(price, quantity, time));
          average.add(trade(price, quantity, time));
          const from = Math.floor(time / 1_000) * 1_000 - windowMs + 1_000;
          const inside = trades.filter((past) => past.time >= from);
          const lots = inside.reduce((sum, past) => sum + past.quantity, 0);
          const quote = inside.reduce((sum, past) => sum + past.price * past.quantity, 0);
          expect(average.at(time, 1n)).toBe(BigInt(Math.floor(quote / lots)));
        }
      }),
    );
  });
});
