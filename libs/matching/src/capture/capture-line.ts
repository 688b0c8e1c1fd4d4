/** A level as the venue wrote it: price and quantity as decimal texts. */
export type TextLevel = readonly [price: string, quantity: string];

export interface CapturedDepth {
  readonly kind: 'depth';
  readonly symbol: string;
  readonly firstId: number;
  readonly lastId: number;
  /** The `u` of the event before, on futures; null on spot. */
  readonly previousId: number | null;
  readonly bids: readonly TextLevel[];
  readonly asks: readonly TextLevel[];
  readonly eventTime: number;
}

export interface CapturedTrade {
  readonly kind: 'trade';
  readonly symbol: string;
  readonly price: string;
  readonly quantity: string;
  readonly buyerIsMaker: boolean;
  readonly eventTime: number;
}

export interface CapturedSnapshot {
  readonly kind: 'snapshot';
  readonly lastUpdateId: number;
  readonly bids: readonly TextLevel[];
  readonly asks: readonly TextLevel[];
}

/** A readable line that moves nothing here: the best quote, which depth tells too, and streams that we do not replay. */
export interface CapturedOther {
  readonly kind: 'other';
}

export type CapturedEvent = CapturedDepth | CapturedTrade | CapturedSnapshot | CapturedOther;

export type LineFault =
  | 'NO_RECEIVE_TIME'
  | 'NOT_JSON'
  | 'NOT_AN_EVENT'
  | 'BAD_FIELD'
  | 'OTHER_SYMBOL'
  | 'OFF_TICK'
  | 'LINE_TOO_LONG';

export type ParsedLine =
  /** `receivedAt` in milliseconds. */
  | { readonly ok: true; readonly receivedAt: number; readonly event: CapturedEvent }
  | { readonly ok: false; readonly fault: LineFault };

const linePattern = /^(\d{13,19}) (.*)$/s;
const nanosPerMilli = 1e6;
const decimalPattern = /^\d{1,20}(\.\d{1,12})?$/;

/** Reads `<receive ns> <json>`: a combined-stream message (spot or USDT-M) or a REST depth snapshot. */
export function parseCaptureLine(line: string): ParsedLine {
  const match = linePattern.exec(line);
  if (match === null) return { ok: false, fault: 'NO_RECEIVE_TIME' };
  const [, nanos = '', json = ''] = match;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, fault: 'NOT_JSON' };
  }
  const event = readEvent(value);
  return typeof event === 'string'
    ? { ok: false, fault: event }
    : { ok: true, receivedAt: Number(nanos) / nanosPerMilli, event };
}

function readEvent(value: unknown): CapturedEvent | LineFault {
  if (!isRecord(value)) return 'NOT_AN_EVENT';
  if ('lastUpdateId' in value) return readSnapshot(value);
  const data = 'data' in value ? value['data'] : value;
  if (!isRecord(data)) return 'NOT_AN_EVENT';
  if (data['e'] === 'depthUpdate') return readDepth(data);
  if (data['e'] === 'trade') return readTrade(data);
  // A spot bookTicker has no event name; its stream does.
  return typeof data['e'] === 'string' || typeof value['stream'] === 'string' ? { kind: 'other' } : 'NOT_AN_EVENT';
}

function readSnapshot(value: Record<string, unknown>): CapturedEvent | LineFault {
  const { lastUpdateId, bids, asks } = value;
  if (!isId(lastUpdateId) || !isLevels(bids) || !isLevels(asks)) return 'BAD_FIELD';
  return { kind: 'snapshot', lastUpdateId, bids, asks };
}

function readDepth(data: Record<string, unknown>): CapturedEvent | LineFault {
  const { s, U, u, pu, b, a, E } = data;
  if (typeof s !== 'string' || !isId(U) || !isId(u) || !isId(E) || !isLevels(b) || !isLevels(a)) return 'BAD_FIELD';
  if (u < U || (pu !== undefined && !isId(pu))) return 'BAD_FIELD';
  return { kind: 'depth', symbol: s, firstId: U, lastId: u, previousId: pu ?? null, bids: b, asks: a, eventTime: E };
}

function readTrade(data: Record<string, unknown>): CapturedEvent | LineFault {
  const { s, p, q, m, T } = data;
  if (typeof s !== 'string' || !isDecimal(p) || !isDecimal(q) || typeof m !== 'boolean' || !isId(T)) return 'BAD_FIELD';
  // Futures also report transfers of the insurance fund as trades, at price or quantity 0.
  if (Number(p) === 0 || Number(q) === 0) return { kind: 'other' };
  return { kind: 'trade', symbol: s, price: p, quantity: q, buyerIsMaker: m, eventTime: T };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isDecimal = (value: unknown): value is string => typeof value === 'string' && decimalPattern.test(value);
const isLevels = (value: unknown): value is TextLevel[] =>
  Array.isArray(value) && value.every((level) => Array.isArray(level) && isDecimal(level[0]) && isDecimal(level[1]));
