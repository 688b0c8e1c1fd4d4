import type { CrossValidation } from '../../optimise/cross-validate.js';
import type { RankedTrial } from '../../optimise/optimisation.js';
import type { RobustnessTable } from '../../optimise/robustness.js';
import type { WalkForward } from '../../optimise/walk-forward.js';
import { said } from '../html/assumptions.js';
import { type Html, html } from '../html/html.js';
import { tintOf } from '../html/month-map.js';
import { moment, percent, plain, signedPercent } from '../html/numbers.js';
import { table, toned } from '../html/tables.js';
import { parametersText } from './parameters-text.js';

/** Rows of a table; the JSON has all. */
const rowsMax = 100;

export function topTable(top: readonly RankedTrial[]): Html {
  return table('Trials, the best first', top.slice(0, rowsMax), [
    { title: 'Parameters', isText: true, of: ({ parameters }) => parametersText(parameters) },
    { title: 'Score', of: ({ score }) => plain(score) },
    { title: 'Return', of: ({ figures }) => tonedReturn(figures?.returnPct ?? null) },
    { title: 'Drawdown', of: ({ figures }) => percent(figures?.maxDrawdownPct ?? null) },
    { title: 'Sharpe', of: ({ figures }) => plain(figures?.sharpe ?? null) },
    { title: 'Trades', of: ({ figures }) => plain(figures?.trades ?? 0, 0) },
  ]);
}

export function windowTable(found: WalkForward): Html {
  const { windows, outOfSample: out, train, test, anchored, inSampleSharpe } = found;
  const kind = anchored ? 'anchored' : 'rolling';
  return html`${table(`${kind}: ${train} bars to choose, ${test} to judge`, windows.slice(-rowsMax), [
    { title: 'Test from', isTime: true, of: ({ testFrom }) => moment(testFrom) },
    {
      title: 'Chosen',
      isText: true,
      of: ({ parameters }) => (parameters === null ? 'nothing' : parametersText(parameters)),
    },
    { title: 'Train score', of: ({ trainScore }) => plain(trainScore) },
    { title: 'Test score', of: ({ testScore }) => plain(testScore) },
    { title: 'Return', of: ({ figures }) => tonedReturn(figures.returnPct) },
    { title: 'Trades', of: ({ figures }) => plain(figures.trades, 0) },
  ])}${leftOut(windows.length)}<p class="note">Out of sample ${signedPercent(out.returnPct)}, drawdown ${percent(out.maxDrawdownPct)}, Sharpe ${plain(out.sharpe)} after ${plain(inSampleSharpe)} in sample, ${plain(out.trades, 0)} trades.</p>`;
}

export function foldTable(found: CrossValidation): Html {
  const { folds, testGroups, groups, purge, embargo, meanTestSharpe, testSharpeDeviation, positiveShare } = found;
  return html`${table(
    `${folds.length} tests of ${testGroups} of ${groups} folds, purge ${purge} bars, embargo ${embargo}`,
    folds.slice(-rowsMax),
    [
      { title: 'Test bars', isText: true, of: ({ test }) => test.map(({ from, to }) => `${from}–${to}`).join(' ') },
      {
        title: 'Chosen',
        isText: true,
        of: ({ parameters }) => (parameters === null ? 'nothing' : parametersText(parameters)),
      },
      { title: 'Train score', of: ({ trainScore }) => plain(trainScore) },
      { title: 'Test score', of: ({ testScore }) => plain(testScore) },
      { title: 'Test Sharpe', of: ({ testSharpe }) => plain(testSharpe) },
      { title: 'Trades', of: ({ trades }) => plain(trades, 0) },
    ],
  )}${leftOut(folds.length)}<p class="note">Sharpe ratio of the tests ${plain(meanTestSharpe)} ± ${plain(testSharpeDeviation)}, above 0 in ${percent(100 * positiveShare, 0)}.</p>`;
}

/** Blue above 0 and orange below, deeper the further away; the number is in the cell. */
export function robustnessMap({ x, y, xValues, yValues, scores }: RobustnessTable, objective: string): Html {
  const strongest = Math.max(...scores.flat().map((score) => Math.abs(score ?? 0)), 1e-9);
  const caption = `${objective}: ${x} to the right${y === null ? '' : `, ${y} down`}`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table class="months"><caption>${caption}</caption>
<thead><tr><th scope="col">${y ?? x}</th>${xValues.map((value) => html`<th scope="col">${said(value)}</th>`)}</tr></thead>
<tbody>${scores.map(
    (row, at) =>
      html`<tr><th scope="row">${y === null ? objective : said(yValues[at] ?? '')}</th>${row.map(
        (score) => html`<td class="${score === null ? 'm0' : tintOf(score, strongest)}">${plain(score)}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`;
}

const tonedReturn = (value: number | null): Html => toned(value ?? 0, signedPercent(value));

const leftOut = (rows: number): Html | null =>
  rows > rowsMax
    ? html`<p class="note">${rows - rowsMax} earlier ones are left out here; --json has all of them.</p>`
    : null;
