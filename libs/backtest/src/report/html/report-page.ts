import type { JsonObject } from '@scalpstorm/model';
import type { TradeGroups } from '../figures/trade-groups.js';
import type { Provenance } from '../run-record.js';
import type { RunReport } from '../run-report.js';
import type { Gappy } from '../window-plots.js';
import { assumptionRows, said } from './assumptions.js';
import { type CandleView, candleCharts, candleViews, windowScale } from './candle-charts.js';
import { allFigures, figureGroups, figureOf, keyFigures } from './definitions.js';
import { distributionChart } from './distribution-chart.js';
import { type Digest, documentOf } from './document.js';
import { drawdownChart, equityChart } from './equity-charts.js';
import { type Html, html, type Part } from './html.js';
import { monthMap } from './month-map.js';
import { duration, momentsOf, plain, signedPercent } from './numbers.js';
import { type Pane, panesOf, pricePane } from './plot-lines.js';
import { courseChart, courseScale, coursesOf } from './price-charts.js';
import { numberOf, type ReportFigure, textOf } from './report-figure.js';
import { forHover, type HoverData } from './script.js';
import { drawdownTable, groupTable, toned, tradeTable } from './tables.js';

/** A run as one HTML file, to be opened from anywhere; the same report gives the same bytes. */
export function reportPage(report: RunReport, digest: Digest): string {
  const { summary } = report;
  const title = `${summary.strategy}, ${momentsOf(summary)}: backtest`;
  return documentOf(title, mainOf(report), { hover: hoverOf(report), digest });
}

/** From the verdict to the details. */
function mainOf(report: RunReport): Html {
  const { figures } = report;
  return html`${header(report)}
${keys(report)}
${warningList(report.summary.warnings)}
${section('Equity and drawdown', html`<div class="card">${equityChart(report)}${drawdownChart(report)}</div>`)}
${section(
  'Figures',
  html`<div class="card figures">${figureGroups.map(
    (group) =>
      html`<div><h3>${group.title}</h3><dl>${group.figures.map((figure) => figureRow(figure, report))}</dl></div>`,
  )}</div>`,
)}
${section('By month', html`<div class="card">${monthMap(figures.months)}</div>`)}
${figures.drawdowns.length > 0 && html`<div class="card">${drawdownTable(figures.drawdowns)}</div>`}
${figures.distribution !== null && section('Distribution', html`<div class="card">${distributionChart(figures.distribution)}</div>`)}
${groupsOf(figures.groups)}
${section('Trades', [...coursesOf(report).map((course) => card(courseChart(report, course))), ...candleViews(report).map((view) => card(candleCharts(view))), html`<div class="card long">${tradeTable(report)}</div>`])}
${report.details.length > 0 && section('What else was told', html`<div class="columns">${report.details.map(({ title, rows }) => card(pairs(title, rows)))}</div>`)}
${section(
  'How it was made',
  html`<div class="columns">${card(pairs('Assumptions', assumptionRows(report.summary.assumptions)))}${card(pairs('Where it comes from', originRows(report.provenance)))}</div>`,
)}
${section('What the figures mean', meanings())}
<footer><p>Past results do not tell future ones. A year has 365 days: these markets do not close. Times are UTC, of the opening of bars.</p></footer>`;
}

function header(report: RunReport): Html {
  const { summary, provenance } = report;
  return html`<header class="top"><div><p class="eyebrow">Scalpstorm · backtest</p><h1>${summary.strategy}</h1>
<p class="facts">${momentsOf(summary)} · ${plain(summary.bars, 0)} ${summary.pointName} of ${duration(summary.barSeconds)} · ${provenance.data.map(({ name }) => name).join(', ')}</p>
${chips(summary.parameters)}</div></header>`;
}

export function chips(parameters: JsonObject): Html {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return html`<p class="facts">no parameters</p>`;
  return html`<ul class="chips" aria-label="Parameters">${entries.map(
    ([name, value]) => html`<li>${name} <b>${said(value ?? null)}</b></li>`,
  )}</ul>`;
}

function keys(report: RunReport): Html {
  return html`<dl class="card keys">${keyFigures.map((id) => {
    const figure = figureOf(id);
    const value = numberOf(figure, report);
    const text = textOf(figure, report);
    const shown = id === 'return' ? toned(value ?? 0, text) : text;
    return html`<div><dt>${term(figure)}</dt><dd>${shown}${besideOf(id, report)}</dd></div>`;
  })}</dl>`;
}

function besideOf(id: string, { summary, figures }: RunReport): Part {
  const beside = (text: string): Html => html`<span class="beside">${text}</span>`;
  if (id === 'return' && summary.holdReturnPct !== null) return beside(`held ${signedPercent(summary.holdReturnPct)}`);
  if (id === 'trades') return beside(`${plain(summary.fills, 0)} fills`);
  if (id === 'drawdown') return beside(`longest ${longestOf(figures)}`);
  return null;
}

