import { readFileSync } from 'node:fs';
import type { Columns } from '../src/define.js';

export type Bars = Columns<'open' | 'high' | 'low' | 'close' | 'volume'>;

/** 300 one-second bars of BTCUSDT; where they are from is in fixtures/README.md. */
export function recordedBars(): Bars {
  const text = readFileSync(new URL('../fixtures/btcusdt-1s.csv', import.meta.url), 'utf8');
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const column = (place: number): Float64Array => Float64Array.from(rows, (row) => row[place] ?? Number.NaN);
  return { open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) };
}
