import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { BookLevel, Candle, InstrumentId, Quote, Timeframe } from '@scalpstorm/model';
import { TradeId, timeframeLength } from '@scalpstorm/model';
import type { SequencedTrade } from '@scalpstorm/venue-api';
import type { DepthSnapshot, DepthUpdate } from './book-sync.js';
import {
  type Fields,
  fieldsOf,
  flag,
  listOf,
  price,
  priceOf,
  quantity,
  quantityOf,
  text,
  time,
  UnreadablePayload,
  whole,
} from './fields.js';

/** A frame of the public stream, taken apart. Prices and quantities stay exact: the venue sends them as texts. */
export type PublicEvent =
  | { readonly kind: 'trade'; readonly symbol: string; readonly fields: Fields }
  | { readonly kind: 'quote'; readonly symbol: string; readonly fields: Fields }
  | { readonly kind: 'depth'; readonly symbol: string; readonly fields: Fields }
  | { readonly kind: 'answer'; readonly id: string; readonly error: string | null; readonly result: unknown }
  | { readonly kind: 'other' };

export function parsePublicEvent(payload: unknown): PublicEvent {
  const outer = fieldsOf(payload, 'event');
  // Combined streams wrap the event and name the stream.
  const fields = typeof outer['stream'] === 'string' ? fieldsOf(outer['data'], 'data') : outer;
  const kind = fields['e'];
  if (kind === 'trade') return { kind: 'trade', symbol: text(fields, 's'), fields };
  if (kind === 'depthUpdate') return { kind: 'depth', symbol: text(fields, 's'), fields };
  // Spot sends the book ticker without a name.
  if (kind === 'bookTicker' || (kind === undefined && 'b' in fields && 'B' in fields && 'u' in fields))
    return { kind: 'quote', symbol: text(fields, 's'), fields };
  if (kind === undefined && 'id' in fields) return parseAnswer(fields);
  return { kind: 'other' };
}

function parseAnswer(fields: Fields): PublicEvent {
  const id = text(fields, 'id');
  const error = fields['error'] ?? ('code' in fields ? fields : null);
  return { kind: 'answer', id, error: error === null ? null : JSON.stringify(error), result: fields['result'] ?? null };
}

/** `m`: the buyer was the maker, so the seller took. */
export function parseStreamTrade(fields: Fields, instrumentId: InstrumentId): SequencedTrade {
  const sequence = whole(fields, 't');
  return {
    sequence,
    trade: {
      instrumentId,
      tradeId: TradeId.of(String(sequence)),
      price: price(fields, 'p'),
      quantity: quantity(fields, 'q'),
      aggressor: flag(fields, 'm') ? 'sell' : 'buy',
      occurredAt: time(fields, 'T'),
    },
  };
}

/** `GET /api/v3/trades`. */
export function parseRestTrades(payload: unknown, instrumentId: InstrumentId): readonly SequencedTrade[] {
  return listOf(payload, 'trades').map((entry) => {
    const row = fieldsOf(entry, 'trade');
    const sequence = whole(row, 'id');
    return {
      sequence,
      trade: {
        instrumentId,
        tradeId: TradeId.of(String(sequence)),
        price: price(row, 'price'),
        quantity: quantity(row, 'qty'),
        aggressor: flag(row, 'isBuyerMaker') ? 'sell' : 'buy',
        occurredAt: time(row, 'time'),
      },
    };
  });
}

/** Spot sends no event time with the book ticker; `receivedAt`, in venue time, stands in. */
export function parseQuote(fields: Fields, instrumentId: InstrumentId, receivedAt: Timestamp): Quote {
  return {
    instrumentId,
    bidPrice: price(fields, 'b'),
    bidQuantity: quantity(fields, 'B'),
    askPrice: price(fields, 'a'),
    askQuantity: quantity(fields, 'A'),
    sequence: whole(fields, 'u'),
    occurredAt: 'E' in fields ? time(fields, 'E') : receivedAt,
  };
}

/** `GET /api/v3/ticker/bookTicker`, of one or of many: by the venue's names. `askedAt`: when it was asked, in venue time. */
export function parseBookTickers(
  payload: unknown,
  instrumentOf: (symbol: string) => InstrumentId | null,
  askedAt: Timestamp,
): readonly Quote[] {
  return (Array.isArray(payload) ? payload : [payload]).flatMap((entry: unknown) => {
    const row = fieldsOf(entry, 'book ticker');
    const instrumentId = instrumentOf(text(row, 'symbol'));
    if (instrumentId === null) return [];
    const quote: Quote = {
      instrumentId,
      bidPrice: price(row, 'bidPrice'),
      bidQuantity: quantity(row, 'bidQty'),
      askPrice: price(row, 'askPrice'),
      askQuantity: quantity(row, 'askQty'),
      sequence: 'lastUpdateId' in row ? whole(row, 'lastUpdateId') : 0,
      occurredAt: 'time' in row ? time(row, 'time') : askedAt,
    };
    // An empty side is told as a price of nothing.
    return quote.bidPrice > 0n && quote.askPrice > 0n ? [quote] : [];
  });
}

export const parseDepthUpdate = (fields: Fields): DepthUpdate & { readonly occurredAt: Timestamp } => ({
  first: whole(fields, 'U'),
  last: whole(fields, 'u'),
  bids: parseLevels(fields['b']),
  asks: parseLevels(fields['a']),
  occurredAt: time(fields, 'E'),
});

export function parseDepthSnapshot(payload: unknown): DepthSnapshot {
  const fields = fieldsOf(payload, 'depth');
  return {
    last: whole(fields, 'lastUpdateId'),
    bids: parseLevels(fields['bids']),
    asks: parseLevels(fields['asks']),
  };
}

const parseLevels = (payload: unknown): readonly BookLevel[] =>
  listOf(payload, 'levels').map((entry) => {
    const [levelPrice, levelQuantity] = listOf(entry, 'level');
    return { price: priceOf(levelPrice, 'level price'), quantity: quantityOf(levelQuantity, 'level quantity') };
  });

/** A venue counts the last trades of an interval a moment after its end. */
const settling: Micros = second;

/**
 * `GET /api/v3/klines`. A candle is closed only when the answer proves it: a later one follows, or it was over and settled before
 * the venue can have been asked. By the time of the answer's arrival a candle may be over that had only a part of its trades.
 *
 * @param askedAt in venue time, and not later than the question
 */
export function parseCandles(
  payload: unknown,
  of: { readonly instrumentId: InstrumentId; readonly timeframe: Timeframe },
  askedAt: Timestamp,
): readonly Candle[] {
  return listOf(payload, 'klines').map((entry, index, rows) => {
    const [opened, open, high, low, close, volume, , , trades] = listOf(entry, 'kline');
    if (typeof opened !== 'number' || typeof trades !== 'number')
      throw new UnreadablePayload('kline: no time or count');
    const openedAt = Timestamp.fromMillis(opened);
    return {
      ...of,
      openedAt,
      open: priceOf(open, 'open'),
      high: priceOf(high, 'high'),
      low: priceOf(low, 'low'),
      close: priceOf(close, 'close'),
      volume: quantityOf(volume, 'volume'),
      trades,
      closed: index < rows.length - 1 || askedAt >= openedAt + timeframeLength[of.timeframe] + settling,
    };
  });
}
