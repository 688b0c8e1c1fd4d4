import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Market, markets } from '../test/series.js';
import { atr, orderFlowImbalance, sessionVwap, stochRsi, supertrend } from './index.js';

// What TA-Lib does not have: worked out by hand, and as their formulas stand in the sources.

describe('Supertrend', () => {
  it('goes up after a close above the upper band, and its lower band only rises until a close is below', () => {
    // Every bar reaches 1 up and 1 down and every gap is within it, so the ATR is always 2.
    const close = Float64Array.from([10, 10, 10, 10.9, 11.8, 12.7, 13.6, 13, 12.2, 11.4, 10.5, 9.6]);
    const high = close.map((value) => value + 1);
    const low = close.map((value) => value - 1);
    const { supertrend: band, direction } = supertrend.batch({ high, low, close }, { period: 1, multiplier: 1 });
    expect([...direction]).toEqual([Number.NaN, -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1]);
    const wanted = [Number.NaN, 12, 12, 12, 12, 10.7, 11.6, 11.6, 11.6, 13.4, 12.5, 11.6];
    expect(Array.from(band, (value) => Math.round(value * 1e9) / 1e9)).toEqual(wanted);
  });

  it('is what its formula says of any market', () => {
    fc.assert(
      fc.property(markets(200), fc.integer({ min: 1, max: 12 }), (market, period) => {
        const given = { period, multiplier: 1.5 };
        const ours = supertrend.batch(market, given);
        for (const [row, { band, up }] of plainSupertrend(market, given).entries()) {
          expect([row, ours.supertrend[row]]).toEqual([row, band]);
          expect([row, ours.direction[row]]).toEqual([row, up ? 1 : -1]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Row by row with every band kept, as TradingView's manual has it; sparse before the first row with an ATR. */
function plainSupertrend({ high, low, close }: Market, { period, multiplier }: { period: number; multiplier: number }) {
  const ranges = atr.batch({ high, low, close }, { period }).atr;
  const rows: { upper: number; lower: number; up: boolean; band: number }[] = [];
  const at = (series: Float64Array, row: number): number => series[row] ?? Number.NaN;
  for (let row = period; row < close.length; row += 1) {
    const middle = (at(high, row) + at(low, row)) / 2;
    let upper = middle + multiplier * at(ranges, row);
    let lower = middle - multiplier * at(ranges, row);
    const before = rows[row - 1];
    let up = false;
    if (before !== undefined) {
      if (upper >= before.upper && at(close, row - 1) <= before.upper) upper = before.upper;
      if (lower <= before.lower && at(close, row - 1) >= before.lower) lower = before.lower;
    }
    if (before?.band === before?.upper && before?.up !== true) up = at(close, row) > upper;
    else up = at(close, row) >= lower;
    rows[row] = { upper, lower, up, band: up ? lower : upper };
  }
  return new Map(Object.entries(rows).map(([row, value]) => [Number(row), value]));
}

describe('order-flow imbalance', () => {
  it('counts what comes to and goes from the best prices', () => {
    const quotes = [
      { bid: 100, bidQuantity: 5, ask: 101, askQuantity: 4 },
      // Two more to buy: +2.
      { bid: 100, bidQuantity: 7, ask: 101, askQuantity: 4 },
      // A better bid with 3: +3. The ask lost one: +1.
      { bid: 100.5, bidQuantity: 3, ask: 101, askQuantity: 3 },
      // The bid fell back, its 3 are gone: −3. A better ask with 6: −6.
      { bid: 100, bidQuantity: 9, ask: 100.8, askQuantity: 6 },
      // The ask went away with its 6: +6.
      { bid: 100, bidQuantity: 9, ask: 101, askQuantity: 2 },
    ];
    const stream = orderFlowImbalance.start({ period: 2 });
    const told = quotes.map(({ bid, bidQuantity, ask, askQuantity }) => {
      stream.update(bid, bidQuantity, ask, askQuantity);
      return [...stream.outputs];
    });
    const none = [Number.NaN, Number.NaN];
    expect(told).toEqual([none, none, [6, 1], [4 - 9, (4 - 9) / 13], [6 - 9, (6 - 9) / 15]]);
  });
});

describe('the volume-weighted price of a session', () => {
  it('begins anew where the session changes', () => {
    const price = Float64Array.from([3, 6, 30, 60]);
    const volume = Float64Array.from([1, 2, 0, 5]);
    const session = Float64Array.from([1, 1, 2, 2]);
    const bars = { high: price, low: price, close: price, volume, session };
    expect([...sessionVwap.batch(bars).vwap]).toEqual([3, 5, 30, 60]);
  });
});

describe('the stochastic RSI', () => {
  it('is halfway while the close stands still, whatever the last digits of the RSI do', () => {
    const close = Float64Array.from({ length: 120 }, (_, row) => (row < 40 ? 100 + Math.sin(row) : 100));
    const { k } = stochRsi.batch({ close }, { rsiPeriod: 14, period: 14, smoothing: 1, signalPeriod: 1 });
    expect(new Set(k.subarray(60))).toEqual(new Set([50]));
  });
});
