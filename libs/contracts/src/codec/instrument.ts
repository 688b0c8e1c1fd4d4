import { create, fromJson, type JsonValue, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import { type Instrument, type JsonObject, Price, Quantity } from '@scalpstorm/model';
import { UnreadableMessage } from '../contract.js';
import * as wire from '../generated/scalpstorm/market/v1/market_pb.js';
import {
  enumMapping,
  readCurrency,
  readInstrumentId,
  readMoney,
  readOptional,
  readPrice,
  readQuantity,
  readRate,
  readSymbol,
  readVenueId,
  writeMoney,
} from './values.js';

const instrumentStatus = enumMapping<Instrument['status'], wire.InstrumentStatus>({
  trading: wire.InstrumentStatus.TRADING,
  halted: wire.InstrumentStatus.HALTED,
});

export const writeInstrument = (instrument: Instrument): MessageInitShape<typeof wire.InstrumentSchema> => ({
  id: instrument.id,
  venue: instrument.venue,
  symbol: instrument.symbol,
  base: instrument.base,
  quote: instrument.quote,
  status: instrumentStatus.write(instrument.status),
  tickSize: Price.format(instrument.tickSize),
  priceMin: Price.format(instrument.priceMin),
  priceMax: Price.format(instrument.priceMax),
  stepSize: Quantity.format(instrument.stepSize),
  quantityMin: Quantity.format(instrument.quantityMin),
  quantityMax: Quantity.format(instrument.quantityMax),
  marketQuantityMax: Quantity.format(instrument.marketQuantityMax),
  marketStepSize: Quantity.format(instrument.marketStepSize),
  marketQuantityMin: Quantity.format(instrument.marketQuantityMin),
  notionalMin: writeMoney(instrument.notionalMin),
  marketNotionalMax: instrument.marketNotionalMax === null ? undefined : writeMoney(instrument.marketNotionalMax),
  makerFeeRate: instrument.makerFeeRate,
  takerFeeRate: instrument.takerFeeRate,
});

export const readInstrument = (instrument: wire.Instrument, at: string): Instrument => ({
  id: readInstrumentId(instrument.id, `${at}.id`),
  venue: readVenueId(instrument.venue, `${at}.venue`),
  symbol: readSymbol(instrument.symbol, `${at}.symbol`),
  base: readCurrency(instrument.base, `${at}.base`),
  quote: readCurrency(instrument.quote, `${at}.quote`),
  status: instrumentStatus.read(instrument.status, `${at}.status`),
  tickSize: readPrice(instrument.tickSize, `${at}.tick_size`),
  priceMin: readPrice(instrument.priceMin, `${at}.price_min`),
  priceMax: readPrice(instrument.priceMax, `${at}.price_max`),
  stepSize: readQuantity(instrument.stepSize, `${at}.step_size`),
  quantityMin: readQuantity(instrument.quantityMin, `${at}.quantity_min`),
  quantityMax: readQuantity(instrument.quantityMax, `${at}.quantity_max`),
  // A listing that was kept before there were these fields knows the same for all orders.
  marketQuantityMax: readQuantity(instrument.marketQuantityMax ?? instrument.quantityMax, `${at}.market_quantity_max`),
  marketStepSize: readQuantity(instrument.marketStepSize ?? instrument.stepSize, `${at}.market_step_size`),
  marketQuantityMin: readQuantity(instrument.marketQuantityMin ?? instrument.quantityMin, `${at}.market_quantity_min`),
  notionalMin: readMoney(instrument.notionalMin, `${at}.notional_min`),
  marketNotionalMax: readOptional(instrument.marketNotionalMax, `${at}.market_notional_max`, readMoney),
  makerFeeRate: readRate(instrument.makerFeeRate, `${at}.maker_fee_rate`),
  takerFeeRate: readRate(instrument.takerFeeRate, `${at}.taker_fee_rate`),
});

/** The message in protobuf's own JSON, for a service that keeps an instrument beside what it is about. */
export const instrumentToJson = (instrument: Instrument): JsonObject =>
  toJson(wire.InstrumentSchema, create(wire.InstrumentSchema, writeInstrument(instrument))) as JsonObject;

/**
 * Fields that only a newer version knows are passed over.
 * @throws UnreadableMessage
 */
export function instrumentFromJson(json: JsonObject): Instrument {
  return readInstrument(parse(json), 'Instrument');
}

function parse(json: JsonObject): wire.Instrument {
  try {
    return fromJson(wire.InstrumentSchema, json as JsonValue, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new UnreadableMessage('Instrument: not the JSON of the message', { cause });
  }
}