/** Tags that nobody gave make no table. */
function groupsOf({ bySymbol, byExitReason, byEntryTag, byExitTag }: TradeGroups): Html | null {
  const tables = [
    ['By symbol', bySymbol],
    ['By reason of the exit', byExitReason],
    ['By tag of the entry', byEntryTag],
    ['By tag of the exit', byExitTag],
  ] as const;
  const told = tables.filter(([, groups]) => groups.some(({ name }) => name !== ''));
  if (told.length === 0) return null;
  return section(
    'What the trades have in common',
    html`<div class="columns">${told.map(([title, groups]) => card(groupTable(title, groups)))}</div>`,
  );
}

/** Of one that is not over nobody knows how long it takes. */
const longestOf = ({ longestDrawdown }: RunReport['figures']): string =>
  `${longestDrawdown?.until === null ? '≥\u00a0' : ''}${duration(longestDrawdown?.seconds ?? 0)}`;

/** Its definition is in the tip, and at the end of the page. */
const term = ({ id, label, definition }: ReportFigure): Html =>
  html`<a href="#means-${id}" title="${definition}">${label}</a>`;

const figureRow = (figure: ReportFigure, report: RunReport): Html =>
  html`<div><dt>${term(figure)}</dt><dd>${textOf(figure, report)}</dd></div>`;

export function warningList(warnings: readonly { code: string; text: string; next: string }[]): Html | null {
  if (warnings.length === 0) return null;
  return html`<section aria-label="Warnings"><ul class="warnings">${warnings.map(
    ({ code, text, next }) => html`<li><b>${code}</b> ${text}<span class="next">→ ${next}</span></li>`,
  )}</ul></section>`;
}

export const section = (title: string, content: Part): Html => html`<h2>${title}</h2>${content}`;
export const card = (content: Part): Html => html`<div class="card">${content}</div>`;

export function pairs(caption: string, rows: readonly (readonly [name: string, value: Part])[]): Html {
  return html`<table class="pairs"><caption>${caption}</caption><tbody>${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table>`;
}

export function originRows(provenance: Provenance): readonly (readonly [string, Part])[] {
  const code = (text: string): Html => html`<code>${text}</code>`;
  return [
    ...provenance.data.map(({ name, hash }) => [`Data: ${name}`, html`SHA-256 ${code(hash)}`] as const),
    ['Code', html`SHA-256 ${code(provenance.codeHash)}`],
    ['Runner', provenance.path],
    ['Seeds', provenance.seeds.length === 0 ? 'none: nothing was drawn by chance' : provenance.seeds.join(', ')],
  ];
}

export const meanings = (): Html =>
  html`<div class="card"><dl class="meanings">${allFigures.map(
    ({ id, label, definition }) => html`<div id="means-${id}"><dt>${label}</dt><dd>${definition}</dd></div>`,
  )}</dl></div>`;

/** The bars of the window have times of their own. */
function hoverOf(report: RunReport): HoverData {
  const { atMs, equity, hold, drawdownPct } = report.series;
  const views = candleViews(report);
  const [from, to] = [atMs[0] ?? 0, atMs.at(-1) ?? 0];
  const line = (name: string, values: Gappy, unit = '') => ({ name, time: 0, values: forHover(values), unit });
  const course = courseScale(report);
  return {
    times: [atMs, ...views.map(({ window }) => window.openedAtMs)],
    charts: {
      equity: { from, to, lines: [line('equity', equity), ...(hold === null ? [] : [line('held', hold)])] },
      drawdown: { from, to, lines: [line('drawdown', drawdownPct, ' %')] },
      ...Object.fromEntries(
        coursesOf(report).map(({ id, values }) => [
          id,
          { from: course.low, to: course.high, lines: [line('price', values)] },
        ]),
      ),
      ...Object.assign({}, ...views.map((view, at) => windowHover(view, at + 1))),
    },
  };
}

function windowHover({ id, window, plots }: CandleView, time: number): HoverData['charts'] {
  const { low: from, high: to } = windowScale(window);
  const line = (name: string, values: Gappy) => ({ name, time, values: forHover(values), unit: '' });
  const panes = panesOf(plots.shown);
  const linesOf = (pane: Pane | undefined) => (pane?.lines ?? []).map(({ name, values }) => line(name, values));
  const over = linesOf(panes.find(({ name }) => name === pricePane));
  const below = panes.filter(({ name }) => name !== pricePane);
  return {
    [id]: { from, to, lines: [line('close', window.close), ...over] },
    ...Object.fromEntries(below.map((pane, at) => [`pane-${at + 1}`, { from, to, lines: linesOf(pane) }])),
  };
}
