import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type FileKind, fileNames, type RunRecord, reportFiles, reportOf, reportPage } from '@scalpstorm/backtest';
import { notWritten, writeText } from '../write-text.js';
import { digest } from './digest.js';

export interface ReportOptions {
  /** A folder for the JSON. */
  readonly out?: string;
  /** A file for the page. */
  readonly report?: string;
}

/** Writes what was asked for; a report that nobody asked for is not made. @throws Failure */
export async function writeReport({ out, report: page }: ReportOptions, record: () => RunRecord): Promise<void> {
  if (out === undefined && page === undefined) return;
  const report = reportOf(record());
  if (page !== undefined) await writeText(page, reportPage(report, digest));
  if (out === undefined) return;
  await mkdir(out, { recursive: true }).catch(notWritten(out));
  const texts = reportFiles(report);
  for (const kind of Object.keys(texts) as FileKind[]) await writeText(join(out, fileNames[kind]), texts[kind]);
}

/** A file by its name alone: where it lay on this machine is nobody's business. */
export function sourceOf(file: string, hash: string) {
  const name = basename(file);
  return { symbol: name.split('.', 1)[0] ?? name, data: [{ name, hash }] };
}
