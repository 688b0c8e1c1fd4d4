import { beforeAll, describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { Money } from '@scalpstorm/model';
import { laneInstrument } from '../lane/lane-instrument.js';
import { laneSummaryOf } from '../lane/lane-summary.js';
import { candles, planOf, play, source, trades } from '../lane/scene.js';
import { readReport } from './files/read-report.js';
import { reportFiles } from './files/report-files.js';
import { type CandleView, candleCharts, candleViews } from './html/candle-charts.js';
import { courseChart, coursesOf } from './html/price-charts.js';
import { reportPage } from './html/report-page.js';
import { recordOfLane } from './record-of-lane.js';
import type { ReportTrade } from './run-record.js';
import { type RunReport, reportOf } from './run-report.js';

const flat = [105, 105, 105, 105];
const provenance = { data: [{ name: 'market.csv', hash: 'ab' }], codeHash: 'cd', path: 'exact', seeds: [1] };
let report: RunReport;
const drawnOf = (view: CandleView): string =>
  candleCharts(view)
    .map(({ markup }) => markup)
    .join('');

beforeAll(async () => {
  const plan = planOf({});
  const run = await play(
    plan,
    source(candles(flat, [105, 106, 99, 101], [101, 111, 101, 108]), 'BTC-USDT', '/at/home/market.csv'),
  );
  report = reportOf(
    recordOfLane({ ...laneSummaryOf(plan, run), curve: run.lane.curve, charts: run.charts }, provenance),
  );
});

describe('a report of live strategies over recorded markets', () => {
  it('has their round trips, their equity and what became of the orders', () => {
    expect(report.trades).toMatchObject([
      {
        symbol: 'BTC-USDT',
        side: 'long',
        entryPrice: 100,
        exitPrice: 110,
        net: 10,
        openedAt: expect.stringMatching(/^2022-01-01T00:01/),
      },
    ]);
    expect(report.series.equity.at(-1)).toBe(10_010);
    expect(report.summary).toMatchObject({
      finalEquity: 10_010,
      holdReturnPct: expect.closeTo((100 * 108) / 105 - 100, 9),
      assumptions: { cash: 10_000, market: 'spot' },
    });
    expect(report.details.map(({ title }) => title)).toEqual(['Orders', 'Data', expect.stringMatching(/^Bot /)]);
    expect(report.details[0]?.rows).toContainEqual(['order states', expect.stringContaining('filled 2')]);
  });

  it('has the price at the times of the equity, and what holding would have been worth', () => {
    const { price, prices, hold } = report.series;
    expect([price, prices]).toEqual([[105, 101, 108], []]);
    expect(hold?.map((value) => Math.round(value))).toEqual([10_000, 9_619, 10_286]);
  });

  it('pays the first taker fee to hold', async () => {
    const fees = [{ volumeMin: Money.of('0', 'USDT'), makerRate: '0', takerRate: '0.01' }];
    const dear = planOf({}, { fees, feeIn: 'quote' });
    const run = await play(dear, candles(flat, flat));
    const record = recordOfLane({ ...laneSummaryOf(dear, run), curve: run.lane.curve, charts: run.charts }, provenance);
    expect(record.summary.holdReturnPct).toBeCloseTo(100 / 1.01 - 100, 9);
  });

  it('marks every trade on the price, one of the first interval, too', () => {
    const page = reportPage(report, () => '');
    const course = page.slice(page.indexOf('id="course"'), page.indexOf('</figure>', page.indexOf('id="course"')));
    expect(course.match(/<use href="#mark-/g)).toHaveLength(2);
    const early = { ...report.trades[0], openedAt: '2022-01-01T00:00:01.000Z' } as ReportTrade;
    const [first] = coursesOf({ ...report, trades: [early] });
    const drawn = first === undefined ? '' : courseChart(report, first).markup;
    expect(drawn.match(/<use href="#mark-/g)).toHaveLength(2);
  });

  it('has the candles of its bars with the trades on them, each between the edges of its candle', () => {
    expect(report.series.window).toMatchObject({ close: [105, 101, 108], low: [105, 99, 101] });
    const [view, ...more] = candleViews(report);
    const drawn = view === undefined ? '' : drawnOf(view);
    expect(drawn.match(/<use href="#mark-/g)).toHaveLength(2);
    // Three bars and air of one at both ends are four wide: the entry is in the second, after its middle, the exit in the third.
    const [entry = 0, exit = 0] = [...drawn.matchAll(/<use href="#mark-[a-z]+" x="([\d.]+)%"/g)].map(([, x]) =>
      Number(x),
    );
    expect([entry > 37.5 && entry < 62.5, exit > 62.5 && exit < 87.5, more]).toEqual([true, true, []]);
    expect(report.summary.assumptions['candles']).toBeUndefined();
  });

  it('has candles of trades where the data has no bars, and says so', async () => {
    const plan = planOf({});
    const run = await play(plan, trades([1, 105, 1, 'buy'], [61, 99, 1, 'sell'], [121, 111, 1, 'buy']));
    const made = { ...laneSummaryOf(plan, run), curve: run.lane.curve, charts: run.charts };
    const page = reportPage(reportOf(recordOfLane(made, provenance)), () => '');
    expect(page).toContain('<figure class="chart" id="candles">');
    expect(page).toContain(
      '<th scope="row">Candles of the charts</th><td>of 1\u00a0min, made of the trades of BTC-USDT: no bars were among the data</td>',
    );
    const bare = reportOf(recordOfLane({ ...made, charts: [] }, provenance));
    expect([bare.series.window, bare.summary.assumptions['candles']]).toEqual([null, undefined]);
    expect(reportPage(bare, () => '')).not.toContain('id="candles"');
  });

  it('has a chart for each of several symbols, with its own trades, and nothing that was held', async () => {
    const instruments = ['BTC-USDT', 'ETH-USDT'].map((symbol) =>
      unwrap(laneInstrument({ symbol, tick: '0.01', step: '0.00001', notionalMin: '5' })),
    );
    const plan = planOf({}, {}, { instruments });
    const late = candles([7, 7, 7, 7], [7, 8, 7, 8]).replace(/\n(?=.)[^\n]*/, '');
    const run = await play(
      plan,
      source(candles(flat, [105, 106, 99, 101], [101, 111, 101, 108])),
      source(late, 'ETH-USDT', 'other.csv'),
    );
    const two = reportOf(
      recordOfLane({ ...laneSummaryOf(plan, run), curve: run.lane.curve, charts: run.charts }, provenance),
    );
    expect([two.series.price, two.series.hold, two.summary.holdReturnPct]).toEqual([null, null, null]);
    expect(two.series.prices).toEqual([
      { symbol: 'BTC-USDT', values: [105, 101, 108] },
      { symbol: 'ETH-USDT', values: [null, 8, 8] },
    ]);
    expect(coursesOf(two).map(({ id, title, trades }) => [id, title, trades.length])).toEqual([
      ['course-1', 'Price of BTC-USDT', 1],
      ['course-2', 'Price of ETH-USDT', 0],
    ]);
    // One bar is no chart.
    expect(two.series.windows).toMatchObject([{ symbol: 'BTC-USDT', window: { close: [105, 101, 108] } }]);
    const marks = candleViews(two).map((view) => [view.id, drawnOf(view).match(/<use href="#mark-/g)?.length]);
    expect([marks, two.series.window]).toEqual([[['candles-1', 2]], null]);
    const files = reportFiles(two);
    const kept = readReport(files);
    expect(kept.ok && reportPage(kept.value, () => '')).toBe(reportPage(two, () => ''));
    expect(reportPage(two, () => '')).not.toMatch(/NaN|undefined|\[object/);
  });

  it('marks the newest of too many trades, once: on the candles, else on the price', () => {
    const many = { ...report, trades: Array.from({ length: 200 }, () => report.trades[0] as ReportTrade) };
    const without = { ...many, series: { ...many.series, window: null } };
    const courseOf = (of: RunReport): string =>
      coursesOf(of)
        .map((course) => courseChart(of, course).markup)
        .join('');
    const candlesOf = (of: RunReport): string => candleViews(of).map(drawnOf).join('');
    expect([courseOf(many), candlesOf(without)].join('')).not.toContain('<use href="#mark-');
    expect(courseOf(many)).toContain('200 round trips are too many to mark here; the chart below marks the newest.');
    for (const drawn of [candlesOf(many), courseOf(without)]) {
      expect(drawn.match(/<use href="#mark-/g)).toHaveLength(240);
      expect(drawn).toContain('200 round trips are too many to mark here; the newest 120 are marked.');
    }
  });

  it('counts the end of an interval to the day that it ends', () => {
    for (const ms of report.series.atMs) expect(ms % 60_000).not.toBe(0);
  });

  it('is kept and shown like any other, without a place on this machine', () => {
    const files = reportFiles(report);
    expect(readReport(files)).toMatchObject({ ok: true });
    const page = reportPage(report, () => '');
    for (const text of [page, ...Object.values(files)]) expect(text).not.toContain('/at/home');
    expect(page).toContain('points of 1\u00a0min');
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  });
});
