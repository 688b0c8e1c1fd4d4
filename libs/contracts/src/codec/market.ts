import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Micros } from '@scalpstorm/kernel';
import {
  type BookDepth,
  type BookLevel,
  type Candle,
  type FeedStatus,
  type InstrumentId,
  Price,
  Quantity,
  type Quote,
  type Timeframe,
  type Trade,
} from '@scalpstorm/model';
import { defineContract, defineQuestion } from '../define.js';
import type { CandleChanged, DepthChanged, FeedStatusChanged, QuoteChanged, TradeTicked } from '../events.js';
import * as wire from '../generated/scalpstorm/market/v1/market_pb.js';
import type { InstrumentsReply, InstrumentsRequest, RecentCandlesReply, RecentCandlesRequest } from '../questions.js';
import type { CandlesAnswer, CandlesRequest } from '../research.js';
import { readAnswer } from './answers.js';
import { readInstrument, writeInstrument } from './instrument.js';
import {
  enumMapping,
  present,
  readAll,
  readCount,
  readInstrumentId,
  readMeta,
  readOptional,
  readPrice,
  readQuantity,
  readTimestamp,
  readTradeId,
  side,
  unreadable,
  writeMeta,
  writeOptionalTimestamp,
  writeRefusals,
  writeTimestamp,
} from './values.js';

const timeframe = enumMapping<Timeframe, wire.Timeframe>({
  '1s': wire.Timeframe.SECOND_1,
  '1m': wire.Timeframe.MINUTE_1,
  '5m': wire.Timeframe.MINUTE_5,
  '15m': wire.Timeframe.MINUTE_15,
  '1h': wire.Timeframe.HOUR_1,
  '4h': wire.Timeframe.HOUR_4,
  '1d': wire.Timeframe.DAY_1,
});
const feedState = enumMapping<FeedStatus['state'], wire.FeedState>({
  live: wire.FeedState.LIVE,
  stale: wire.FeedState.STALE,
  resyncing: wire.FeedState.RESYNCING,
  disconnected: wire.FeedState.DISCONNECTED,
});

/** The routing tokens of `venue:SYMBOL`, without a pattern match: this runs on every tick. */
function instrumentTokens<Event>(instrumentId: (event: Event) => InstrumentId) {
  const venue = (id: string): string => id.slice(0, id.indexOf(':'));
  const symbol = (id: string): string => id.slice(id.indexOf(':') + 1);
  return {
    venue: (event: Event): string => venue(instrumentId(event)),
    symbol: (event: Event): string => symbol(instrumentId(event)),
  };
}

export const tradeTicked = defineContract(
  {
    schema: wire.TradeTickedSchema,
    toWire: (event: TradeTicked) => ({ meta: writeMeta(event.meta), trade: writeTrade(event.trade) }),
    fromWire: (message, at): TradeTicked => ({
      meta: readMeta(message.meta, at),
      trade: readTrade(present(message.trade, `${at}.trade`), `${at}.trade`),
    }),
  },
  instrumentTokens((event: TradeTicked) => event.trade.instrumentId),
);

export const quoteChanged = defineContract(
  {
    schema: wire.QuoteChangedSchema,
    toWire: (event: QuoteChanged) => ({ meta: writeMeta(event.meta), quote: writeQuote(event.quote) }),
    fromWire: (message, at): QuoteChanged => ({
      meta: readMeta(message.meta, at),
      quote: readQuote(present(message.quote, `${at}.quote`), `${at}.quote`),
    }),
  },
  instrumentTokens((event: QuoteChanged) => event.quote.instrumentId),
);

export const depthChanged = defineContract(
  {
    schema: wire.DepthChangedSchema,
    toWire: (event: DepthChanged) => ({ meta: writeMeta(event.meta), depth: writeDepth(event.depth) }),
    fromWire: (message, at): DepthChanged => ({
      meta: readMeta(message.meta, at),
      depth: readDepth(present(message.depth, `${at}.depth`), `${at}.depth`),
    }),
  },
  instrumentTokens((event: DepthChanged) => event.depth.instrumentId),
);

export const candleChanged = defineContract(
  {
    schema: wire.CandleChangedSchema,
    toWire: (event: CandleChanged) => ({ meta: writeMeta(event.meta), candle: writeCandle(event.candle) }),
    fromWire: (message, at): CandleChanged => ({
      meta: readMeta(message.meta, at),
      candle: readCandle(present(message.candle, `${at}.candle`), `${at}.candle`),
    }),
  },
  {
    ...instrumentTokens((event: CandleChanged) => event.candle.instrumentId),
    timeframe: (event) => event.candle.timeframe,
  },
);

