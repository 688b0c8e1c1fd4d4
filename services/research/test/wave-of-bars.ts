import { gzipSync } from 'node:zlib';
import { barsHeader } from '../src/domain/bars-csv.js';

/** Bars of a minute that go up and down, compressed as a job is given them. @param start µs since 1970 */
export function waveOfBars(start: number, rows: number): Buffer {
  const lines = Array.from({ length: rows }, (_, at) => {
    const [open, close] = [100 + 10 * Math.sin(at / 3), 100 + 10 * Math.sin((at + 1) / 3)];
    return [start + at * 60e6, open, Math.max(open, close), Math.min(open, close), close, 1].join(',');
  });
  return gzipSync([barsHeader, ...lines].join('\n'));
}
