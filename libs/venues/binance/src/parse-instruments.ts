import { type Micros, second } from '@scalpstorm/kernel';
import {
  Currency,
  formatDecimal,
  type Instrument,
  InstrumentId,
  isSymbol,
  Price,
  Quantity,
  type VenueId,
} from '@scalpstorm/model';
import { type Fields, fieldsOf, listOf, moneyOf, price, quantity, text, UnreadablePayload, whole } from './fields.js';
import { accountOrdersMaxOf, filtersOf, notionalMaxAtMarket, parseRules } from './parse-rules.js';
import type { RateLimit } from './rate-budget.js';
import type { VenueRules } from './venue-rules.js';

/** Assumed of a venue that does not tell them without a key. */
export interface UsualFees {
  /** Fractions as exact decimal texts, e.g. `0.001`. */
  readonly maker: string;
  readonly taker: string;
}

export interface ExchangeInfo {
  readonly instruments: readonly Instrument[];
  /** What the venue checks beyond the filters of an instrument. */
  readonly rules: ReadonlyMap<InstrumentId, VenueRules>;
  readonly limits: readonly RateLimit[];
  /** Symbols that our exact numbers cannot express, with the reason. */
  readonly skipped: readonly { readonly symbol: string; readonly reason: string }[];
}

/** Where the venue switches a filter off by writing 0. */
const unlimitedPrice = Price.fromUnits(10n ** 30n);
const unlimitedQuantity = Quantity.fromUnits(10n ** 30n);
const productDecimalsMax = 18;

/** `GET /api/v3/exchangeInfo`. One bad symbol is skipped and told; it does not hide the others. */
export function parseExchangeInfo(payload: unknown, venue: VenueId, fees: UsualFees): ExchangeInfo {
  const info = fieldsOf(payload, 'exchangeInfo');
  const instruments: Instrument[] = [];
  const rules = new Map<InstrumentId, VenueRules>();
  const accountOrdersMax = accountOrdersMaxOf(info);
  const skipped: { symbol: string; reason: string }[] = [];
  for (const entry of listOf(info['symbols'], 'symbols')) {
    const row = fieldsOf(entry, 'symbol');
    try {
      const instrument = parseInstrument(row, venue, fees);
      rules.set(instrument.id, parseRules(row, instrument.quote, accountOrdersMax));
      instruments.push(instrument);
    } catch (error) {
      if (!(error instanceof UnreadablePayload)) throw error;
      skipped.push({ symbol: String(row['symbol']), reason: error.message });
    }
  }
  return { instruments, rules, limits: parseLimits(info['rateLimits']), skipped };
}

function parseInstrument(row: Fields, venue: VenueId, fees: UsualFees): Instrument {
  const base = text(row, 'baseAsset');
  const quote = text(row, 'quoteAsset');
  const symbol = `${base}-${quote}`;
  if (!isSymbol(symbol)) throw new UnreadablePayload(`not a symbol that we can write: ${symbol}`);
  // The way back from our notation: base and quote without the hyphen. A name of another form could not be asked for.
  if (text(row, 'symbol') !== `${base}${quote}`) throw new UnreadablePayload(`not named after ${base} and ${quote}`);
  const filters = filtersOf(row);
  const prices = fieldsOf(filters.get('PRICE_FILTER'), 'PRICE_FILTER');
  const lots = fieldsOf(filters.get('LOT_SIZE'), 'LOT_SIZE');
  const value = fieldsOf(filters.get('NOTIONAL') ?? filters.get('MIN_NOTIONAL'), 'NOTIONAL');
  const tickSize = price(prices, 'tickSize');
  const stepSize = quantity(lots, 'stepSize');
  if (tickSize <= 0n || stepSize <= 0n) throw new UnreadablePayload('tick or step is not positive');
  if (decimalsOf(tickSize) + decimalsOf(stepSize) > productDecimalsMax)
    throw new UnreadablePayload('tick × step needs more than 18 decimals');
  const priceMax = price(prices, 'maxPrice');
  const quantityMin = quantity(lots, 'minQty');
  const quantityMax = orUnlimited(quantity(lots, 'maxQty'));
  const quoteCurrency = Currency.of(quote);
  return {
    id: InstrumentId.of(venue, symbol),
    venue,
    symbol,
    base: Currency.of(base),
    quote: quoteCurrency,
    // BREAK, HALT, END_OF_DAY, AUCTION_MATCH …: nothing of ours can be done with it.
    status: text(row, 'status') === 'TRADING' && row['isSpotTradingAllowed'] !== false ? 'trading' : 'halted',
    tickSize,
    priceMin: price(prices, 'minPrice'),
    priceMax: priceMax === Price.zero ? unlimitedPrice : priceMax,
    stepSize,
    quantityMin,
    quantityMax,
    ...marketLots({ stepSize, quantityMin, quantityMax }, filters.get('MARKET_LOT_SIZE')),
    notionalMin: moneyOf(value['minNotional'] ?? value['notional'], quoteCurrency, 'minNotional'),
    marketNotionalMax: notionalMaxAtMarket(filters.get('NOTIONAL'), quoteCurrency),
    makerFeeRate: fees.maker,
    takerFeeRate: fees.taker,
  };
}

type Lots = Pick<Instrument, 'stepSize' | 'quantityMin' | 'quantityMax'>;
type MarketLots = Pick<Instrument, 'marketStepSize' | 'marketQuantityMin' | 'marketQuantityMax'>;

/** An order at the market obeys LOT_SIZE and MARKET_LOT_SIZE, of which each part may be switched off with 0. */
function marketLots({ stepSize, quantityMin, quantityMax }: Lots, filter: Fields | undefined): MarketLots {
  const [step, least, most] =
    filter === undefined
      ? [Quantity.zero, quantityMin, quantityMax]
      : [quantity(filter, 'stepSize'), quantity(filter, 'minQty'), orUnlimited(quantity(filter, 'maxQty'))];
  return {
    marketStepSize: step === Quantity.zero ? stepSize : Quantity.fromUnits(commonMultiple(step, stepSize)),
    marketQuantityMin: Quantity.max(least, quantityMin),
    marketQuantityMax: Quantity.min(most, quantityMax),
  };
}

function commonMultiple(one: bigint, other: bigint): bigint {
  let [divisor, rest] = [one, other];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  return (one / divisor) * other;
}

const orUnlimited = (most: Quantity): Quantity => (most === Quantity.zero ? unlimitedQuantity : most);

/** Decimals that a tick or step of 10^-12 units needs. */
const decimalsOf = (units: bigint): number => formatDecimal(units, 12).split('.')[1]?.length ?? 0;

const intervals: Record<string, Micros> = { SECOND: second, MINUTE: 60 * second, DAY: 86_400 * second };

function parseLimits(payload: unknown): readonly RateLimit[] {
  if (payload === undefined) return [];
  return listOf(payload, 'rateLimits').flatMap((entry) => {
    const limit = fieldsOf(entry, 'rateLimit');
    const kind = text(limit, 'rateLimitType');
    const interval = intervals[text(limit, 'interval')];
    if (interval === undefined || (kind !== 'REQUEST_WEIGHT' && kind !== 'ORDERS')) return [];
    return [
      {
        kind: kind === 'ORDERS' ? ('orders' as const) : ('weight' as const),
        limit: whole(limit, 'limit'),
        interval: interval * whole(limit, 'intervalNum'),
      },
    ];
  });
}
