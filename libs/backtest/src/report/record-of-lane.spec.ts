import { beforeAll, describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { Money } from '@scalpstorm/model';
import { laneInstrument } from '../lane/lane-instrument.js';
import { laneSummaryOf } from '../lane/lane-summary.js';
import { candles, planOf, play, source } from '../lane/scene.js';
import { readReport } from './files/read-report.js';
import { reportFiles } from './files/report-files.js';
import { courseChart, coursesOf } from './html/price-charts.js';
import { reportPage } from './html/report-page.js';
import { recordOfLane } from './record-of-lane.js';
import type { ReportTrade } from './run-record.js';
import { type RunReport, reportOf } from './run-report.js';

const flat = [105, 105, 105, 105];
const provenance = { data: [{ name: 'market.csv', hash: 'ab' }], codeHash: 'cd', path: 'exact', seeds: [1] };
let report: RunReport;

beforeAll(async () => {
  const plan = planOf({});
  const run = await play(
    plan,
    source(candles(flat, [105, 106, 99, 101], [101, 111, 101, 108]), 'BTC-USDT', '/at/home/market.csv'),
  );
  report = reportOf(recordOfLane({ ...laneSummaryOf(plan, run), curve: run.lane.curve }, provenance));
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
    const record = recordOfLane({ ...laneSummaryOf(dear, run), curve: run.lane.curve }, provenance);
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
    const two = reportOf(recordOfLane({ ...laneSummaryOf(plan, run), curve: run.lane.curve }, provenance));
    expect([two.series.price, two.series.hold, two.summary.holdReturnPct]).toEqual([null, null, null]);
    expect(two.series.prices).toEqual([
      { symbol: 'BTC-USDT', values: [105, 101, 108] },
      { symbol: 'ETH-USDT', values: [null, 8, 8] },
    ]);
    expect(coursesOf(two).map(({ id, title, trades }) => [id, title, trades.length])).toEqual([
      ['course-1', 'Price of BTC-USDT', 1],
      ['course-2', 'Price of ETH-USDT', 0],
    ]);
    const files = reportFiles(two);
    const kept = readReport(files);
    expect(kept.ok && reportPage(kept.value, () => '')).toBe(reportPage(two, () => ''));
    expect(reportPage(two, () => '')).not.toMatch(/NaN|undefined|\[object/);
  });

  it('marks the newest of too many trades, because no other chart does', () => {
    const many = Array.from({ length: 200 }, () => report.trades[0] as ReportTrade);
    const [course] = coursesOf({ ...report, trades: many });
    const drawn = course === undefined ? '' : courseChart(report, course).markup;
    expect(drawn.match(/<use href="#mark-/g)).toHaveLength(240);
    expect(drawn).toContain('200 round trips are too many to mark here; the newest 120 are marked.');
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
