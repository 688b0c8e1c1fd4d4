import { beforeAll, describe, expect, it } from '@jest/globals';
import { playedRun } from '../../../test/played-run.js';
import { type RunReport, reportOf } from '../run-report.js';
import type { Gappy, WindowPlot } from '../window-plots.js';
import { candleCharts, candleViews } from './candle-charts.js';
import { bandPath, linePath } from './path.js';
import { paneScale, paneShapes, panesOf, priceScale } from './plot-lines.js';
import { scaleOf } from './scale.js';
import { signs } from './signs.js';
import { style } from './style.js';

const plot = (values: Gappy, more: Partial<WindowPlot> = {}): WindowPlot => ({
  title: 'Some average (3)',
  pane: 'price',
  kind: 'line',
  lines: [{ output: 'some', values }],
  ...more,
});
const unit = scaleOf(0, 1);
const chartsOf = (report: RunReport) => candleViews(report).flatMap(candleCharts);

describe('what a strategy looks at, drawn', () => {
  it('has a colour, a form and a sign for each line of a pane, light and dark', () => {
    for (const number of [1, 2, 3, 4, 5, 6]) {
      expect(style.match(new RegExp(`--plot${number}:`, 'g'))).toHaveLength(2);
      expect(signs.markup).toContain(`id="sign-plot${number}"`);
      expect(signs.markup).toContain(`id="sign-columns-plot${number}"`);
    }
    const forms = style.match(/path\.plot\d\{stroke:var\(--plot\d\)[^}]*\}/g) ?? [];
    expect(new Set(forms.map((rule) => /dasharray:([^}]*)/.exec(rule)?.[1] ?? 'whole')).size).toBe(6);
  });

  it('breaks a line where there is no number', () => {
    expect(linePath([0, 0.25, 0.5, 0.75, 1], [null, 0, 1, null, 0.5], 100)).toBe('M250 100L500 0M1000 50');
    expect(
      bandPath(
        [0, 0.5, 1],
        [
          [1, 1, null],
          [0.5, 0.5, 0.5],
        ],
        100,
      ),
    ).toBe('M0 0L500 0L500 50L0 50Z');
  });

  it('fills between an upper and a lower edge of the same plot', () => {
    const lines = [
      { output: 'lower', values: [0, 0] },
      { output: 'upper', values: [1, 1] },
    ];
    const [pane] = panesOf([plot([], { lines })]);
    if (pane === undefined) throw new Error('there is no pane');
    expect(pane.lines.map(({ name }) => name)).toEqual(['Some average (3): lower', 'Some average (3): upper']);
    const drawn = paneShapes(pane, [0, 1], { across: unit, up: unit, height: 10 }).markup;
    expect(drawn).toContain('<path class="band band-plot2" d="M0 0L1000 0L1000 10L0 10Z"/>');
  });

  it('stands columns on zero, up and down', () => {
    const [pane] = panesOf([plot([2, null, -2], { pane: 'below', kind: 'histogram' })]);
    if (pane === undefined) throw new Error('there is no pane');
    expect(paneScale(pane).placeOf(0)).toBeCloseTo(0.5, 9);
    const drawn = paneShapes(pane, [0, 0.5, 1], { across: unit, up: scaleOf(-2, 2), height: 100 }).markup;
    expect(drawn).toContain('class="columns-plot1" d="M-90 0H90V50H-90ZM910 50H1090V100H910Z"');
  });

  it('is cut off where it is far from the prices, so that those stay readable', () => {
    const [far] = panesOf([plot([1, 1_000])]);
    const [near] = panesOf([plot([95, 125])]);
    expect(priceScale([[100, 120]], far)).toMatchObject({ low: 74, high: 146 });
    expect(priceScale([[100, 120]], near)).toMatchObject({ low: 92, high: 128 });
    expect(priceScale([[100, 120]], undefined)).toMatchObject({ low: 98, high: 122 });
  });
});

describe('the chart of the newest trades', () => {
  let report: RunReport;
  beforeAll(() => {
    report = reportOf(playedRun(1_000, 'macd-trend'));
  });

  it('has the lines of the price with their names', () => {
    const { plots } = reportOf(playedRun()).series;
    const [candles, ...below] = chartsOf(reportOf(playedRun())).map(({ markup }) => markup);
    expect(below).toEqual([]);
    for (const [at, { title }] of plots.shown.entries()) {
      expect(candles).toMatch(new RegExp(`<path class="plot${at + 1}" d="M[\\d. L-]+"/>`));
      expect(candles).toContain(`<use href="#sign-plot${at + 1}"/></svg>${title}</li>`);
    }
    expect(plots.shown).toHaveLength(2);
  });

  it('has panes below it for what is no price', () => {
    const [candles, pane, ...more] = chartsOf(report).map(({ markup }) => markup);
    expect(candles).not.toContain('class="plot1"');
    expect(pane).toContain('<h3>Moving average convergence divergence (12, 26, 9)</h3>');
    for (const name of ['macd', 'signal', 'histogram']) expect(pane).toContain(`</svg>${name}</li>`);
    expect(pane).toMatch(/class="columns-plot3" d="M.*class="plot1" d="M.*class="plot2" d="M/s);
    expect(more).toEqual([]);
  });

  it('says what it leaves out', () => {
    const { series } = report;
    const plots = { ...series.plots, leftOut: ['Mine: there is no indicator <emma>.'] };
    expect(chartsOf({ ...report, series: { ...series, plots } }).at(-1)?.markup).toBe(
      '<p class="note">Not drawn: Mine: there is no indicator &lt;emma&gt;.</p>',
    );
  });
});
