import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { BacktestFault } from '../fault.js';
import { columnNames } from './column-names.js';
import type { DataKind } from './market-row.js';
import type { TimeUnit } from './read-time.js';
import { columnTwice } from './refuse-header.js';

/** Which column is what; -1 where there is none. */
export interface TableLayout {
  readonly kind: Exclude<DataKind, 'capture'>;
  readonly columns: number;
  readonly time: number;
  readonly timeUnit: TimeUnit | null;
  readonly at: Readonly<Record<ColumnName, number>>;
}

/** What a column is called, wherever it comes from. */
const names = {
  open: ['open'],
  high: ['high'],
  low: ['low'],
  close: ['close'],
  volume: ['volume'],
  price: ['price'],
  quantity: ['qty', 'quantity', 'size', 'amount'],
  side: ['side', 'aggressor', 'taker_side'],
  buyerIsMaker: ['buyer_is_maker', 'is_buyer_maker', 'isbuyermaker'],
  tradeId: ['trade_id', 'id', 'agg_trade_id'],
  isSnapshot: ['is_snapshot', 'type'],
  firstId: ['first_update_id', 'u_first'],
  lastId: ['final_update_id', 'last_update_id', 'u_last'],
  previousId: ['pu', 'prev_final_update_id'],
  rate: ['funding_rate', 'rate', 'fundingrate'],
} as const;
export type ColumnName = keyof typeof names;

/** The venue's own time before that of whoever recorded it: two captures fit together by it. */
const timeNames = [
  'exch_ts',
  'exchange_time',
  'transact_time',
  'funding_time',
  'fundingtime',
  'time',
  'date',
  'datetime',
  'timestamp',
  'open_time',
  'recv_ts',
  'local_timestamp',
];
const units: ReadonlyMap<string, TimeUnit> = new Map([
  ['_s', 'seconds'],
  ['_ms', 'milliseconds'],
  ['_us', 'microseconds'],
  ['_ns', 'nanoseconds'],
]);

/** What a table holds is told by the names of its columns, in any case and order; others are left alone. */
export function tableLayoutOf(line: string): Result<TableLayout, BacktestFault> {
  const read = columnNames(line);
  if (!read.ok) return read;
  const raw = read.value;
  const lower = raw.map((name) => name.toLowerCase());
  const time = timeOf(lower);
  const find = (column: ColumnName): number =>
    lower.findIndex((name) => (names[column] as readonly string[]).includes(name));
  const at = Object.fromEntries((Object.keys(names) as ColumnName[]).map((column) => [column, find(column)])) as Record<
    ColumnName,
    number
  >;
  // Binance's own letters, which differ in nothing but their case.
  if (at.firstId < 0) at.firstId = raw.indexOf('U');
  if (at.lastId < 0) at.lastId = raw.indexOf('u');
  const kind = kindOf(at);
  if (kind === null || time.index < 0) return fail(unknownTable(line, kind, time.index));
  const twice = columnTwice(lower, [time.index, ...Object.values(at)]);
  // Binance's own U and u are two.
  if (twice !== null && !raw.includes('U')) return fail(twice);
  return ok({ kind, columns: raw.length, time: time.index, timeUnit: time.unit, at });
}

function kindOf(at: Readonly<Record<ColumnName, number>>): TableLayout['kind'] | null {
  const has = (...columns: readonly ColumnName[]): boolean => columns.every((column) => at[column] >= 0);
  if (has('open', 'high', 'low', 'close')) return 'candles';
  if (has('price', 'quantity', 'side') && (has('isSnapshot') || has('lastId'))) return 'book';
  if (has('price', 'quantity') && (has('side') || has('buyerIsMaker'))) return 'trades';
  return has('rate') ? 'funding' : null;
}

function timeOf(columns: readonly string[]): { index: number; unit: TimeUnit | null } {
  for (const name of timeNames) {
    const index = columns.findIndex(
      (column) => column === name || (units.has(column.slice(name.length)) && column.startsWith(name)),
    );
    if (index >= 0) return { index, unit: units.get((columns[index] as string).slice(name.length)) ?? null };
  }
  return { index: columns[0] === '' ? 0 : -1, unit: null };
}

function unknownTable(line: string, kind: string | null, time: number): BacktestFault {
  const missing = time < 0 && kind !== null ? 'no column of the time' : 'columns that tell no kind of data';
  return {
    code: 'COLUMNS_MISSING',
    text: `The header has ${missing}: ${JSON.stringify(line.slice(0, 200))}.`,
    next: 'Name the columns: time and open, high, low, close, volume (bars); price, qty and side or buyer_is_maker (trades); type, side, price, qty (book); funding_rate (funding).',
  };
}
