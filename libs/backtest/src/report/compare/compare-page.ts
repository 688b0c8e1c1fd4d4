import { figureOf } from '../html/definitions.js';
import { type Digest, documentOf } from '../html/document.js';
import { acrossTitle } from '../html/equity-charts.js';
import { type FrameOptions, frame } from '../html/frame.js';
import { type Html, html } from '../html/html.js';
import { duration, momentsOf, percent, plain, signedPercent } from '../html/numbers.js';
import { linePath } from '../html/path.js';
import { card, chips, meanings, section, warningList } from '../html/report-page.js';
import { decimalsOf, type Scale, scaleOf, scaleOver, ticksOf } from '../html/scale.js';
import { forHover, type HoverData } from '../html/script.js';
import { toned } from '../html/tables.js';
import { timeTicks } from '../html/time-ticks.js';
import type { Comparison, NamedRun } from './compare-runs.js';

/** Up to four runs in one HTML file, as `reportPage` makes one of one. */
export function comparePage(comparison: Comparison, digest: Digest): string {
  const names = comparison.runs.map(({ name }) => name);
  return documentOf(`${names.join(', ')}: backtests compared`, mainOf(comparison), {
    hover: hoverOf(comparison.runs),
    digest,
  });
}

function mainOf(comparison: Comparison): Html {
  const { runs, warnings } = comparison;
  return html`<header class="top"><div><p class="eyebrow">Scalpstorm · backtests compared</p>
<h1>${runs.map(({ name }) => name).join(' · ')}</h1></div></header>
${warningList(warnings)}
<div class="columns">${runs.map(runCard)}</div>
${section('Equity and drawdown', card([equityChart(runs), drawdownChart(runs)]))}
${section('What differs', card(differenceTable(comparison)))}
${section('Figures', card(figureTable(comparison)))}
${section('What the figures mean', meanings())}
<footer><p>The best of several is partly the luckiest: what was chosen here has to show itself over data that it was not chosen with.</p></footer>`;
}

function runCard({ name, report }: NamedRun, at: number): Html {
  const { summary, provenance } = report;
  return card(html`<h2 class="run"><svg width="22" height="12" aria-hidden="true"><use href="#sign-run${at + 1}"/></svg>${name}</h2>
<p class="facts"><b>${summary.strategy}</b> · ${momentsOf(summary)} · ${plain(summary.bars, 0)} ${summary.pointName} of ${duration(summary.barSeconds)} · ${provenance.data.map((data) => data.name).join(', ')}</p>
${chips(summary.parameters)}
<p class="facts">${toned(summary.returnPct, signedPercent(summary.returnPct))}${summary.holdReturnPct !== null && html`, held ${signedPercent(summary.holdReturnPct)}`}</p>
${summary.warnings.length > 0 && html`<p class="facts">Told when it ran: ${summary.warnings.map(({ code }) => code).join(', ')}</p>`}`);
}

/** 100 is the cash at the start of each. */
const rebased = ({ report: { series, summary } }: NamedRun): readonly number[] =>
  series.equity.map((value) => (100 * value) / summary.assumptions.cash);

const falls = ({ report }: NamedRun): readonly number[] => report.series.drawdownPct;

function equityChart(runs: readonly NamedRun[]): Html {
  return linesChart(runs, rebased, {
    id: 'equity',
    title: 'Equity',
    axis: '100 = cash at the start',
    height: 300,
    told: runs.map(({ name, report: { summary } }) => `${name} ${signedPercent(summary.returnPct)}`).join('; '),
  });
}

function drawdownChart(runs: readonly NamedRun[]): Html {
  return linesChart(runs, falls, {
    id: 'drawdown',
    title: 'Drawdown',
    axis: '% below the peak before',
    height: 160,
    told: runs.map(({ name, report }) => `${name} ${percent(report.summary.maxDrawdownPct)}`).join('; '),
  });
}

function linesChart(
  runs: readonly NamedRun[],
  of: (run: NamedRun) => readonly number[],
  options: Pick<FrameOptions, 'id' | 'title' | 'axis' | 'told' | 'height'>,
): Html {
  const across = acrossOf(runs);
  const up = scaleOver(runs.map(of));
  return frame({
    ...options,
    across: acrossTitle,
    upTicks: ticksOf(up, 5, (value, step) => plain(value, decimalsOf(step))),
    acrossTicks: timeTicks(across, 8),
    key: runs.map(({ name }, at) => ({ sign: `run${at + 1}`, text: name })),
    stretched: runs.map((run, at) => {
      const places = run.report.series.atMs.map(across.placeOf);
      return html`<path class="run${at + 1}" d="${linePath(places, of(run).map(up.placeOf), options.height)}"/>`;
    }),
  });
}

function acrossOf(runs: readonly NamedRun[]): Scale {
  const times = runs.map(({ report }) => report.series.atMs);
  return scaleOf(Math.min(...times.map((at) => at[0] ?? 0)), Math.max(...times.map((at) => at.at(-1) ?? 0)));
}

const headOf = (runs: readonly NamedRun[], kind: string): Html =>
  html`<thead><tr><th scope="col">${kind}</th>${runs.map(({ name }) => html`<th scope="col" class="${kind === 'Figure' ? 'num' : 'text'}">${name}</th>`)}</tr></thead>`;

function differenceTable({ runs, differences }: Comparison): Html {
  if (differences.length === 0) return html`<p>Nothing.</p>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="What differs"><table>${headOf(runs, 'What')}<tbody>${differences.map(
    ({ name, values }) =>
      html`<tr><th scope="row">${name}</th>${values.map((value) => html`<td class="text">${value ?? html`<i>none</i>`}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function figureTable({ runs, figures }: Comparison): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="Figures side by side"><table>${headOf(runs, 'Figure')}<tbody>${figures.map(
    ({ id, label, texts, best }) =>
      html`<tr><th scope="row"><a href="#means-${id}" title="${figureOf(id).definition}">${label}</a></th>${texts.map(
        (text, at) =>
          html`<td class="num">${at === best ? html`<b class="best">${text}<span class="unseen"> best</span></b>` : text}</td>`,
      )}</tr>
`,
  )}</tbody></table></div>`;
}

function hoverOf(runs: readonly NamedRun[]): HoverData {
  const { low: from, high: to } = acrossOf(runs);
  const lines = (of: (run: NamedRun) => readonly number[], unit: string) =>
    runs.map((run, time) => ({ name: run.name, time, values: forHover(of(run)), unit }));
  return {
    times: runs.map(({ report }) => report.series.atMs),
    charts: {
      equity: { from, to, lines: lines(rebased, '') },
      drawdown: { from, to, lines: lines(falls, ' %') },
    },
  };
}