export const feedStatusChanged = defineContract(
  {
    schema: wire.FeedStatusChangedSchema,
    toWire: (event: FeedStatusChanged) => ({ meta: writeMeta(event.meta), status: writeFeedStatus(event.status) }),
    fromWire: (message, at): FeedStatusChanged => ({
      meta: readMeta(message.meta, at),
      status: readFeedStatus(present(message.status, `${at}.status`), `${at}.status`),
    }),
  },
  instrumentTokens((event: FeedStatusChanged) => event.status.instrumentId),
);

export const instrumentsQuestion = defineQuestion(
  {
    schema: wire.InstrumentsRequestSchema,
    toWire: (request: InstrumentsRequest) => ({ instrumentId: request.instrumentId ?? undefined }),
    fromWire: (message, at): InstrumentsRequest => ({
      instrumentId: readOptional(message.instrumentId, `${at}.instrument_id`, readInstrumentId),
    }),
  },
  {
    schema: wire.InstrumentsReplySchema,
    toWire: (reply: InstrumentsReply) => ({
      instruments: reply.instruments.map(writeInstrument),
      lastPrices: reply.lastPrices.map(({ instrumentId, price }) => ({ instrumentId, price: Price.format(price) })),
    }),
    fromWire: (message, at): InstrumentsReply => ({
      instruments: readAll(message.instruments, `${at}.instruments`, readInstrument),
      lastPrices: readAll(message.lastPrices, `${at}.last_prices`, (last, each) => ({
        instrumentId: readInstrumentId(last.instrumentId, `${each}.instrument_id`),
        price: readPrice(last.price, `${each}.price`),
      })),
    }),
  },
);

export const candlesQuestion = defineQuestion(
  {
    schema: wire.CandlesRequestSchema,
    toWire: (request: CandlesRequest) => ({
      instrumentId: request.instrumentId,
      timeframe: timeframe.write(request.timeframe),
      fromUs: writeTimestamp(request.from),
      limit: request.limit,
    }),
    fromWire: (message, at): CandlesRequest => ({
      instrumentId: readInstrumentId(message.instrumentId, `${at}.instrument_id`),
      timeframe: timeframe.read(message.timeframe, `${at}.timeframe`),
      from: readTimestamp(message.fromUs, `${at}.from_us`),
      limit: message.limit,
    }),
  },
  {
    schema: wire.CandlesReplySchema,
    toWire: (reply: CandlesAnswer) => ({
      answer: reply.ok
        ? { case: 'candles' as const, value: { candles: reply.value.map(writeCandle) } }
        : { case: 'refused' as const, value: writeRefusals(reply.refusals) },
    }),
    fromWire: ({ answer }, at): CandlesAnswer =>
      readAnswer(answer, at, {
        candles: ({ candles }: wire.Candles, each) => readAll(candles, `${each}.candles`, readCandle),
      }),
  },
);

export const recentCandlesQuestion = defineQuestion(
  {
    schema: wire.RecentCandlesRequestSchema,
    toWire: (request: RecentCandlesRequest) => ({
      instrumentId: request.instrumentId,
      timeframe: timeframe.write(request.timeframe),
    }),
    fromWire: (message, at): RecentCandlesRequest => ({
      instrumentId: readInstrumentId(message.instrumentId, `${at}.instrument_id`),
      timeframe: timeframe.read(message.timeframe, `${at}.timeframe`),
    }),
  },
  {
    schema: wire.RecentCandlesReplySchema,
    toWire: (reply: RecentCandlesReply) => ({ candles: reply.candles.map(writeCandle) }),
    fromWire: (message, at): RecentCandlesReply => ({
      candles: readAll(message.candles, `${at}.candles`, readCandle),
    }),
  },
);

const writeTrade = (trade: Trade): MessageInitShape<typeof wire.TradeSchema> => ({
  instrumentId: trade.instrumentId,
  tradeId: trade.tradeId,
  price: Price.format(trade.price),
  quantity: Quantity.format(trade.quantity),
  aggressor: side.write(trade.aggressor),
  occurredAtUs: writeTimestamp(trade.occurredAt),
});
const readTrade = (trade: wire.Trade, at: string): Trade => ({
  instrumentId: readInstrumentId(trade.instrumentId, `${at}.instrument_id`),
  tradeId: readTradeId(trade.tradeId, `${at}.trade_id`),
  price: readPrice(trade.price, `${at}.price`),
  quantity: readQuantity(trade.quantity, `${at}.quantity`),
  aggressor: side.read(trade.aggressor, `${at}.aggressor`),
  occurredAt: readTimestamp(trade.occurredAtUs, `${at}.occurred_at_us`),
});

