import { describe, expect, it } from '@jest/globals';
import { seededRng, unwrap } from '@scalpstorm/kernel';
import type { BarColumns } from '@scalpstorm/strategies';
import type { CandleRow } from '../data/market-row.js';
import { Scale } from '../data/scale.js';
import { windowOf, windowPlace } from '../report/candle-window.js';
import type { ReportTrade } from '../report/run-record.js';
import { laneInstrument } from './lane-instrument.js';
import { chartBarsMax, MarketChart } from './market-chart.js';
import { candles, minute, newYear, planOf, play, source, trades } from './scene.js';

const instrument = unwrap(laneInstrument({ symbol: 'BTC-USDT', tick: '0.01', step: '0.5', notionalMin: '5' }));
const start = newYear * 1e6;
const chartOf = (madeOf: 'bars' | 'trades') => new MarketChart(new Scale(instrument), madeOf, minute);

const candle = (at: number, length = minute): CandleRow => ({
  ...{ kind: 'candle', stage: 3, openedAt: start + at * minute, length },
  ...{ open: 100 + at, high: 103 + at, low: 99 + at, close: 101 + at, volume: 4 },
});

const exitIn = (bar: number): ReportTrade =>
  ({ closedAt: new Date((start + (bar + 0.5) * minute) / 1_000).toISOString() }) as ReportTrade;

describe('the bars around the newest round trip', () => {
  it.each([
    ['many exits', 60],
    ['few', 5],
    ['one', 1],
    ['none', 0],
  ])('are those that all bars together would give, with %s', (_, exits) => {
    const rng = seededRng(exits);
    for (let length = 1; length <= 1_601; length += 80) {
      const over = new Set(Array.from({ length: exits }, () => rng.below(length)));
      const [chart, whole] = [chartOf('bars'), [] as CandleRow[]];
      for (let at = 0; at < length; at += 1) {
        if (over.has(at)) chart.tripIsOver();
        chart.hear(candle(at), 0);
        whole.push(candle(at));
      }
      const newest = [...over].sort((left, right) => left - right).map(exitIn);
      const shown = (bars: BarColumns) => windowOf(bars, windowPlace(bars, newest));
      const kept = chart.bars();
      expect(kept.length).toBeLessThanOrEqual(chartBarsMax);
      expect(shown(kept)).toEqual(shown(columnsOf(whole)));
    }
  });

  it('have prices and volumes of the market, and of overlapping bars those that are over first', () => {
    const chart = chartOf('bars');
    for (const row of [candle(0), candle(1), candle(0, 2 * minute), { ...candle(2), volume: null }]) chart.hear(row, 0);
    chart.hear({ ...candle(3), stage: 2 }, 0);
    const { openedAt, open, high, low, close, volume } = chart.bars();
    expect([...openedAt].map((at) => (at - start) / minute)).toEqual([0, 1, 2]);
    expect([open[2], high[2], low[2], close[2]]).toEqual([1.02, 1.05, 1.01, 1.03]);
    expect([...volume]).toEqual([2, 2, 0]);
  });

  it('are made of trades, one an interval in which there were any, the last one as far as it came', () => {
    const chart = chartOf('trades');
    for (const [second, ticks] of [
      [1, 100],
      [30, 105],
      [59, 99],
      [200, 101],
      [239, 102],
    ] as const)
      chart.hear({ kind: 'trade', ticks, lots: 3, aggressor: 'buy' }, start + second * 1e6);
    chart.hear(candle(9), 0);
    const { length, openedAt, open, high, low, close, volume } = chart.bars();
    expect([...openedAt].map((at) => (at - start) / minute)).toEqual([0, 3]);
    const bars = Array.from({ length }, (_, at) => [open[at], high[at], low[at], close[at], volume[at]]);
    expect(bars).toEqual([
      [1, 1.05, 0.99, 0.99, 4.5],
      [1.01, 1.02, 1.01, 1.02, 3],
    ]);
  });
});

describe('the charts of a run', () => {
  const traded = trades([1, 105, 1, 'buy'], [61, 99, 1, 'sell'], [62, 101, 1, 'buy']);

  it('are of bars where the data has some, else of trades', async () => {
    const both = await play(planOf({}), source(traded), source(candles([105, 105, 105, 105], [105, 106, 99, 101])));
    expect(both.charts).toMatchObject([{ symbol: 'BTC-USDT', madeOf: 'bars', bars: { length: 2 } }]);
    const [made] = (await play(planOf({}), traded)).charts;
    expect(made).toMatchObject({ madeOf: 'trades', bars: { length: 2 } });
    expect([...(made?.bars.low ?? [])]).toEqual([105, 99]);
  });

  it('stay at the newest round trip however much comes after it', async () => {
    const quiet = Array.from({ length: 600 }, () => [108, 108, 108, 108]);
    const rows = [[105, 105, 105, 105], [105, 106, 99, 101], [101, 111, 101, 108], ...quiet];
    const [once] = (await play(planOf({ loop: false }), candles(...rows))).charts;
    // Three, and twelve after the exit.
    expect([once?.bars.length, once?.bars.openedAt[0]]).toEqual([15, start]);
  });
});

function columnsOf(rows: readonly CandleRow[]): BarColumns {
  const column = (of: (row: CandleRow) => number) => Float64Array.from(rows, of);
  return {
    length: rows.length,
    openedAt: column(({ openedAt }) => openedAt),
    open: column(({ open }) => open / 100),
    high: column(({ high }) => high / 100),
    low: column(({ low }) => low / 100),
    close: column(({ close }) => close / 100),
    volume: column(({ volume }) => (volume ?? 0) / 2),
  };
}
