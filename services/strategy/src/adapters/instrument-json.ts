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
    marketStepSize: Quantity.format(instrument.marketStepSize),
    marketQuantityMin: Quantity.format(instrument.marketQuantityMin),
    notionalMin: Money.format(instrument.notionalMin),
    marketNotionalMax: instrument.marketNotionalMax && Money.format(instrument.marketNotionalMax),
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
    // Stored before there were these fields: the same for all orders.
    marketQuantityMax: Quantity.of(text('marketQuantityMax' in json ? 'marketQuantityMax' : 'quantityMax')),
    marketStepSize: Quantity.of(text('marketStepSize' in json ? 'marketStepSize' : 'stepSize')),
    marketQuantityMin: Quantity.of(text('marketQuantityMin' in json ? 'marketQuantityMin' : 'quantityMin')),
    notionalMin: Money.of(text('notionalMin'), text('quote')),
    marketNotionalMax:
      typeof json['marketNotionalMax'] === 'string' ? Money.of(json['marketNotionalMax'], text('quote')) : null,
    makerFeeRate: text('makerFeeRate'),
    takerFeeRate: text('takerFeeRate'),
  };
}
