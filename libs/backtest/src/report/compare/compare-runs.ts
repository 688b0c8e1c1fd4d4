import type { Json, JsonObject } from '@scalpstorm/model';
import type { BacktestWarning } from '../../fault.js';
import { assumptionRow } from '../html/assumptions.js';
import { allFigures } from '../html/definitions.js';
import { duration, momentsOf } from '../html/numbers.js';
import { numberOf, type ReportFigure, textOf } from '../html/report-figure.js';
import type { RunReport } from '../run-report.js';

export const runsMin = 2;
/** More lines in one chart cannot be told apart. */
export const runsMax = 4;

export interface NamedRun {
  /** Unlike every other one. */
  readonly name: string;
  readonly report: RunReport;
}

/** One thing that is not the same everywhere. */
export interface Difference {
  readonly kind: 'strategy' | 'parameter' | 'assumption' | 'data' | 'code' | 'runner';
  readonly name: string;
  /** Of each run; null: it has no such thing. */
  readonly values: readonly (string | null)[];
}

export interface ComparedFigure {
  readonly id: string;
  readonly label: string;
  /** For programs; null: there is no such number. */
  readonly values: readonly (number | null)[];
  readonly texts: readonly string[];
  /** Which run is best by it; null: none is, or nobody can say. */
  readonly best: number | null;
}

export interface Comparison {
  readonly runs: readonly NamedRun[];
  /** Over the same data, under the same assumptions, by the same code. */
  readonly isComparable: boolean;
  readonly warnings: readonly BacktestWarning[];
  readonly differences: readonly Difference[];
  readonly figures: readonly ComparedFigure[];
}

export function compareRuns(runs: readonly NamedRun[]): Comparison {
  const differences = differencesOf(runs.map(({ report }) => report));
  const warnings = warningsOf(differences);
  const isComparable = !warnings.some(({ code }) => code !== 'RUNS_ARE_THE_SAME');
  const figures = allFigures.map((figure) => comparedFigure(figure, runs, isComparable && differences.length > 0));
  return { runs, isComparable, warnings, differences, figures };
}

function comparedFigure(figure: ReportFigure, runs: readonly NamedRun[], isRanked: boolean): ComparedFigure {
  const { id, label, better } = figure;
  const values = runs.map(({ report }) => numberOf(figure, report));
  const texts = runs.map(({ report }) => textOf(figure, report));
  return { id, label, values, texts, best: isRanked && better !== undefined ? bestOf(values, better) : null };
}

/** Null where two share it, or one has no number. */
function bestOf(values: readonly (number | null)[], better: NonNullable<ReportFigure['better']>): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) return null;
  const best = better === 'lower' ? Math.min(...known) : Math.max(...known);
  if (better === 'higher-above-0' && best <= 0) return null;
  return known.filter((value) => value === best).length === 1 ? known.indexOf(best) : null;
}

function differencesOf(reports: readonly RunReport[]): readonly Difference[] {
  const row = (kind: Difference['kind'], name: string, of: (report: RunReport) => string | null): Difference => ({
    kind,
    name,
    values: reports.map(of),
  });
  return [
    row('strategy', 'Strategy', ({ summary }) => summary.strategy),
    ...namesOf(reports, ({ summary }) => summary.parameters).map((name) =>
      row('parameter', name, ({ summary }) => parameterText(summary.parameters[name])),
    ),
    ...namesOf(reports, ({ summary }) => summary.assumptions).map((name) =>
      row('assumption', assumptionRow(name, null)[0], ({ summary }) => assumptionText(name, summary.assumptions[name])),
    ),
    row('data', 'Data', ({ provenance }) => provenance.data.map(({ name, hash }) => `${name} ${hash}`).join(', ')),
    row('data', 'Period', ({ summary }) => momentsOf(summary)),
    row('data', 'Time of a point', ({ summary }) => duration(summary.barSeconds)),
    row('code', 'Code', ({ provenance: { platformHash, codeHash } }) => platformHash ?? codeHash),
    row('strategy', 'Version of the strategy', ({ provenance: { platformHash, codeHash } }) =>
      platformHash === undefined ? null : codeHash,
    ),
    row('runner', 'Runner', ({ provenance }) => provenance.path),
    row('runner', 'Seeds', ({ provenance }) => provenance.seeds.join(', ')),
  ].filter(({ values }) => new Set(values).size > 1);
}

const namesOf = (reports: readonly RunReport[], of: (report: RunReport) => JsonObject): readonly string[] => [
  ...new Set(reports.flatMap((report) => Object.keys(of(report)))),
];

const parameterText = (value: Json | undefined): string | null =>
  value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);

const assumptionText = (name: string, value: Json | undefined): string | null =>
  value === undefined ? null : assumptionRow(name, value)[1];

function warningsOf(differences: readonly Difference[]): readonly BacktestWarning[] {
  const differs = (kind: Difference['kind']): boolean => differences.some((one) => one.kind === kind);
  if (differences.length === 0) {
    const next = 'Change a parameter, or name other folders.';
    return [{ code: 'RUNS_ARE_THE_SAME', text: 'Nothing differs: it is the same run.', next }];
  }
  return [
    differs('data') && {
      code: 'DATA_DIFFERS',
      text: 'The runs are not over the same data: which one is better, these figures do not say.',
      next: 'Run them over the same file: --data.',
    },
    differs('assumption') && {
      code: 'ASSUMPTIONS_DIFFER',
      text: 'The runs do not assume the same of money and market; a part of the difference comes from there.',
      next: 'Run them with the same flags for cash, size, fees, spread and slippage.',
    },
    differs('code') && {
      code: 'CODE_DIFFERS',
      text: 'The runs were made by different code.',
      next: 'Run the older ones again.',
    },
  ].filter((warning) => warning !== false);
}
