import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileKind, fileNames, type RunReport, readReport } from '@scalpstorm/backtest';
import { Failure, usageFailure } from '../failure.js';

/** As much as a text can be. */
const bytesMax = 512 * 2 ** 20;

/** The run that `backtest --out` kept in this folder. @throws Failure */
export async function readFolder(folder: string): Promise<RunReport> {
  const [summary, series, trades] = await Promise.all(
    (['summary', 'series', 'trades'] as const).map((kind) => textOf(folder, kind)),
  );
  const read = readReport({ summary: summary ?? '', series: series ?? '', trades: trades ?? '' });
  if (read.ok) return read.value;
  const { code, text, next } = read.error;
  throw new Failure(code, `${folder}: ${text}`, { next });
}

async function textOf(folder: string, kind: FileKind): Promise<string> {
  const file = join(folder, fileNames[kind]);
  const next = 'name a folder that "scalpstorm backtest --out FOLDER" wrote';
  const unread = (cause: NodeJS.ErrnoException): never => {
    const text = cause.code === 'ENOENT' ? `there is no ${file}.` : `${file} could not be read: ${cause.message}`;
    throw usageFailure('REPORT_NOT_FOUND', text, next);
  };
  const { size } = await stat(file).catch(unread);
  if (size > bytesMax)
    throw usageFailure('REPORT_TOO_LARGE', `${file} has ${size} bytes, more than ${bytesMax}.`, next);
  return await readFile(file, 'utf8').catch(unread);
}
