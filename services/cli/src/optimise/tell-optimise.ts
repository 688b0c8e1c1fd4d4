import type { Optimisation, RankedTrial } from '@scalpstorm/backtest';
import type { Context } from '../context.js';
import type { Column, Output } from '../output.js';

export interface ToldOptimisation extends Optimisation {
  readonly dataHash: string;
  readonly codeHash: string;
  /** Of everything; this differs from run to run, and nothing else does. Absent: the platform made it. */
  readonly seconds?: number;
}

/** One JSON value for programs, a page for people. */
export function tellOptimisation({ output }: Context, told: ToldOptimisation): void {
  if (output.json) {
    output.value(told);
    return;
  }
  output.fields(fieldsOf(told));
  output.line('\nThe best trials, in sample');
  output.table(told.top, rankColumns);
  tellWalkForward(output, told);
  tellFolds(output, told);
  for (const table of told.robustness.tables) tellAround(output, told, table);
  output.line(`\n${told.verdict.code}: ${told.verdict.text}`);
  for (const { code, text, next } of [...told.verdict.reasons, ...told.warnings]) {
    output.line(`! ${code}: ${text}\n  → ${next}`);
  }
}

function fieldsOf(told: ToldOptimisation): readonly (readonly [string, string])[] {
  const { trials, evidence, monteCarlo, robustness, spec } = told;
  const axes = told.space.map(({ name, first, last, values }) => `${name} ${first}..${last} (${values})`);
  return [
    [
      'Strategy',
      `${told.strategy}, ${axes.join(', ')}${Object.keys(told.fixed).length > 0 ? `, ${textOf(told.fixed)}` : ''}`,
    ],
    [
      'Data',
      `${told.bars} bars of ${told.barSeconds} s, ${told.from} to ${told.to}, sha256 ${told.dataHash.slice(0, 12)}`,
    ],
    [
      'Search',
      `${spec.search.kind}, ${trials.run} trials (${trials.idle} without a trade, ${trials.failed} failed), ${trials.refused} combinations refused; by ${spec.objective}`,
    ],
    ['Ever', `${trials.ever.count} trials of this strategy over whatever data`],
    [
      'Best',
      `${textOf(told.best.parameters)}: probability of a Sharpe ratio above 0: ${percent(evidence.probabilisticSharpe)}, above chance among all trials: ${percent(evidence.deflatedSharpe)}`,
    ],
    [
      'By chance',
      `the best of as many worthless trials shows a Sharpe ratio of ${plain(evidence.expectedBestSharpe)} a year`,
    ],
    ['Record', recordText(told)],
    [
      'Neighbours',
      robustness.withinShare === null
        ? 'none'
        : `${percent(robustness.withinShare)} of ${robustness.neighbours} within ${robustness.withinPct} % of the best`,
    ],
    ['Luck', monteCarlo === null ? 'no trades' : luckText(told, monteCarlo)],
  ];
}

function recordText({ evidence: { minimumTrackRecord }, bars }: ToldOptimisation): string {
  if (minimumTrackRecord === null) return 'no length of it would show a Sharpe ratio above 0';
  return `${Math.ceil(minimumTrackRecord)} bars would show a Sharpe ratio above 0 with 95 %; there are ${bars}`;
}

function luckText({ spec }: ToldOptimisation, found: NonNullable<Optimisation['monteCarlo']>): string {
  const { drawn, shuffled } = found;
  const falls = ({ p5, p50, p95 }: typeof drawn.maxDrawdownPct) => `${plain(p5)} / ${plain(p50)} / ${plain(p95)} %`;
  return [
    `${found.trades} trades ${found.of}, ${spec.monteCarlo.runs} times, at 5 / 50 / 95 %`,
    `shuffled: drawdown ${falls(shuffled.maxDrawdownPct)}`,
    `drawn: equity ${plain(drawn.finalEquity.p5)} / ${plain(drawn.finalEquity.p50)} / ${plain(drawn.finalEquity.p95)}, drawdown ${falls(drawn.maxDrawdownPct)}`,
    `below ${100 * spec.monteCarlo.ruinShare} % of the cash: ${percent(drawn.ruinProbability)}`,
  ].join('; ');
}

