import { beforeAll, describe, expect, it } from '@jest/globals';
import { playedRun } from '../../../test/played-run.js';
import { pointsMax, type RunReport, reportOf } from '../run-report.js';
import { readReport } from './read-report.js';
import { type FileKind, reportFiles } from './report-files.js';

let report: RunReport;
let files: Readonly<Record<FileKind, string>>;

beforeAll(() => {
  report = reportOf(playedRun());
  files = reportFiles(report);
});

/** The files with one of them changed as JSON. */
function changed(kind: 'summary' | 'series', change: (value: Record<string, unknown>) => void) {
  const value = JSON.parse(files[kind]) as Record<string, unknown>;
  change(value);
  return { ...files, [kind]: JSON.stringify(value) };
}

describe('the files of a run', () => {
  it('are the same bytes for the same run', () => {
    expect(reportFiles(reportOf(playedRun()))).toEqual(files);
  });

  it('give the report back', () => {
    expect(readReport(files)).toEqual({ ok: true, value: JSON.parse(JSON.stringify(report)) });
  });

  it('say kind, version and hashes, each of them', () => {
    for (const text of Object.values(files)) {
      expect(JSON.parse(text.includes('\n{"symbol"') ? (text.split('\n')[0] ?? '') : text)).toMatchObject({
        kind: expect.stringMatching(/^scalpstorm-backtest-/),
        version: 1,
        provenance: { codeHash: 'cd'.repeat(32), data: [{ name: 'played.csv', hash: 'ab'.repeat(32) }], seeds: [3] },
      });
    }
  });

  it('agree with the summary', () => {
    const { summary, series, trades, figures } = report;
    expect(series.of).toBe(5_000);
    expect(series.equity.length).toBeLessThanOrEqual(pointsMax);
    expect(series.equity.at(-1)).toBe(summary.finalEquity);
    expect(-Math.min(...series.drawdownPct)).toBeCloseTo(summary.maxDrawdownPct, 5);
    expect(figures.drawdowns[0]?.depthPct).toBeCloseTo(summary.maxDrawdownPct, 9);
    expect(series.hold?.at(-1)).toBeCloseTo(10_000 * (1 + (summary.holdReturnPct ?? 0) / 100), 6);
    expect(trades.length).toBe(summary.trades);
    const whole = figures.months.reduce((product, { returnPct }) => product * (1 + returnPct / 100), 1);
    expect(100 * (whole - 1)).toBeCloseTo(summary.returnPct, 9);
    expect(files.trades.trim().split('\n')).toHaveLength(summary.trades + 1);
  });

  it('may have what this program does not know', () => {
    const more = changed('summary', (value) => {
      value['later'] = { some: 'thing' };
      Object.assign(value['summary'] as object, { another: 1 });
    });
    expect(readReport(more)).toMatchObject({ ok: true });
  });

  it('may lack what earlier programs did not write', () => {
    const less = changed('series', (value) => {
      const series = value['series'] as Record<string, unknown>;
      delete series['plots'];
      delete series['prices'];
      delete series['windows'];
    });
    const read = readReport(less);
    expect(read).toMatchObject({
      ok: true,
      value: { series: { prices: [], windows: [], plots: { shown: [], leftOut: [] } } },
    });
    const uncounted = changed('summary', (value) => delete (value['figures'] as Record<string, unknown>)['trialsEver']);
    expect(readReport(uncounted)).toMatchObject({ ok: true, value: { figures: { trialsEver: null } } });
  });

  it('are refused where a plot is of other bars', () => {
    const shorter = changed('series', (value) => {
      const { plots } = value['series'] as { plots: { shown: { lines: { values: number[] }[] }[] } };
      plots.shown[0]?.lines[0]?.values.pop();
    });
    expect(readReport(shorter)).toMatchObject({ ok: false, error: { code: 'REPORT_FILES_DIFFER' } });
  });

  it.each([
    [
      'a newer version',
      (value: Record<string, unknown>) => Object.assign(value, { version: 2 }),
      'REPORT_VERSION_UNKNOWN',
      'version 2',
    ],
    [
      'another kind',
      (value: Record<string, unknown>) => Object.assign(value, { kind: 'recipe' }),
      'REPORT_UNREADABLE',
      'summary.json',
    ],
    [
      'a text for a number',
      (value: Record<string, unknown>) => Object.assign(value['summary'] as object, { sharpe: 'high' }),
      'REPORT_UNREADABLE',
      'summary.sharpe is not a number',
    ],
    [
      'something missing',
      (value: Record<string, unknown>) => Object.assign(value['figures'] as object, { months: undefined }),
      'REPORT_UNREADABLE',
      'figures.months is not a list',
    ],
    [
      'another run',
      (value: Record<string, unknown>) => Object.assign(value['provenance'] as object, { codeHash: 'ef'.repeat(32) }),
      'REPORT_FILES_DIFFER',
      'same run',
    ],
  ])('are refused with %s', (_, change, code, text) => {
    expect(readReport(changed('summary', change))).toMatchObject({
      ok: false,
      error: { code, text: expect.stringContaining(text), next: expect.stringContaining('--out') },
    });
  });

  it('are refused where a column or a trade is missing', () => {
    const shorter = changed('series', (value) => (value['series'] as { atMs: number[] }).atMs.pop());
    expect(readReport(shorter)).toMatchObject({ ok: false, error: { code: 'REPORT_FILES_DIFFER' } });
    const lines = files.trades.trim().split('\n');
    expect(readReport({ ...files, trades: lines.slice(0, -1).join('\n') })).toMatchObject({
      error: { code: 'REPORT_FILES_DIFFER' },
    });
    expect(readReport({ ...files, trades: [...lines.slice(0, -1), '{"side":'].join('\n') })).toMatchObject({
      error: { code: 'REPORT_UNREADABLE', text: expect.stringContaining(`line ${lines.length}`) },
    });
    expect(readReport({ ...files, series: 'no JSON' })).toMatchObject({ error: { code: 'REPORT_UNREADABLE' } });
  });
});
