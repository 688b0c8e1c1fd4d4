import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createGunzip, gunzipSync } from 'node:zlib';
import { describe } from '@jest/globals';
import type { LaneSource } from '../src/lane/run-lane.js';

// Real markets, which not every machine has.

const folder = new URL('../../../../shared/data/', import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(name, folder));

export const spotTrades = 'binance_spot_btcusdt_20240808_trades.csv.gz';
export const spotBook = 'binance_spot_btcusdt_20240808_l2.csv.gz';
export const spotCapture = 'raw_binance_spot_btcusdt_20240808.ws.gz';
export const perpMinutes = 'btc-perp_1m_2021-12-31_2022-02-01.csv.gz';

/** Skipped, and said so, where the data is absent. */
export const recorded = existsSync(pathOf(spotTrades)) ? describe : describe.skip;

const linesOf = (name: string): string[] =>
  gunzipSync(readFileSync(pathOf(name)))
    .toString()
    .trim()
    .split('\n');

export const recordedSource = (name: string): LaneSource => ({
  name,
  symbol: 'BTC-USDT',
  chunks: createReadStream(pathOf(name)).pipe(createGunzip()) as AsyncIterable<Uint8Array>,
});

/** The header and so many rows of it. */
export const recordedBeginning = (name: string, rows: number): LaneSource => {
  const text = linesOf(name)
    .slice(0, rows + 1)
    .join('\n');
  return { name, symbol: 'BTC-USDT', chunks: Readable.from([Buffer.from(text)]) };
};

/** Fields of each row below the header. */
export const rowsOf = (name: string): string[][] =>
  linesOf(name)
    .slice(1)
    .map((line) => line.split(','));
