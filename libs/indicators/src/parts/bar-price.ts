/** How far a bar reached, with the gap to the close before it (Wilder 1978). */
export function trueRange(high: number, low: number, previousClose: number): number {
  return Math.max(high, previousClose) - Math.min(low, previousClose);
}

export const typicalPrice = (high: number, low: number, close: number): number => (high + low + close) / 3;

/** The typical price of every bar. */
export function typicalPrices({
  high,
  low,
  close,
}: {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}): Float64Array {
  const typical = new Float64Array(close.length);
  for (let index = 0; index < close.length; index += 1)
    typical[index] = typicalPrice(high[index] as number, low[index] as number, close[index] as number);
  return typical;
}
