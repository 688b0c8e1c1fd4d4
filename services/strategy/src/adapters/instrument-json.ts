import { Currency, type Instrument, type JsonObject, Money, Price, Quantity, VenueId } from '@scalpstorm/model';

/** An instrument as it is stored: exact numbers are decimal texts. */
export function instrumentToJson(instrument: Instrument): JsonObject {
  return {
    ...instrument,
    tickSize: Price.format(instrument.tickSize),
    priceMin: Price.format(instrument.priceMin),
    priceMax: Price.format(instrument.priceMax),
    stepSize: Quantity.format(instrument.stepSize),
    quantityMin: Quantity.format(instrument.quantityMin),
    quantityMax: Quantity.format(instrument.quantityMax),
    marketQuantityMax: Quantity.format(instrument.marketQuantityMax),
    notionalMin: Money.format(instrument.notionalMin),
  };
}

/** @throws BrokenInvariant when it is not what `instrumentToJson` wrote */
export function instrumentFromJson(json: JsonObject): Instrument {
  const text = (name: string) => String(json[name]);
  return {
    id: text('id') as Instrument['id'],
    venue: VenueId.of(text('venue')),
    symbol: text('symbol'),
    base: Currency.of(text('base')),
    quote: Currency.of(text('quote')),
    status: text('status') as Instrument['status'],
    tickSize: Price.of(text('tickSize')),
    priceMin: Price.of(text('priceMin')),
    priceMax: Price.of(text('priceMax')),
    stepSize: Quantity.of(text('stepSize')),
    quantityMin: Quantity.of(text('quantityMin')),
    quantityMax: Quantity.of(text('quantityMax')),
    // Stored before there was the field: one maximum for all.
    marketQuantityMax: Quantity.of(text('marketQuantityMax' in json ? 'marketQuantityMax' : 'quantityMax')),
    notionalMin: Money.of(text('notionalMin'), text('quote')),
    makerFeeRate: text('makerFeeRate'),
    takerFeeRate: text('takerFeeRate'),
  };
}
