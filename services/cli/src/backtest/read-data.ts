import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readBars } from '@scalpstorm/backtest';
import type { BarColumns } from '@scalpstorm/strategies';
import { Failure, usageFailure } from '../failure.js';

const unzip = promisify(gunzip);
/** A few tens of millions of bars. */
const bytesMax = 2 ** 31 - 1;
const gzipMark = [0x1f, 0x8b];

export interface BarData {
  readonly bars: BarColumns;
  /** SHA-256 of the text, whether or not it was compressed; hex. */
  readonly dataHash: string;
}

/** @throws Failure naming the file, and the line where one is to blame */
export async function readData(file: string): Promise<BarData> {
  const bytes = await textBytes(file);
  const bars = readBars(bytes);
  if (!bars.ok) {
    const { code, text, next } = bars.error;
    throw new Failure(code, `${file}: ${text}`, { next });
  }
  return { bars: bars.value, dataHash: createHash('sha256').update(bytes).digest('hex') };
}

async function textBytes(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const text = cause.code === 'ENOENT' ? `there is no file ${file}.` : `${file} could not be read: ${cause.message}`;
    throw usageFailure('FILE_UNREADABLE', text, 'name a CSV file, or one compressed with gzip, with --data');
  });
  if (!gzipMark.every((byte, at) => bytes[at] === byte)) return bytes;
  return await unzip(bytes, { maxOutputLength: bytesMax }).catch((cause: Error) => {
    const next = 'fetch it again: it was cut off or is no gzip file';
    throw new Failure('FILE_DAMAGED', `${file}: ${cause.message}`, { next, cause });
  });
}
