import { seededRng } from '@scalpstorm/kernel';
import { type BarColumns, barStrategies, type ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { plainMarket } from '../src/bars/bar-market.js';
import { runBars } from '../src/bars/run-bars.js';
import { type ReportTrade, type RunRecord, recordOfBars } from '../src/report/run-record.js';

const minuteMicros = 60_000_000;

/** A market from a seed, with a wave that a cross of averages trades; the first bar opens with the year 2022. */
export function playedBars(length: number): BarColumns {
  const rng = seededRng(3);
  const columns = () => new Float64Array(length);
  const bars = { open: columns(), high: columns(), low: columns(), close: columns(), volume: columns().fill(10) };
  const openedAt = Float64Array.from({ length }, (_, at) => 1_640_995_200_000_000 + at * minuteMicros);
  let price = 100;
  for (let at = 0; at < length; at += 1) {
    bars.open[at] = price;
    price *= 1 + 0.002 * rng.gaussian() + 0.001 * Math.sin(at / 25);
    bars.close[at] = price;
    bars.high[at] = Math.max(bars.open[at] ?? 0, price) * 1.0005;
    bars.low[at] = Math.min(bars.open[at] ?? 0, price) * 0.9995;
  }
  return { length, openedAt, ...bars };
}

export function configured(id: string): ConfiguredBarStrategy {
  const read = barStrategies.get(id)?.configure({});
  if (read?.ok !== true) throw new Error(`${id} was not configured`);
  return read.value;
}

/** A rule over such a market; the usual one is a cross of averages. */
export function playedRun(length = 5_000, id = 'ema-cross'): RunRecord {
  const bars = playedBars(length);
  const strategy = configured(id);
  const market = plainMarket(10_000, 10);
  const run = runBars(bars, strategy, market);
  if (!run.ok) throw new Error(run.error.text);
  const data = [{ name: 'played.csv', hash: 'ab'.repeat(32) }];
  const record = recordOfBars(
    bars,
    strategy,
    { market, run: run.value },
    { symbol: 'PLAYED', data, codeHash: 'cd'.repeat(32), path: 'event-driven', seeds: [3] },
  );
  return { ...record, trialsEver: 7 };
}

/** A round trip that is ordinary but for what is said. */
export const trade = (given: Partial<ReportTrade> = {}): ReportTrade => ({
  symbol: 'PLAYED',
  side: 'long',
  openedAt: '2022-01-01T00:10:00.000Z',
  closedAt: '2022-01-01T00:20:00.000Z',
  quantity: 1,
  entryPrice: 100,
  exitPrice: 101,
  fees: 0.2,
  net: 0.8,
  netShare: 0.008,
  exitReason: 'signal',
  entryTag: '',
  exitTag: '',
  ...given,
});
