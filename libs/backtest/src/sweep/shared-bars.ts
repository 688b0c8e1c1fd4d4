import type { BarColumns } from '@scalpstorm/strategies';

/** The same bars in memory that threads share; as they are where they lie in such memory already, also a stretch of longer ones. */
export const sharedBars = (bars: BarColumns): BarColumns => ({
  length: bars.length,
  openedAt: shared(bars.openedAt),
  open: shared(bars.open),
  high: shared(bars.high),
  low: shared(bars.low),
  close: shared(bars.close),
  volume: shared(bars.volume),
});

function shared(column: Float64Array): Float64Array {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const copy = new Float64Array(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}
