import type { DatabaseSync } from 'node:sqlite';
import { intervals, type VenueCandle } from '../domain/candle-series.js';
import type { SavedCandles } from '../domain/journal.js';
import { type Row, readable, whole } from './sqlite-rows.js';

/** The values of a row of `candle`, without those that say whose it is. */
export const candleRow = (candle: VenueCandle): readonly number[] => [
  ...[candle.openTime, candle.open, candle.high, candle.low, candle.close, candle.volume, candle.quoteVolume],
  ...[candle.takerBuyVolume, candle.takerBuyQuote, candle.trades, candle.firstTradeId, candle.lastTradeId],
];

/** Null where no life of the market left a beginning. Throws {@link StateError} as loadState does. */
export const loadCandles = (database: DatabaseSync, path: string, wireSymbol: string): SavedCandles | null =>
  readable(path, () => savedCandles(database, wireSymbol));

function savedCandles(database: DatabaseSync, wireSymbol: string): SavedCandles | null {
  const row = database.prepare('SELECT * FROM beginning WHERE symbol = ?').get(wireSymbol);
  if (row === undefined) return null;
  const beginning = { time: whole(row, 'time'), price: whole(row, 'price'), seed: whole(row, 'seed') };
  const select = database.prepare('SELECT * FROM candle WHERE symbol = ? AND length = ? ORDER BY open_time');
  const of = (length: number): readonly VenueCandle[] => select.all(wireSymbol, length).map(savedCandle);
  return { beginning, seconds: of(intervals['1s']), minutes: of(intervals['1m']) };
}

const savedCandle = (row: Row): VenueCandle => ({
  openTime: whole(row, 'open_time'),
  open: whole(row, 'open'),
  high: whole(row, 'high'),
  low: whole(row, 'low'),
  close: whole(row, 'close'),
  volume: amount(row, 'volume'),
  quoteVolume: amount(row, 'quote_volume'),
  takerBuyVolume: amount(row, 'taker_buy_volume'),
  takerBuyQuote: amount(row, 'taker_buy_quote'),
  trades: whole(row, 'trades'),
  firstTradeId: tradeId(row, 'first_trade_id'),
  lastTradeId: tradeId(row, 'last_trade_id'),
});

/** A sum may be beyond what a number counts exactly. */
function amount(row: Row, name: string): number {
  const value = row[name];
  if (typeof value === 'number' && value >= 0) return value;
  throw new Error(`${name} is no amount`);
}

const tradeId = (row: Row, name: string): number => (row[name] === -1 ? -1 : whole(row, name));
