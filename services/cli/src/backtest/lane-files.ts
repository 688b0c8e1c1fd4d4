import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { LaneSource } from '@scalpstorm/backtest';
import { Failure, usageFailure } from '../failure.js';

/** A file of market data that is hashed while it is read. */
export interface LaneFile {
  readonly name: string;
  readonly symbol: string;
  readonly source: LaneSource;
  /** SHA-256 of the text, whether or not it was compressed; hex. Once it is read to its end. */
  hash(): string;
}

const gzipMark = [0x1f, 0x8b];
const assigned = /^([A-Z0-9]{1,20}-[A-Z0-9]{1,20})=(.+)$/;
/** What prices are quoted in, the longest first, so that BTCFDUSD is not BTCFD-USD. */
const quotes = [
  'FDUSD',
  'USDT',
  'USDC',
  'BUSD',
  'TUSD',
  'USDP',
  'DAI',
  'USD',
  'EUR',
  'GBP',
  'INR',
  'BTC',
  'ETH',
  'BNB',
];

/** `FILE` or `BTC-USDT=FILE`. */
export function marketIn(text: string): { readonly named: string | undefined; readonly path: string } {
  const [, named, path = text] = assigned.exec(text) ?? [];
  return { named, path };
}

/** @throws Failure when nothing tells the market, or the file can not be read */
export async function laneFile(text: string, symbol: string | undefined): Promise<LaneFile> {
  const { named, path } = marketIn(text);
  const market = named ?? symbol ?? symbolOf(basename(path));
  if (market === null) {
    throw usageFailure(
      'SYMBOL_UNKNOWN',
      `nothing tells of which market ${path} is.`,
      '--symbol BTC-USDT, or --data BTC-USDT=FILE',
    );
  }
  const isZipped = await startsLikeGzip(path);
  const hash = createHash('sha256');
  let told: string | null = null;
  return {
    name: basename(path),
    symbol: market,
    source: { name: path, symbol: market, chunks: chunksOf(path, isZipped, hash) },
    hash: () => {
      told ??= hash.digest('hex');
      return told;
    },
  };
}

/** `binance_spot_btcusdt_20240808_trades.csv.gz` is of BTC-USDT. */
export function symbolOf(file: string): string | null {
  for (const word of file.toUpperCase().split(/[_.]/)) {
    const [left, right, ...rest] = word.split('-');
    if (right !== undefined && rest.length === 0 && quotes.includes(right)) return `${left}-${right}`;
    const quote = quotes.find((one) => word.endsWith(one) && word.length > one.length);
    if (quote !== undefined && /^[A-Z0-9]+$/.test(word)) return `${word.slice(0, -quote.length)}-${quote}`;
  }
  return null;
}

async function startsLikeGzip(path: string): Promise<boolean> {
  const unread = (cause: NodeJS.ErrnoException): never => {
    const text = cause.code === 'ENOENT' ? `there is no file ${path}.` : `${path} could not be read: ${cause.message}`;
    throw usageFailure('FILE_UNREADABLE', text, 'name a file of market data, or one compressed with gzip, with --data');
  };
  const file = await open(path).catch(unread);
  try {
    // A folder is opened, and can not be read.
    const { buffer } = await file.read(new Uint8Array(2), 0, 2, 0).catch(unread);
    return gzipMark.every((byte, at) => buffer[at] === byte);
  } finally {
    await file.close();
  }
}

async function* chunksOf(path: string, isZipped: boolean, hash: Hash): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(path, { highWaterMark: 2 ** 18 });
  // What goes wrong on the way ends the stream that is read from.
  const text = isZipped ? pipeline(raw, createGunzip(), () => undefined) : raw;
  try {
    for await (const chunk of text as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      yield chunk;
    }
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('FILE_DAMAGED', `${path}: ${text}`, {
      next: 'fetch it again: it was cut off or is no gzip file',
      cause,
    });
  }
}
