import type { Optimisation } from '../../optimise/optimisation.js';
import { assumptionRows } from '../html/assumptions.js';
import { type Digest, documentOf } from '../html/document.js';
import { acrossTitle, levelOf, timeScale } from '../html/equity-charts.js';
import { frame } from '../html/frame.js';
import { type Html, html, type Part } from '../html/html.js';
import { duration, momentsOf, percent, plain, signedPercent } from '../html/numbers.js';
import { linePath } from '../html/path.js';
import { card, originRows, pairs, section, warningList } from '../html/report-page.js';
import { decimalsOf, scaleOver, ticksOf } from '../html/scale.js';
import { forHover, type HoverData } from '../html/script.js';
import { toned } from '../html/tables.js';
import { timeTicks } from '../html/time-ticks.js';
import { keptPoints } from '../reduce-series.js';
import type { Provenance } from '../run-record.js';
import { pointsMax } from '../run-report.js';
import { foldTable, robustnessMap, topTable, windowTable } from './optimisation-tables.js';
import { parametersText } from './parameters-text.js';

export interface OptimisationReport {
  readonly result: Optimisation;
  /** Equity of the tests one after another; null: nothing was judged out of sample. */
  readonly outOfSample: { readonly atMs: Float64Array; readonly equity: Float64Array } | null;
  readonly provenance: Provenance;
}

interface Curve {
  readonly atMs: readonly number[];
  readonly equity: readonly number[];
}

/** A search, and what its best is worth, as one HTML file; the same search gives the same bytes. */
export function optimisationPage(report: OptimisationReport, digest: Digest): string {
  const { result, outOfSample } = report;
  const curve = outOfSample === null ? null : curveOf(outOfSample);
  return documentOf(`${result.strategy}, ${momentsOf(result)}: optimisation`, mainOf(report, curve), {
    hover: hoverOf(curve),
    digest,
  });
}

function mainOf({ result, provenance }: OptimisationReport, curve: Curve | null): Html {
  const { verdict, warnings, walkForward, crossValidation, robustness } = result;
  const answer = { code: verdict.code, text: verdict.text, next: 'What speaks against it, and what to do, is below.' };
  const told = verdict.reasons.length === 0 ? [{ ...answer, next: 'Run it on paper first.' }] : [answer];
  return html`<header class="top"><div><p class="eyebrow">Scalpstorm · optimisation</p><h1>${result.strategy}</h1>
<p class="facts">${momentsOf(result)} · ${plain(result.bars, 0)} bars of ${duration(result.barSeconds)} · ${provenance.data.map(({ name }) => name).join(', ')}</p>
<p class="facts">best in sample: <b>${parametersText(result.best.parameters)}</b></p></div></header>
${keysOf(result)}
${warningList([...told, ...verdict.reasons, ...warnings])}
${curve !== null && section('Out of sample', card(curveChart(curve, result)))}
${walkForward !== null && section('Walk forward', card(windowTable(walkForward)))}
${crossValidation !== null && section('Cross-validation', card(foldTable(crossValidation)))}
${section('The best in sample', card(topTable(result.top)))}
${
  robustness.tables.length > 0 &&
  section(
    'About the best',
    robustness.tables.map((one) => card(robustnessMap(one, result.spec.objective))),
  )
}
${section(
  'How it was made',
  html`<div class="columns">${[pairs('Search', searchRows(result)), pairs('Luck', luckRows(result)), pairs('Assumptions', assumptionRows({ ...result.assumptions, size: { ...result.assumptions.size }, slippage: { ...result.assumptions.slippage } })), pairs('Where it comes from', originRows(provenance))].map(card)}</div>`,
)}
<footer><p>The best in sample is the luckiest of all trials as much as the best. What is judged out of sample had no part in the choice; docs/optimiser.md defines the figures.</p></footer>`;
}

