import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { BacktestFault } from '../../fault.js';
import type { Provenance, ReportDetails, ReportSummary, ReportTrade } from '../run-record.js';
import type { ReportFigures, ReportSeries, RunReport } from '../run-report.js';
import { noPlots } from '../window-plots.js';
import { type FileKind, fileKinds, fileNames, reportVersion } from './report-files.js';
import { seriesFileShape, summaryFileShape, tradeShape, tradesHeadShape } from './report-shapes.js';
import { isObject, type Shape } from './shape.js';

const again = 'Make the folder again: scalpstorm backtest … --out FOLDER.';

/** Earlier programs wrote less. */
interface SummaryFile {
  readonly provenance: Provenance;
  readonly summary: ReportSummary;
  readonly figures: Omit<ReportFigures, LaterFigures> & Partial<Pick<ReportFigures, LaterFigures>>;
  readonly details: readonly ReportDetails[];
}

interface SeriesFile {
  readonly provenance: Provenance;
  readonly series: Omit<ReportSeries, LaterSeries> & Partial<Pick<ReportSeries, LaterSeries>>;
}
type LaterFigures = 'trialsEver';
type LaterSeries = 'prices' | 'plots' | 'windows';

interface TradesFile {
  readonly provenance: Provenance;
  readonly trades: number;
}

/** Reads what `reportFiles` wrote; fields that it does not know are let be, a newer version is refused. */
export function readReport(texts: Readonly<Record<FileKind, string>>): Result<RunReport, BacktestFault> {
  const summary = fileOf<SummaryFile>('summary', texts.summary, summaryFileShape);
  if (!summary.ok) return summary;
  const seriesFile = fileOf<SeriesFile>('series', texts.series, seriesFileShape);
  if (!seriesFile.ok) return seriesFile;
  const series: ReportSeries = { prices: [], plots: noPlots, windows: [], ...seriesFile.value.series };
  const [first = '', ...lines] = texts.trades.split('\n').filter((line) => line !== '');
  const head = fileOf<TradesFile>('trades', first, tradesHeadShape);
  if (!head.ok) return head;
  const trades = tradesOfLines(lines);
  if (!trades.ok) return trades;
  const { provenance, summary: told, details } = summary.value;
  const figures: ReportFigures = { trialsEver: null, ...summary.value.figures };
  const report = { provenance, summary: told, figures, details, series, trades: trades.value };
  const apart = [seriesFile.value, head.value].some((file) => !isSame(file.provenance, provenance));
  if (!apart && isOneRun(report, head.value)) return ok(report);
  return fault('REPORT_FILES_DIFFER', 'The three files are not of the same run.');
}

function fileOf<File>(kind: FileKind, content: string, shape: Shape): Result<File, BacktestFault> {
  const name = fileNames[kind];
  const value = parsed(content);
  if (!isObject(value) || value['kind'] !== fileKinds[kind]) {
    return fault('REPORT_UNREADABLE', `${name} is no ${fileKinds[kind]}.`);
  }
  const version = value['version'];
  if (version !== reportVersion) {
    return fail({
      code: 'REPORT_VERSION_UNKNOWN',
      text: `${name} is of version ${JSON.stringify(version)}; this program reads version ${reportVersion}.`,
      next: `Read it with the program that wrote it. ${again}`,
    });
  }
  const found = shape(value, '');
  return found === null ? ok(value as File) : fault('REPORT_UNREADABLE', `${name}: ${found}.`);
}

function tradesOfLines(lines: readonly string[]): Result<readonly ReportTrade[], BacktestFault> {
  const trades: ReportTrade[] = [];
  for (const [at, line] of lines.entries()) {
    const value = parsed(line);
    const found = value === undefined ? 'no JSON' : tradeShape(value, '');
    // The first line is about all of them.
    if (found !== null) return fault('REPORT_UNREADABLE', `${fileNames.trades}, line ${at + 2}: ${found}.`);
    trades.push(value as ReportTrade);
  }
  return ok(trades);
}

const isOneRun = ({ summary, series, trades }: RunReport, head: TradesFile & { left?: number }): boolean =>
  series.equity.at(-1) === summary.finalEquity &&
  isEven(series) &&
  head.trades === summary.trades &&
  trades.length === head.trades - (head.left ?? 0);

/** Columns of one table. */
function isEven({ equity, atMs, drawdownPct, price, prices, hold, window, windows, plots }: ReportSeries): boolean {
  const beside = [atMs, drawdownPct, price ?? equity, hold ?? equity, ...prices.map(({ values }) => values)];
  const bars = window?.openedAtMs.length ?? 0;
  const inWindow = [
    ...Object.values(window ?? {}),
    ...plots.shown.flatMap(({ lines }) => lines.map(({ values }) => values)),
  ];
  return (
    beside.every(({ length }) => length === equity.length) &&
    inWindow.every(({ length }) => length === bars) &&
    windows.every(({ window: own }) => Object.values(own).every(({ length }) => length === own.openedAtMs.length))
  );
}

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

function parsed(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}

const fault = (code: string, said: string): Result<never, BacktestFault> => fail({ code, text: said, next: again });
