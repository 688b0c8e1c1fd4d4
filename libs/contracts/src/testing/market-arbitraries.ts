import {
  type BookDepth,
  type Candle,
  type FeedStatus,
  type FeeRates,
  type Instrument,
  type Quote,
  type Trade,
  timeframes,
} from '@scalpstorm/model';
import fc from 'fast-check';
import {
  currency,
  few,
  instrumentId,
  largeCount,
  money,
  orNull,
  price,
  quantity,
  rate,
  side,
  symbol,
  text,
  timestamp,
  tradeId,
  venue,
} from './value-arbitraries.js';

export const trade: fc.Arbitrary<Trade> = fc.record({
  instrumentId,
  tradeId,
  price,
  quantity,
  aggressor: side,
  occurredAt: timestamp,
});
export const quote: fc.Arbitrary<Quote> = fc.record({
  instrumentId,
  bidPrice: price,
  bidQuantity: quantity,
  askPrice: price,
  askQuantity: quantity,
  sequence: largeCount,
  occurredAt: timestamp,
});
const levels = few(fc.record({ price, quantity }));
export const depth: fc.Arbitrary<BookDepth> = fc.record({
  instrumentId,
  bids: levels,
  asks: levels,
  sequence: largeCount,
  occurredAt: timestamp,
});
export const candle: fc.Arbitrary<Candle> = fc.record({
  instrumentId,
  timeframe: fc.constantFrom(...timeframes),
  openedAt: timestamp,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: quantity,
  trades: largeCount,
  closed: fc.boolean(),
});
export const feedStatus: fc.Arbitrary<FeedStatus> = fc.record({
  instrumentId,
  state: fc.constantFrom('live', 'stale', 'resyncing', 'disconnected'),
  detail: text,
  lastEventAt: orNull(timestamp),
  clockOffset: orNull(fc.maxSafeInteger()),
  clockUncertainty: orNull(fc.maxSafeNat()),
});
export const feeRates: fc.Arbitrary<FeeRates> = fc.record({
  instrumentId,
  makerFeeRate: rate,
  takerFeeRate: rate,
});
export const instrument: fc.Arbitrary<Instrument> = fc.record({
  id: instrumentId,
  venue,
  symbol,
  base: currency,
  quote: currency,
  status: fc.constantFrom('trading', 'halted'),
  tickSize: price,
  priceMin: price,
  priceMax: price,
  stepSize: quantity,
  quantityMin: quantity,
  quantityMax: quantity,
  marketQuantityMax: quantity,
  marketStepSize: quantity,
  marketQuantityMin: quantity,
  notionalMin: money,
  marketNotionalMax: fc.option(money),
  makerFeeRate: rate,
  takerFeeRate: rate,
});