function keysOf({ evidence, best, walkForward, trials }: Optimisation): Html {
  const out = walkForward?.outOfSample ?? null;
  const rows: readonly (readonly [name: string, value: Part, meaning: string])[] = [
    [
      'Above chance',
      percent(100 * evidence.deflatedSharpe, 1),
      'Deflated Sharpe ratio: probability that the best is better than the luckiest of all trials ever made.',
    ],
    [
      'Sharpe above 0',
      percent(100 * evidence.probabilisticSharpe, 1),
      'Probabilistic Sharpe ratio: probability that it is above 0, whatever was tried besides.',
    ],
    ['Sharpe in sample', plain(best.figures?.sharpe ?? null), 'Of the best, over the bars by which it was chosen.'],
    [
      'Sharpe of luck',
      plain(evidence.expectedBestSharpe),
      'What the best of as many worthless trials is expected to show.',
    ],
    ['Out of sample', outText(walkForward), 'Return over bars that had no part in the choice.'],
    ['Sharpe there', plain(out?.sharpe ?? null), 'Out of sample.'],
    ['Trades there', plain(out?.trades ?? null, 0), 'Round trips out of sample.'],
    ['Trials ever', plain(trials.ever.count, 0), 'Of this strategy over whatever data.'],
  ];
  return html`<dl class="card keys">${rows.map(([name, value, meaning]) => html`<div><dt title="${meaning}">${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function outText(found: Optimisation['walkForward']): Part {
  const returnPct = found?.outOfSample.returnPct ?? null;
  return returnPct === null ? signedPercent(null) : toned(returnPct, signedPercent(returnPct));
}

function curveOf({ atMs, equity }: NonNullable<OptimisationReport['outOfSample']>): Curve {
  const kept = keptPoints([equity], equity.length, pointsMax);
  const pick = (column: Float64Array): readonly number[] => kept.map((at) => column[at] as number);
  return { atMs: pick(atMs), equity: pick(equity) };
}

function curveChart({ atMs, equity }: Curve, { assumptions, walkForward }: Optimisation): Html {
  const across = timeScale(atMs);
  const up = scaleOver([equity, [assumptions.cash]]);
  const height = 260;
  return frame({
    id: 'equity',
    title: 'Equity of the tests',
    axis: 'quote asset',
    across: acrossTitle,
    told: `Out of sample ${signedPercent(walkForward?.outOfSample.returnPct ?? null)}.`,
    height,
    upTicks: ticksOf(up, 5, (value, step) => plain(value, decimalsOf(step))),
    acrossTicks: timeTicks(across, 8),
    stretched: html`<path class="line-equity" d="${linePath(atMs.map(across.placeOf), equity.map(up.placeOf), height)}"/>`,
    placed: levelOf(up.placeOf(assumptions.cash), height, 'cash at the start'),
  });
}

function searchRows({
  space,
  fixed,
  spec,
  trials,
  robustness,
  evidence,
}: Optimisation): readonly (readonly [string, string])[] {
  const record = evidence.minimumTrackRecord;
  return [
    ['Search', `${spec.search.kind}, by ${spec.objective}`],
    ...space.map(({ name, values, first, last }): readonly [string, string] => [
      name,
      `${first} to ${last}, ${values} values`,
    ]),
    ['Fixed', Object.keys(fixed).length === 0 ? 'nothing' : parametersText(fixed)],
    [
      'Trials',
      `${trials.run}; ${trials.idle} without a trade, ${trials.failed} failed, ${trials.refused} combinations refused`,
    ],
    [
      'Neighbours',
      robustness.withinShare === null
        ? 'none'
        : `${percent(100 * robustness.withinShare, 0)} of ${robustness.neighbours} within ${robustness.withinPct} % of the best`,
    ],
    [
      'Record needed',
      record === null ? 'no length would show a Sharpe ratio above 0' : `${plain(Math.ceil(record), 0)} bars for 95 %`,
    ],
  ];
}

function luckRows({ monteCarlo, spec }: Optimisation): readonly (readonly [string, string])[] {
  if (monteCarlo === null) return [['Trades', 'none']];
  const spread = ({ p5, p50, p95 }: { p5: number; p50: number; p95: number }, unit = ''): string =>
    [p5, p50, p95].map((value) => `${plain(value)}${unit}`).join(' / ');
  const { drawn, shuffled, trades, of } = monteCarlo;
  return [
    ['Trades', `${trades} ${of}, ${spec.monteCarlo.runs} times, at 5 / 50 / 95 %`],
    ['Shuffled: drawdown', spread(shuffled.maxDrawdownPct, ' %')],
    ['Drawn: equity', spread(drawn.finalEquity)],
    ['Drawn: drawdown', spread(drawn.maxDrawdownPct, ' %')],
    ['Ruin', `${percent(100 * drawn.ruinProbability, 1)} below ${100 * spec.monteCarlo.ruinShare} % of the cash`],
  ];
}

function hoverOf(curve: Curve | null): HoverData {
  if (curve === null) return { times: [], charts: {} };
  const [from, to] = [curve.atMs[0] ?? 0, curve.atMs.at(-1) ?? 0];
  const lines = [{ name: 'equity', time: 0, values: forHover(curve.equity), unit: '' }];
  return { times: [curve.atMs], charts: { equity: { from, to, lines } } };
}
