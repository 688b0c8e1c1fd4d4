/** `SSim`: tells our files from everybody else's. */
export const applicationId = 0x5353696d;
/** Goes up with every change below; a file of another version is brought up to it, or refused, and never guessed at. */
export const schemaVersion = 2;

/**
 * Where the first life of each market began (milliseconds, ticks), and the candles of all lives since; lengths and times are
 * milliseconds, prices ticks, volumes lots, quote amounts ticks × lots. An id is -1 where there is none.
 */
const candleTables = `
CREATE TABLE beginning (
  symbol TEXT PRIMARY KEY, time INTEGER NOT NULL, price INTEGER NOT NULL, seed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE candle (
  symbol TEXT NOT NULL, length INTEGER NOT NULL, open_time INTEGER NOT NULL, open INTEGER NOT NULL, high INTEGER NOT NULL,
  low INTEGER NOT NULL, close INTEGER NOT NULL, volume REAL NOT NULL, quote_volume REAL NOT NULL,
  taker_buy_volume REAL NOT NULL, taker_buy_quote REAL NOT NULL, trades INTEGER NOT NULL,
  first_trade_id INTEGER NOT NULL, last_trade_id INTEGER NOT NULL, PRIMARY KEY (symbol, length, open_time)
) STRICT, WITHOUT ROWID;
`;
const version = `PRAGMA user_version = ${schemaVersion};`;

/** What brings a file of an older version up to this one. */
export const upgrades: ReadonlyMap<number, string> = new Map([[1, `${candleTables} ${version}`]]);

/** Amounts are decimal texts of 10^-16, because SQLite's integers end at 2^63. */
export const schema = `
CREATE TABLE life (starts INTEGER NOT NULL) STRICT;
INSERT INTO life VALUES (0);
CREATE TABLE account (id INTEGER PRIMARY KEY, api_key TEXT NOT NULL UNIQUE, secret_digest TEXT NOT NULL) STRICT;
CREATE TABLE balance (
  account INTEGER NOT NULL REFERENCES account, asset TEXT NOT NULL, free TEXT NOT NULL, locked TEXT NOT NULL,
  UNIQUE (account, asset)
) STRICT;
CREATE TABLE market (
  symbol TEXT PRIMARY KEY, tick_units INTEGER NOT NULL, lot_units INTEGER NOT NULL,
  last_price INTEGER, trade_id_max INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE venue_order (
  id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, symbol TEXT NOT NULL, client_order_id TEXT NOT NULL,
  side TEXT NOT NULL, type TEXT NOT NULL, time_in_force TEXT NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL,
  quote_quantity TEXT NOT NULL, stop_price INTEGER NOT NULL, trailing_delta INTEGER NOT NULL,
  self_trade_prevention TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, working_at INTEGER,
  priority INTEGER NOT NULL, lock_price INTEGER NOT NULL, tracked_price INTEGER NOT NULL, tracked_at INTEGER NOT NULL,
  status TEXT NOT NULL, executed INTEGER NOT NULL, executed_quote TEXT NOT NULL
) STRICT;
CREATE TABLE fill (
  number INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, trade_id INTEGER NOT NULL, price INTEGER NOT NULL,
  quantity INTEGER NOT NULL, quote TEXT NOT NULL, commission TEXT NOT NULL, commission_asset TEXT NOT NULL,
  is_maker INTEGER NOT NULL, time INTEGER NOT NULL, UNIQUE (order_id, trade_id)
) STRICT;
${candleTables}
PRAGMA application_id = ${applicationId};
${version}
`;
