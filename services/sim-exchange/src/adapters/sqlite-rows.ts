import { createHash, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Balance, Credentials } from '../domain/account.js';
import type { SavedAccount, SavedFill, SavedMarket, SavedOrder, SavedState } from '../domain/journal.js';
import { StateError } from '../domain/journal.js';
import { damaged, errorCode } from './state-directory.js';

export type Row = Record<string, SQLOutputValue>;

const sides = ['buy', 'sell'] as const;
const types = [
  'LIMIT',
  'LIMIT_MAKER',
  'MARKET',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
] as const;
const lives = ['GTC', 'IOC', 'FOK'] as const;
const statuses = ['NEW', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH'] as const;
const preventions = ['expire-maker', 'none'] as const;

/** Kept instead of the secret: enough to know it again, not to sign with. */
export const secretDigest = ({ apiKey, secret }: Credentials): string =>
  createHash('sha256').update(`${apiKey}:${secret}`).digest('hex');

/** Counts this start and reads all that is kept. Throws {@link StateError} when a row cannot be what was written. */
export function loadState(database: DatabaseSync, path: string): Omit<SavedState, 'candlesOf'> {
  return readable(path, () => {
    database.exec('UPDATE life SET starts = starts + 1');
    const [life] = rows(database, 'SELECT starts FROM life');
    const balances = rows(database, 'SELECT account, asset, free, locked FROM balance ORDER BY rowid');
    return {
      lives: whole(life ?? {}, 'starts'),
      accounts: rows(database, 'SELECT id, api_key, secret_digest FROM account ORDER BY id').map((row) =>
        savedAccount(row, balances),
      ),
      markets: new Map(rows(database, 'SELECT * FROM market').map((row) => [text(row, 'symbol'), savedMarket(row)])),
      orders: rows(database, 'SELECT * FROM venue_order ORDER BY id').map(savedOrder),
      fills: rows(database, 'SELECT * FROM fill ORDER BY number').map(savedFill),
    };
  });
}

/** @throws StateError when a row cannot be what was written */
export function readable<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof StateError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw damaged(`--state ${path}`, `${errorCode(error) ?? 'row'}: ${why}`, error);
  }
}

function savedAccount(row: Row, balances: readonly Row[]): SavedAccount {
  const id = whole(row, 'id');
  const apiKey = text(row, 'api_key');
  const digest = Buffer.from(text(row, 'secret_digest'), 'hex');
  const own = balances.filter((balance) => balance['account'] === id);
  return {
    id,
    apiKey,
    isSecret: (secret) => {
      const given = Buffer.from(secretDigest({ apiKey, secret }), 'hex');
      return given.length === digest.length && timingSafeEqual(given, digest);
    },
    balances: new Map(
      own.map((balance): [string, Balance] => [
        text(balance, 'asset'),
        { free: amount(balance, 'free'), locked: amount(balance, 'locked') },
      ]),
    ),
  };
}

function savedMarket(row: Row): SavedMarket {
  return {
    tickUnits: whole(row, 'tick_units'),
    lotUnits: whole(row, 'lot_units'),
    lastPrice: row['last_price'] === null ? null : whole(row, 'last_price'),
    tradeIdMax: whole(row, 'trade_id_max'),
  };
}

function savedOrder(row: Row): SavedOrder {
  return {
    id: whole(row, 'id'),
    accountId: whole(row, 'account'),
    symbol: text(row, 'symbol'),
    clientOrderId: text(row, 'client_order_id'),
    side: oneOf(row, 'side', sides),
    type: oneOf(row, 'type', types),
    timeInForce: oneOf(row, 'time_in_force', lives),
    price: whole(row, 'price'),
    quantity: whole(row, 'quantity'),
    quoteQuantity: amount(row, 'quote_quantity'),
    stopPrice: whole(row, 'stop_price'),
    trailingDelta: whole(row, 'trailing_delta'),
    selfTradePrevention: oneOf(row, 'self_trade_prevention', preventions),
    createdAt: whole(row, 'created_at'),
    updatedAt: whole(row, 'updated_at'),
    workingAt: row['working_at'] === null ? null : whole(row, 'working_at'),
    priority: whole(row, 'priority'),
    lockPrice: whole(row, 'lock_price'),
    trackedPrice: whole(row, 'tracked_price'),
    trackedAt: whole(row, 'tracked_at'),
    status: oneOf(row, 'status', statuses),
    executed: whole(row, 'executed'),
    executedQuote: amount(row, 'executed_quote'),
  };
}

function savedFill(row: Row): SavedFill {
  return {
    orderId: whole(row, 'order_id'),
    tradeId: whole(row, 'trade_id'),
    price: whole(row, 'price'),
    quantity: whole(row, 'quantity'),
    quote: amount(row, 'quote'),
    commission: amount(row, 'commission'),
    commissionAsset: text(row, 'commission_asset'),
    isMaker: whole(row, 'is_maker') === 1,
    time: whole(row, 'time'),
  };
}

const rows = (database: DatabaseSync, sql: string): Row[] => database.prepare(sql).all();

export function whole(row: Row, name: string): number {
  const value = row[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${name} is no whole number`);
}

function text(row: Row, name: string): string {
  const value = row[name];
  if (typeof value === 'string') return value;
  throw new Error(`${name} is no text`);
}

function amount(row: Row, name: string): bigint {
  const value = text(row, name);
  if (/^\d{1,60}$/.test(value)) return BigInt(value);
  throw new Error(`${name} is no amount`);
}

function oneOf<Value extends string>(row: Row, name: string, values: readonly Value[]): Value {
  const value = values.find((one) => one === row[name]);
  if (value !== undefined) return value;
  throw new Error(`${name} is none of ${values.join(', ')}`);
}
