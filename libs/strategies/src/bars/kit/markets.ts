import { assert, seededRng } from '@scalpstorm/kernel';
import type { BarColumns } from '../bar-strategy.js';

/** A bar of a table; what is left out follows from the close. */
export interface BarRow {
  readonly close: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly volume?: number;
}

export interface MarketOptions {
  /** When the first bar opened, ISO 8601; by default the first Monday of 2024. */
  readonly from?: string;
  /** Seconds that a bar lasts, 60 by default. */
  readonly barSeconds?: number;
}

const firstMonday = '2024-01-01T00:00:00Z';

/** A market from a small table: rows, or closes alone; a bar opens where the one before it closed. */
export function barsOf(table: readonly (number | BarRow)[], options: MarketOptions = {}): BarColumns {
  const bars = emptyBars(table.length, options);
  let before = Number.NaN;
  for (const [index, row] of table.entries()) {
    const given: BarRow = typeof row === 'number' ? { close: row } : row;
    const { close } = given;
    const open = given.open ?? (Number.isNaN(before) ? close : before);
    const [high, low] = [given.high ?? Math.max(open, close), given.low ?? Math.min(open, close)];
    assert(high >= Math.max(open, close) && low <= Math.min(open, close), `row ${index} leaves its own range`);
    for (const [name, value] of Object.entries({ open, high, low, close, volume: given.volume ?? 1 })) {
      bars[name as 'close'][index] = value;
    }
    before = close;
  }
  return bars;
}

/** A market that goes both ways, with quiet and loud times: the same for the same seed. */
export function walkingBars(seed: number, length: number, options: MarketOptions = {}): BarColumns {
  const rng = seededRng(seed);
  const bars = emptyBars(length, options);
  let price = 100;
  for (let bar = 0; bar < length; bar += 1) {
    const open = price;
    price *= 1 + 0.004 * rng.gaussian() + 0.002 * Math.sin(bar / 40);
    bars.open[bar] = open;
    bars.close[bar] = price;
    bars.high[bar] = Math.max(price, open) * (1 + 0.001 * rng.next());
    bars.low[bar] = Math.min(price, open) * (1 - 0.001 * rng.next());
    bars.volume[bar] = 100 * (1 + 3 * rng.next() ** 4);
  }
  return bars;
}

/** The first so many bars. */
export function firstBars(bars: BarColumns, length: number): BarColumns {
  const cut = (column: Float64Array) => column.slice(0, length);
  const { openedAt, open, high, low, close, volume } = bars;
  return {
    length,
    openedAt: cut(openedAt),
    open: cut(open),
    high: cut(high),
    low: cut(low),
    close: cut(close),
    volume: cut(volume),
  };
}

function emptyBars(length: number, { from = firstMonday, barSeconds = 60 }: MarketOptions): BarColumns {
  const start = Date.parse(from) * 1_000;
  assert(Number.isFinite(start), `${from} is no time`);
  const column = () => new Float64Array(length);
  return {
    length,
    openedAt: column().map((_, bar) => start + bar * barSeconds * 1e6),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
}