const writeQuote = (quote: Quote): MessageInitShape<typeof wire.QuoteSchema> => ({
  instrumentId: quote.instrumentId,
  bidPrice: Price.format(quote.bidPrice),
  bidQuantity: Quantity.format(quote.bidQuantity),
  askPrice: Price.format(quote.askPrice),
  askQuantity: Quantity.format(quote.askQuantity),
  sequence: BigInt(quote.sequence),
  occurredAtUs: writeTimestamp(quote.occurredAt),
});
const readQuote = (quote: wire.Quote, at: string): Quote => ({
  instrumentId: readInstrumentId(quote.instrumentId, `${at}.instrument_id`),
  bidPrice: readPrice(quote.bidPrice, `${at}.bid_price`),
  bidQuantity: readQuantity(quote.bidQuantity, `${at}.bid_quantity`),
  askPrice: readPrice(quote.askPrice, `${at}.ask_price`),
  askQuantity: readQuantity(quote.askQuantity, `${at}.ask_quantity`),
  sequence: readCount(quote.sequence, `${at}.sequence`),
  occurredAt: readTimestamp(quote.occurredAtUs, `${at}.occurred_at_us`),
});

const writeLevel = (level: BookLevel): MessageInitShape<typeof wire.BookLevelSchema> => ({
  price: Price.format(level.price),
  quantity: Quantity.format(level.quantity),
});
const readLevel = (level: wire.BookLevel, at: string): BookLevel => ({
  price: readPrice(level.price, `${at}.price`),
  quantity: readQuantity(level.quantity, `${at}.quantity`),
});
const writeDepth = (depth: BookDepth): MessageInitShape<typeof wire.BookDepthSchema> => ({
  instrumentId: depth.instrumentId,
  bids: depth.bids.map(writeLevel),
  asks: depth.asks.map(writeLevel),
  sequence: BigInt(depth.sequence),
  occurredAtUs: writeTimestamp(depth.occurredAt),
});
const readDepth = (depth: wire.BookDepth, at: string): BookDepth => ({
  instrumentId: readInstrumentId(depth.instrumentId, `${at}.instrument_id`),
  bids: readAll(depth.bids, `${at}.bids`, readLevel),
  asks: readAll(depth.asks, `${at}.asks`, readLevel),
  sequence: readCount(depth.sequence, `${at}.sequence`),
  occurredAt: readTimestamp(depth.occurredAtUs, `${at}.occurred_at_us`),
});

const writeCandle = (candle: Candle): MessageInitShape<typeof wire.CandleSchema> => ({
  instrumentId: candle.instrumentId,
  timeframe: timeframe.write(candle.timeframe),
  openedAtUs: writeTimestamp(candle.openedAt),
  open: Price.format(candle.open),
  high: Price.format(candle.high),
  low: Price.format(candle.low),
  close: Price.format(candle.close),
  volume: Quantity.format(candle.volume),
  trades: BigInt(candle.trades),
  closed: candle.closed,
});
const readCandle = (candle: wire.Candle, at: string): Candle => ({
  instrumentId: readInstrumentId(candle.instrumentId, `${at}.instrument_id`),
  timeframe: timeframe.read(candle.timeframe, `${at}.timeframe`),
  openedAt: readTimestamp(candle.openedAtUs, `${at}.opened_at_us`),
  open: readPrice(candle.open, `${at}.open`),
  high: readPrice(candle.high, `${at}.high`),
  low: readPrice(candle.low, `${at}.low`),
  close: readPrice(candle.close, `${at}.close`),
  volume: readQuantity(candle.volume, `${at}.volume`),
  trades: readCount(candle.trades, `${at}.trades`),
  closed: candle.closed,
});

function readMicros(micros: bigint, at: string): Micros {
  const number = Number(micros);
  return Number.isSafeInteger(number) ? number : unreadable(at, 'beyond what a clock can be off', String(micros));
}

const writeFeedStatus = (status: FeedStatus): MessageInitShape<typeof wire.FeedStatusSchema> => ({
  instrumentId: status.instrumentId,
  state: feedState.write(status.state),
  detail: status.detail,
  lastEventAtUs: writeOptionalTimestamp(status.lastEventAt),
  clockOffsetUs: typeof status.clockOffset === 'number' ? BigInt(status.clockOffset) : undefined,
  clockUncertaintyUs: typeof status.clockUncertainty === 'number' ? BigInt(status.clockUncertainty) : undefined,
});
const readFeedStatus = (status: wire.FeedStatus, at: string): FeedStatus => ({
  instrumentId: readInstrumentId(status.instrumentId, `${at}.instrument_id`),
  state: feedState.read(status.state, `${at}.state`),
  detail: status.detail,
  lastEventAt: readOptional(status.lastEventAtUs, `${at}.last_event_at_us`, readTimestamp),
  clockOffset: readOptional(status.clockOffsetUs, `${at}.clock_offset_us`, readMicros),
  clockUncertainty: readOptional(status.clockUncertaintyUs, `${at}.clock_uncertainty_us`, readMicros),
});
