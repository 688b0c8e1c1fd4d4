import type { LaneSource } from '@scalpstorm/backtest';
import { type Candle, Price, Quantity, type Timeframe, timeframeLength } from '@scalpstorm/model';
import { laneFile } from '../backtest/lane-files.js';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import { textOf } from '../rows.js';

/** The market of a session, as bars. */
export interface SessionData {
  readonly name: string;
  readonly symbol: string;
  readonly header: string;
  /** Each as a line of a file, and when it opened. */
  readonly bars: readonly { readonly at: number; readonly line: string }[];
  readonly barLength: number;
}

/** Of a part of a session. */
export interface PartData {
  readonly source: LaneSource;
  readonly openedAt: readonly number[];
  readonly barLength: number;
}

export function partOf(
  { name, symbol, header, bars, barLength }: SessionData,
  span: Pick<Wanted, 'from' | 'to'>,
): PartData {
  const within = bars.filter(({ at }) => at + barLength > span.from && at <= span.to);
  return {
    source: { name, symbol, chunks: chunksOf([header, ...within.map(({ line }) => line)]) },
    openedAt: within.map(({ at }) => at),
    barLength,
  };
}

export interface Wanted {
  readonly instrument: string;
  readonly symbol: string;
  /** Bars that opened before are left out. */
  readonly from: number;
  readonly to: number;
  /** Bars that the bot heard. */
  readonly heard: readonly Candle[];
}

const candlesMax = 1_000;
const names = ['open', 'high', 'low', 'close', 'volume'] as const;

/** What market-data still has, and what the bot itself heard of such bars. @throws Failure NO_CANDLES */
export async function fetchCandles(
  { api }: Context,
  { instrument, symbol, from, to, heard }: Wanted,
  timeframe: Timeframe,
): Promise<SessionData> {
  const { data } = await api.list('/v1/candles', { instrument, timeframe, limit: candlesMax });
  const length = timeframeLength[timeframe];
  const told = data
    .filter((row) => row['closed'] === true)
    .map((row) => ({ at: 1_000 * Date.parse(textOf(row['openedAt'])), bar: names.map((name) => textOf(row[name])) }));
  const known = heard
    .filter((bar) => bar.timeframe === timeframe)
    .map(({ openedAt, open, high, low, close, volume }) => ({
      at: openedAt as number,
      bar: [...[open, high, low, close].map(Price.format), Quantity.format(volume)],
    }));
  const bars = [...new Map([...known, ...told].map((one) => [one.at, one])).values()].toSorted((a, b) => a.at - b.at);
  const within = bars.filter(({ at }) => at + length > from && at <= to);
  if (within.length === 0) throw noCandles(`market-data has no candles of ${timeframe} of the session any more.`);
  const lines = within.map(({ at, bar }) => ({ at, line: [new Date(at / 1_000).toISOString(), ...bar].join(',') }));
  return {
    ...{ name: `${symbol} ${timeframe}`, symbol, header: `time,${names.join()}` },
    ...{ bars: lines, barLength: length },
  };
}

/** Bars of a file. @throws Failure */
export async function readCandles(
  file: string,
  { symbol, from, to }: Wanted,
  timeframe: Timeframe,
): Promise<SessionData> {
  const { source } = await laneFile(file, symbol);
  const text: Uint8Array[] = [];
  for await (const chunk of source.chunks) text.push(chunk);
  const [header = '', ...lines] = Buffer.concat(text).toString('utf8').split(/\r?\n/).filter(Boolean);
  const column = header
    .toLowerCase()
    .split(',')
    .findIndex((name) => ['time', 'openedat', 'time_ms', 'timestamp', 'date', ''].includes(name));
  const timed = lines.map((line) => ({ line, at: microsOf(line.split(',')[column] ?? '') }));
  const wrong = timed.findIndex(({ at }) => !Number.isFinite(at));
  if (column < 0 || wrong >= 0)
    throw usageFailure(
      'NOT_CANDLES',
      `${file}, line ${wrong + 2}: there is no time.`,
      'give bars: time, open, high, low, close',
    );
  const length = timeframeLength[timeframe];
  const within = timed.filter(({ at }) => at + length > from && at <= to);
  if (within.length === 0) throw noCandles(`${file} has no bars of the session.`);
  return { name: source.name, symbol, header, bars: within, barLength: length };
}

const noCandles = (text: string): Failure =>
  new Failure('NO_CANDLES', text, { next: 'give a file of them with --data, or a longer --timeframe' });

async function* chunksOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join('\n'));
}

/** Seconds, milliseconds or microseconds since the epoch, or ISO. */
function microsOf(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) return 1_000 * Date.parse(text);
  const number = Number(text);
  return number < 1e11 ? number * 1e6 : number < 1e14 ? number * 1e3 : number;
}
