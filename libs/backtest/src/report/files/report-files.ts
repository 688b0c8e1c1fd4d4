import type { ReportTrade } from '../run-record.js';
import type { RunReport } from '../run-report.js';

/** Of the three files; a reader refuses what is newer than it knows. */
export const reportVersion = 1;

export const fileKinds = {
  summary: 'scalpstorm-backtest-summary',
  series: 'scalpstorm-backtest-series',
  trades: 'scalpstorm-backtest-trades',
} as const;
export type FileKind = keyof typeof fileKinds;

/** The trades are JSON lines, the others one JSON value each. */
export const fileNames: Readonly<Record<FileKind, string>> = {
  summary: 'summary.json',
  series: 'series.json',
  trades: 'trades.jsonl',
};

/** Round trips that a file keeps, the newest ones: about 300 MB. */
export const tradesKept = 1_000_000;

/** The texts of the files of a run: the same run gives the same bytes. Every one names its kind, version and hashes. */
export function reportFiles(report: RunReport): Readonly<Record<FileKind, string>> {
  const { provenance, summary, figures, details, series, trades } = report;
  const head = (kind: FileKind) => ({ kind: fileKinds[kind], version: reportVersion, provenance });
  return {
    summary: `${JSON.stringify({ ...head('summary'), summary, figures, details }, null, 1)}\n`,
    series: `${JSON.stringify({ ...head('series'), series })}\n`,
    trades: linesOf({ ...head('trades'), trades: trades.length, left: leftOf(trades) }, trades.slice(-tradesKept)),
  };
}

const leftOf = (trades: readonly ReportTrade[]): number => Math.max(0, trades.length - tradesKept);

/** What is said of all first, then a trade a line. */
const linesOf = (head: object, trades: readonly ReportTrade[]): string =>
  `${[head, ...trades].map((line) => JSON.stringify(line)).join('\n')}\n`;
