import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { playedRun } from '../../../test/played-run.js';
import type { RunRecord } from '../run-record.js';
import { type RunReport, reportOf } from '../run-report.js';
import { comparePage } from './compare-page.js';
import { compareRuns } from './compare-runs.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
const played = playedRun();
const report = reportOf(played);

const compared = (...reports: readonly RunReport[]) =>
  compareRuns(reports.map((one, at) => ({ name: `run ${at + 1}`, report: one })));
const withSummary = (change: Partial<RunReport['summary']>): RunReport => ({
  ...report,
  summary: { ...report.summary, ...change },
});
const withProvenance = (change: Partial<RunRecord['provenance']>): RunReport => ({
  ...report,
  provenance: { ...report.provenance, ...change },
});
const better = withSummary({ parameters: { fast: 5, slow: 50 }, returnPct: 1e6, sharpe: 1e3, maxDrawdownPct: 0.1 });

describe('runs side by side', () => {
  it('tell what differs and nothing else', () => {
    const { differences, warnings, isComparable } = compared(report, better);
    expect(differences).toEqual([
      { kind: 'parameter', name: 'fast', values: [String(report.summary.parameters['fast']), '5'] },
      { kind: 'parameter', name: 'slow', values: [String(report.summary.parameters['slow']), '50'] },
    ]);
    expect([warnings, isComparable]).toEqual([[], true]);
  });

  it('name the best by each figure: most return, least drawdown', () => {
    const { figures } = compared(report, better);
    const bestBy = (id: string) => figures.find((figure) => figure.id === id)?.best;
    expect(['return', 'sharpe', 'drawdown'].map(bestBy)).toEqual([1, 1, 1]);
    // It is the same in both, and of the last nobody can say what would be better.
    expect(['won', 'hold'].map(bestBy)).toEqual([null, null]);
  });

  it('of two versions of a strategy are compared: the platform is the same', () => {
    const [one, other] = ['aa', 'bb'].map((part) =>
      withProvenance({ platformHash: 'cd'.repeat(32), codeHash: part.repeat(32) }),
    ) as [RunReport, RunReport];
    const { differences, warnings, isComparable } = compared(one, other);
    expect(differences.map(({ kind, name }) => `${kind}: ${name}`)).toEqual(['strategy: Version of the strategy']);
    expect([warnings, isComparable]).toEqual([[], true]);
    const elsewhere = withProvenance({ platformHash: 'ef'.repeat(32), codeHash: 'bb'.repeat(32) });
    expect(compared(one, elsewhere).warnings.map(({ code }) => code)).toEqual(['CODE_DIFFERS']);
  });

  it('do not rank ratios of losses, which a deeper fall makes better', () => {
    const { figures } = compared(
      withSummary({ calmar: -3, sharpe: -2 }),
      withSummary({ calmar: -1, sharpe: 1, to: '' }),
    );
    expect(figures.find(({ id }) => id === 'calmar')?.best).toBeNull();
    const both = compared(
      withSummary({ calmar: -3, sharpe: -2, parameters: {} }),
      withSummary({ calmar: -1, sharpe: 1 }),
    ).figures;
    expect(both.find(({ id }) => id === 'calmar')?.best).toBeNull();
    expect(both.find(({ id }) => id === 'sharpe')?.best).toBe(1);
  });

  it('rank nothing where one has no such figure', () => {
    const { figures } = compared(report, withSummary({ parameters: {}, profitFactor: null }));
    expect(figures.find(({ id }) => id === 'profit-factor')).toMatchObject({
      best: null,
      values: [expect.any(Number), null],
    });
  });

  it.each([
    ['other data', withProvenance({ data: [{ name: 'played.csv', hash: 'ff'.repeat(32) }] }), 'DATA_DIFFERS'],
    ['another time', withSummary({ from: '2022-01-02T00:00:00.000Z' }), 'DATA_DIFFERS'],
    [
      'other fees',
      withSummary({ assumptions: { ...report.summary.assumptions, takerFeeBps: 1 } }),
      'ASSUMPTIONS_DIFFER',
    ],
    ['other code', withProvenance({ codeHash: 'ff'.repeat(32) }), 'CODE_DIFFERS'],
  ])('over %s are not called comparable, and nothing is best', (_, other, code) => {
    const found = compared(report, { ...other, summary: { ...other.summary, returnPct: 99 } });
    expect(found.isComparable).toBe(false);
    expect(found.warnings.map((warning) => warning.code)).toEqual([code]);
    expect(found.warnings.every(({ next }) => next !== '')).toBe(true);
    expect(found.figures.every(({ best }) => best === null)).toBe(true);
  });

  it('that are the same say so', () => {
    expect(compared(report, report).warnings.map(({ code }) => code)).toEqual(['RUNS_ARE_THE_SAME']);
  });

  it('are drawn from a common level, and the page is the same bytes twice', () => {
    const richer = withSummary({ assumptions: { ...report.summary.assumptions, cash: 20_000 } });
    const page = comparePage(compared(report, richer, better, report), digest);
    expect(page).toBe(comparePage(compared(report, richer, better, report), digest));
    expect(page.match(/<path class="run\d" d="M0 /g)).toHaveLength(8);
    expect(page).toContain('100 = cash at the start');
    expect(page).toContain('<b>ASSUMPTIONS_DIFFER</b>');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(page.length).toBeLessThan(1_500_000);
  });

  it('make text of whatever a name holds', () => {
    const hostile = '<script>alert(1)</script>';
    const runs = [
      { name: hostile, report: withSummary({ strategy: hostile, parameters: { [hostile]: hostile } }) },
      { name: 'other', report },
    ];
    expect(comparePage(compareRuns(runs), digest).match(/<script/g)).toHaveLength(2);
  });
});
