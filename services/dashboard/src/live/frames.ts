import type { Rows } from './rows-by-key.js';

// Frames of the stream, folded into rows. Pure: no socket, no clock.

export interface Frame {
  readonly ch: string;
  /** `resumed` holds everything that was missed while the connection was cut. */
  readonly type: 'snapshot' | 'resumed' | 'delta';
  readonly seq: number;
  /** Changes with the life of the gateway; numbers are only comparable within one. Null on changes. */
  readonly epoch: string | null;
  readonly data: readonly unknown[];
  /** When the gateway sent it, by its own clock; null where it does not say. */
  readonly ts: string | null;
  /** How old the newest of it was then, in milliseconds; null where it does not say. */
  readonly ageMs: number | null;
}

/** Where a channel stands: what the gateway is told to go on from. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

export type Row = { readonly [field: string]: unknown };

/** How many rows of a channel are kept; open orders are kept always. */
const rowsMax: Readonly<Record<string, number>> = { orders: 500, fills: 500, activity: 500, candles: 600 };

const keyFields: Readonly<Record<string, readonly string[]>> = {
  bots: ['id'],
  orders: ['clientOrderId'],
  fills: ['account', 'symbol', 'tradeId', 'clientOrderId'],
  activity: ['id'],
  accounts: ['id'],
  prices: ['instrument'],
  candles: ['openedAt'],
  state: [],
};

/** `candles` for `candles:sim:BTC-USDT:1s`. */
export const kindOf = (channel: string): string => channel.split(':', 1)[0] ?? channel;

/** Null for a channel that this version does not know. */
export function keyOf(channel: string, row: Row): string | null {
  const fields = keyFields[kindOf(channel)];
  return fields === undefined ? null : fields.map((field) => String(row[field])).join('/');
}

export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

/**
 * A snapshot replaces, a change adds. A row that is older than the one there is, is ignored; a deleted one goes.
 * @returns a new map when anything changed
 */
export function fold(known: Rows | undefined, frame: Frame): Rows {
  const rows: Map<string, Row> = new Map(frame.type === 'snapshot' ? [] : known);
  for (const row of frame.data) {
    if (!isRow(row)) continue;
    const key = keyOf(frame.ch, row);
    if (key === null || isOlder(row, rows.get(key))) continue;
    if (row['deleted'] === true) rows.delete(key);
    else rows.set(key, row);
  }
  return trimmed(rows, rowsMax[kindOf(frame.ch)]);
}

function isOlder(row: Row, known: Row | undefined): boolean {
  const [version, had] = [row['version'], known?.['version']];
  return typeof version === 'number' && typeof had === 'number' && version < had;
}

/** When what the row tells happened; empty for a row without a time. */
export const timeOf = (row: Row): string =>
  String(row['updatedAt'] ?? row['occurredAt'] ?? row['at'] ?? row['openedAt'] ?? '');

/** Some room is left, so that not every frame sorts. */
function trimmed(rows: Map<string, Row>, max: number | undefined): Rows {
  if (max === undefined || rows.size <= max * 1.25) return rows;
  const oldest = [...rows.entries()]
    .filter(([, row]) => row['final'] !== false)
    .sort(([, left], [, right]) => (timeOf(left) < timeOf(right) ? -1 : 1));
  for (const [key] of oldest.slice(0, rows.size - max)) rows.delete(key);
  return rows;
}

/** Where the channel stands after this frame; null when frames before it are missing. */
export function positionAfter(known: Position | undefined, { type, seq, epoch }: Frame): Position | null {
  if (type !== 'delta') return { epoch: epoch ?? '', seq };
  return known !== undefined && seq === known.seq + 1 ? { epoch: known.epoch, seq } : null;
}

const types = ['snapshot', 'resumed', 'delta'] as const;

/** Null for everything that is no frame with rows. */
export function frameOf(message: unknown): Frame | null {
  if (!isRow(message)) return null;
  const { ch, seq, data, epoch, ts, ageMs } = message;
  const type = types.find((each) => each === message['type']);
  if (typeof ch !== 'string' || typeof seq !== 'number' || !Array.isArray(data) || type === undefined) return null;
  return {
    ...{ ch, type, seq, data, epoch: typeof epoch === 'string' ? epoch : null },
    ts: typeof ts === 'string' ? ts : null,
    ageMs: typeof ageMs === 'number' ? ageMs : null,
  };
}
