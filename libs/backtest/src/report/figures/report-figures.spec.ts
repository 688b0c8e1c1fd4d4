import { describe, expect, it } from '@jest/globals';
import { trade } from '../../../test/played-run.js';
import { distributionOf, roundStep } from './distribution.js';
import { deepestMax, drawdownsOf } from './drawdowns.js';
import { dayFigures, monthlyReturns } from './periods.js';
import { tradeCourseOf } from './trade-course.js';
import { groupsBy, groupsMax, tradeGroupsOf } from './trade-groups.js';

const curve = (...values: readonly number[]): Float64Array => Float64Array.from(values);

describe('drawdowns', () => {
  it('begin at a peak and end when it is reached again', () => {
    const fall = new Float64Array(6);
    const found = drawdownsOf(curve(100, 110, 99, 104.5, 110, 88), 100, fall);
    expect(found.deepest).toEqual([
      { from: 4, deepestAt: 5, until: null, depthPct: 20 },
      { from: 1, deepestAt: 2, until: 4, depthPct: 10 },
    ]);
    expect(found.longest).toMatchObject({ from: 1, until: 4 });
    expect(found.underwaterPct).toBe(50);
    expect([...fall].map((value) => Number(value.toFixed(9)) + 0)).toEqual([0, 0, -10, -5, 0, -20]);
  });

  it('count from the cash at the start, which no close need reach', () => {
    expect(drawdownsOf(curve(90, 95), 100).deepest).toEqual([{ from: 0, deepestAt: 0, until: null, depthPct: 10 }]);
  });

  it('are none where nothing fell', () => {
    expect(drawdownsOf(curve(100, 100, 101), 100)).toEqual({ deepest: [], longest: null, underwaterPct: 0 });
  });

  it('are bounded: the deepest ones are kept', () => {
    const saw = curve(...Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 100 : 100 - at)));
    const { deepest } = drawdownsOf(saw, 100);
    expect(deepest.map(({ depthPct }) => Math.round(depthPct))).toEqual([39, 37, 35, 33, 31]);
    expect(deepest).toHaveLength(deepestMax);
  });
});

describe('periods', () => {
  const at = (iso: string): number => Date.parse(iso);
  const times = curve(
    at('2021-12-31T23:59:00Z'),
    at('2022-01-01T00:00:00Z'),
    at('2022-01-31T23:59:00Z'),
    at('2022-02-01T00:00:00Z'),
  );

  it('compound to the whole: a month begins where the one before ended', () => {
    expect(monthlyReturns(times, curve(110, 121, 99, 108.9), 100)).toEqual([
      { year: 2021, month: 12, returnPct: expect.closeTo(10, 9) },
      { year: 2022, month: 1, returnPct: expect.closeTo(-10, 9) },
      { year: 2022, month: 2, returnPct: expect.closeTo(10, 9) },
    ]);
  });

  it('tell days won and lost, in UTC', () => {
    const { bestPct, worstPct, ...days } = dayFigures(times, curve(110, 110, 99, 99), 100);
    expect(days).toEqual({ days: 4, won: 1, lost: 1, wonPct: 25 });
    expect([bestPct, worstPct]).toEqual([expect.closeTo(10, 9), expect.closeTo(-10, 9)]);
  });

  it('are none without a point', () => {
    expect(monthlyReturns(curve(), curve(), 100)).toEqual([]);
    expect(dayFigures(curve(), curve(), 100)).toMatchObject({ days: 0, bestPct: null, worstPct: null });
  });
});

describe('the distribution of returns', () => {
  it.each([
    [0.3, 0.5],
    [1, 1],
    [1.1, 2],
    [70, 100],
    [0.0041, 0.005],
  ])('cuts %d up to %d', (least, step) => {
    expect(roundStep(least)).toBe(step);
  });

  it('loses no trade, has zero as an edge and opens its ends', () => {
    const returns = [-40, ...Array.from({ length: 200 }, (_, at) => (at - 100) / 50 + 0.001), 60];
    const found = distributionOf(returns);
    expect(found?.bins.reduce((sum, { trades }) => sum + trades, 0)).toBe(202);
    expect(found?.bins[0]).toMatchObject({ from: null, trades: expect.any(Number) });
    expect(found?.bins.at(-1)).toMatchObject({ to: null });
    expect(found?.bins.some(({ from }) => from === 0)).toBe(true);
    expect(found?.bins.length).toBeLessThanOrEqual(40);
    for (const { from, to, trades } of found?.bins ?? []) {
      expect(trades).toBe(
        returns.filter((value) => value >= (from ?? Number.NEGATIVE_INFINITY) && value < (to ?? Infinity)).length,
      );
    }
  });

  it.each([[[0, 0, 0]], [[1.5]], [[-2, -2]]])('survives %j', (returns) => {
    expect(distributionOf(returns)?.bins.reduce((sum, { trades }) => sum + trades, 0)).toBe(returns.length);
  });

  it('is none without a trade', () => {
    expect(distributionOf([])).toBeNull();
  });
});

describe('groups of trades', () => {
  const some = [
    trade({ net: 3, netShare: 0.03, exitReason: 'take-profit', entryTag: 'early', fees: 1 }),
    trade({ net: -1, netShare: -0.01, exitReason: 'stop', entryTag: 'early', fees: 1 }),
    trade({ net: -2, netShare: -0.02, exitReason: 'stop', fees: 1 }),
  ];

  it('add up to all of them, whatever they are grouped by', () => {
    for (const groups of Object.values(tradeGroupsOf(some))) {
      expect(groups.reduce((sum: number, { net }: { net: number }) => sum + net, 0)).toBe(0);
      expect(groups.reduce((sum: number, { trades }: { trades: number }) => sum + trades, 0)).toBe(3);
    }
  });

  it('tell figures of each', () => {
    expect(tradeGroupsOf(some).byEntryTag).toEqual([
      { name: 'early', trades: 2, wins: 1, net: 2, fees: 2, meanPct: expect.closeTo(1, 9), profitFactor: 3 },
      { name: '', trades: 1, wins: 0, net: -2, fees: 1, meanPct: -2, profitFactor: 0 },
    ]);
  });

  it('are bounded: the rest is one row', () => {
    const many = Array.from({ length: 80 }, (_, at) => trade({ entryTag: `tag ${at}`, net: 1 }));
    const groups = groupsBy(many, ({ entryTag }) => entryTag);
    expect(groups).toHaveLength(groupsMax);
    expect(groups.at(-1)).toMatchObject({ name: 'others', trades: 31, net: 31 });
  });
});

describe('the course of trades', () => {
  it('tells what costs took of the gains before them', () => {
    const some = [
      trade({ net: 8, fees: 2, closedAt: '2022-01-01T00:20:00.000Z' }),
      trade({ net: -1, fees: 2, closedAt: '2022-01-01T01:10:00.000Z', side: 'short' }),
      trade({ net: -4, fees: 1, closedAt: '2022-01-01T00:40:00.000Z' }),
    ];
    expect(tradeCourseOf(some)).toEqual({
      // Gains before fees: 10 and 1; the third lost before them, too.
      costSharePct: expect.closeTo((100 * 5) / 11, 9),
      meanGain: 8,
      meanLoss: 2.5,
      payoff: 3.2,
      gainSecondsMean: 600,
      lossSecondsMean: 2_700,
      longs: 2,
      shorts: 1,
    });
  });

  it('has no share where nothing was gained', () => {
    expect(tradeCourseOf([])).toMatchObject({ costSharePct: null, meanGain: null, payoff: null, longs: 0 });
  });
});
