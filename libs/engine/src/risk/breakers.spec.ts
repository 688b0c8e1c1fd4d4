import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type CycleExit, Money } from '@scalpstorm/model';
import fc from 'fast-check';
import { type BreakerLimits, type CycleResult, tripsBy } from './breakers.js';

const midnight = Timestamp.fromMillis(Date.UTC(2026, 10, 21));
const hour = 3_600 * second;
const at = (hours: number) => Timestamp.plus(midnight, hours * hour);
const result = (net: string, hours: number, exit: CycleExit = 'target', currency = 'USDT'): CycleResult => ({
  net: Money.of(net, currency),
  exit,
  completedAt: at(hours),
});
const off: BreakerLimits = {
  dailyLossMax: null,
  lossesInARowMax: null,
  cyclesPerDayMax: null,
  stopLossesPerHourMax: null,
  restAfterLoss: null,
};
const trips = (limits: Partial<BreakerLimits>, ...results: readonly CycleResult[]) =>
  tripsBy(results, { limits: { ...off, ...limits }, coolDown: 2 * hour, state: 'halted' });

describe('a circuit breaker', () => {
  it('is off unless it has a limit', () => {
    expect(trips({}, result('-1000000', 1, 'stop-loss'))).toEqual([]);
    expect(tripsBy([], { limits: { ...off, cyclesPerDayMax: 1 }, coolDown: hour, state: 'halted' })).toEqual([]);
  });

  it('for the daily loss trips at the limit, until the day is over, by what was earned since midnight', () => {
    const limits = { dailyLossMax: Money.of('10', 'USDT') };
    expect(trips(limits, result('-6', 1), result('-3.999999999999999999', 2))).toEqual([]);
    expect(trips(limits, result('-6', 1), result('5', 2), result('-9', 3))).toEqual([
      {
        breaker: 'daily-loss',
        state: 'halted',
        until: at(24),
        limit: '10',
        value: '10',
        text: 'Daily loss: 10 USDT lost today, at most 10',
      },
    ]);
    // Of yesterday, and in money that has another worth.
    expect(trips(limits, result('-9', -1), result('-9', 1))).toEqual([]);
    expect(trips(limits, result('-9', 1, 'target', 'EUR'), result('-9', 2))).toEqual([]);
    // Who has won does not trip it, whatever was lost before.
    expect(trips(limits, result('-20', 1), result('1', 2))).toEqual([]);
  });

  it('for losses in a row counts from the last win on, and over midnight', () => {
    const limits = { lossesInARowMax: 3 };
    expect(trips(limits, result('-1', -2), result('-1', -1), result('0', 0), result('-1', 1))).toEqual([]);
    expect(trips(limits, result('1', -2), result('-1', -1), result('-1', 0), result('-1', 1))).toMatchObject([
      { breaker: 'losses-in-a-row', limit: '3', value: '3', until: at(3) },
    ]);
  });

  it('for cycles per day counts wins, too, and only those of the day', () => {
    const limits = { cyclesPerDayMax: 2 };
    expect(trips(limits, result('1', -1), result('1', 1))).toEqual([]);
    expect(trips(limits, result('1', 0), result('1', 1))).toMatchObject([{ breaker: 'cycles-per-day', until: at(24) }]);
  });

  it('for stop-losses counts those of the last hour, and is tripped by one only', () => {
    const limits = { stopLossesPerHourMax: 2 };
    expect(trips(limits, result('-1', 1, 'stop-loss'), result('-1', 2, 'stop-loss'))).toEqual([]);
    expect(trips(limits, result('-1', 1.5, 'stop-loss'), result('-1', 2, 'stop-loss'))).toMatchObject([
      { breaker: 'stop-losses', until: at(4), value: '2' },
    ]);
    expect(trips(limits, result('-1', 1.5, 'stop-loss'), result('-1', 1.6, 'stop-loss'), result('-1', 2))).toEqual([]);
  });

  it('for a rest after a loss trips by each, and the one that stays longest is the first', () => {
    const limits = { restAfterLoss: 60 * second, cyclesPerDayMax: 1 };
    expect(trips(limits, result('-1', 1)).map(({ breaker }) => breaker)).toEqual(['cycles-per-day', 'rest-after-loss']);
    expect(trips({ restAfterLoss: 60 * second }, result('1', 1))).toEqual([]);
  });

  it('for a low profit sums a look-back, when there are enough cycles in it, and whoever won last is no exception', () => {
    const limits = { lowProfit: { floor: Money.of('-2', 'USDT'), cyclesMin: 3, within: 24 * hour } };
    expect(trips(limits, result('-9', 1), result('1', 2))).toEqual([]);
    expect(trips(limits, result('-9', -30), result('-1', 1), result('-1', 2))).toEqual([]);
    expect(trips(limits, result('-9', 1, 'target', 'EUR'), result('-9', 1), result('1', 2))).toEqual([]);
    expect(trips(limits, result('-2', 1), result('-1', 2), result('1', 3))).toEqual([]);
    expect(trips(limits, result('-3', 1), result('-1', 2), result('1', 3))).toMatchObject([
      {
        ...{ breaker: 'low-profit', until: at(5), limit: '-2', value: '-3' },
        text: 'Low profit: -3 USDT in 3 cycles within 24 h, at least -2',
      },
    ]);
  });

  it('trips by a loss no later when more was lost before', () => {
    const amount = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 100 }),
        (nets, limit) => {
          const results = nets.map((net, index) => result(String(net), index));
          const tripped = trips({ dailyLossMax: Money.of(String(limit), 'USDT') }, ...results).length > 0;
          const sum = nets.reduce((all, net) => all + net, 0);
          expect(tripped).toBe((nets.at(-1) ?? 0) < 0 && -sum >= limit);
        },
      ),
    );
  });
});