const rankColumns: readonly Column<RankedTrial>[] = [
  { title: 'PARAMETERS', of: ({ parameters }) => textOf(parameters) },
  { title: 'SCORE', of: ({ score }) => orNone(score), align: 'right' },
  { title: 'RETURN %', of: ({ figures }) => orNone(figures?.returnPct), align: 'right' },
  { title: 'DRAWDOWN %', of: ({ figures }) => orNone(figures?.maxDrawdownPct), align: 'right' },
  { title: 'SHARPE', of: ({ figures }) => orNone(figures?.sharpe), align: 'right' },
  { title: 'TRADES', of: ({ figures }) => `${figures?.trades ?? 0}`, align: 'right' },
];

function tellWalkForward(output: Output, { walkForward: found }: ToldOptimisation): void {
  if (found === null) return;
  const { outOfSample: out } = found;
  output.line(
    `\nWalk forward, ${found.anchored ? 'anchored' : 'rolling'}: ${found.train} bars to choose, ${found.test} to judge`,
  );
  output.table(found.windows, [
    { title: 'TEST FROM', of: ({ testFrom }) => testFrom },
    { title: 'CHOSEN', of: ({ parameters }) => (parameters === null ? 'nothing' : textOf(parameters)) },
    { title: 'TRAIN SCORE', of: ({ trainScore }) => orNone(trainScore), align: 'right' },
    { title: 'TEST SCORE', of: ({ testScore }) => orNone(testScore), align: 'right' },
    { title: 'RETURN %', of: ({ figures }) => plain(figures.returnPct), align: 'right' },
    { title: 'TRADES', of: ({ figures }) => `${figures.trades}`, align: 'right' },
  ]);
  output.line(
    `Out of sample: ${plain(out.returnPct)} %, drawdown ${plain(out.maxDrawdownPct)} %, Sharpe ${plain(out.sharpe)} after ${plain(found.inSampleSharpe)} in sample, ${out.trades} trades`,
  );
}

function tellFolds(output: Output, { crossValidation: found }: ToldOptimisation): void {
  if (found === null) return;
  output.line(
    `\n${found.folds.length} tests of ${found.testGroups} of ${found.groups} folds, purge ${found.purge} bars, embargo ${found.embargo}`,
  );
  output.table(found.folds, [
    { title: 'TEST BARS', of: ({ test }) => test.map(({ from, to }) => `${from}-${to}`).join(' ') },
    { title: 'CHOSEN', of: ({ parameters }) => (parameters === null ? 'nothing' : textOf(parameters)) },
    { title: 'TRAIN SCORE', of: ({ trainScore }) => orNone(trainScore), align: 'right' },
    { title: 'TEST SCORE', of: ({ testScore }) => orNone(testScore), align: 'right' },
    { title: 'TRADES', of: ({ trades }) => `${trades}`, align: 'right' },
  ]);
  output.line(
    `Sharpe ratio of the tests ${plain(found.meanTestSharpe)} ± ${plain(found.testSharpeDeviation)}, above 0 in ${percent(found.positiveShare)}`,
  );
}

type Around = Optimisation['robustness']['tables'][number];

function tellAround(output: Output, { spec }: ToldOptimisation, { x, y, xValues, yValues, scores }: Around): void {
  output.line(`\nThe ${spec.objective} about the best: ${x} to the right${y === null ? '' : `, ${y} down`}`);
  const rows = scores.map((row, at) => [y === null ? '' : `${yValues[at]}`, ...row.map(orNone)]);
  output.table(
    rows,
    ['', ...xValues.map(String)].map((title, at) => ({ title, of: (row) => row[at] ?? '', align: 'right' })),
  );
}

const textOf = (parameters: Optimisation['fixed']): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

const plain = (value: number): string => value.toFixed(2);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const orNone = (value: number | null | undefined): string => (typeof value === 'number' ? plain(value) : 'none');
