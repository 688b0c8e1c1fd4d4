import { type Lots, type SelfTradePrevention, type Ticks, ticksMax } from '@scalpstorm/matching';
import type { Side, TimeInForce } from '@scalpstorm/model';
import { type Amount, amountOfWireUnits, parseWireUnits } from '../domain/amounts.js';
import type { Exchange } from '../domain/exchange.js';
import type { Market } from '../domain/market.js';
import type { VenueOrderType } from '../domain/order-type.js';
import { executesAs, isContingent } from '../domain/order-type.js';
import { isRefused, type VenueError, venueErrors } from '../domain/venue-error.js';
import type { NewOrder } from '../domain/venue-order.js';
import type { ResponseType } from './wire-order.js';

const numberRange = '^([0-9]{1,20})(\\.[0-9]{1,20})?$';
const numberPattern = /^([0-9]{1,20})(\.[0-9]{1,20})?$/;
const clientIdRange = '^[a-zA-Z0-9-_.]{1,36}$';
const clientIdPattern = /^[a-zA-Z0-9\-_.]{1,36}$/;
const sides = new Map<string, Side>([
  ['BUY', 'buy'],
  ['SELL', 'sell'],
]);
const types = new Map<string, VenueOrderType>([
  ['LIMIT', 'LIMIT'],
  ['LIMIT_MAKER', 'LIMIT_MAKER'],
  ['MARKET', 'MARKET'],
  ['STOP_LOSS', 'STOP_LOSS'],
  ['STOP_LOSS_LIMIT', 'STOP_LOSS_LIMIT'],
  ['TAKE_PROFIT', 'TAKE_PROFIT'],
  ['TAKE_PROFIT_LIMIT', 'TAKE_PROFIT_LIMIT'],
]);
const lives = new Map<string, TimeInForce>([
  ['GTC', 'GTC'],
  ['IOC', 'IOC'],
  ['FOK', 'FOK'],
]);
const preventions = new Map<string, SelfTradePrevention>([
  ['EXPIRE_MAKER', 'expire-maker'],
  ['NONE', 'none'],
]);
const responseTypes = new Map<string, ResponseType>([
  ['ACK', 'ACK'],
  ['RESULT', 'RESULT'],
  ['FULL', 'FULL'],
]);
const contingentParameters = ['stopPrice', 'trailingDelta'];

export function marketParam(exchange: Exchange, params: URLSearchParams): Market | VenueError {
  const symbol = params.get('symbol');
  if (symbol === null || symbol === '') return venueErrors.missing('symbol');
  if (!/^[A-Z0-9\-_.]{1,20}$/.test(symbol)) return venueErrors.illegalCharacters('symbol', '^[A-Z0-9-_.]{1,20}$');
  return exchange.market(symbol) ?? venueErrors.invalidSymbol();
}

/** A client's own id, or null when none was sent. */
export function clientIdParam(params: URLSearchParams, name: string): string | null | VenueError {
  const id = params.get(name);
  if (id === null) return null;
  return clientIdPattern.test(id) ? id : venueErrors.illegalCharacters(name, clientIdRange);
}

/** Reads POST order. Whole ticks and lots come out, or the refusal that Binance would give. */
export function orderParams(exchange: Exchange, params: URLSearchParams, ownId: () => string): NewOrder | VenueError {
  const market = marketParam(exchange, params);
  if (isRefused(market)) return market;
  const side = choice(params, 'side', sides, venueErrors.invalidSide);
  if (typeof side === 'object') return side;
  const type = choice(params, 'type', types, venueErrors.invalidType);
  if (typeof type === 'object') return type;
  const clientOrderId = clientIdParam(params, 'newClientOrderId');
  if (clientOrderId !== null && typeof clientOrderId === 'object') return clientOrderId;
  const prevention = params.has('selfTradePreventionMode')
    ? choice(params, 'selfTradePreventionMode', preventions, () => venueErrors.missing('selfTradePreventionMode'))
    : 'expire-maker';
  if (typeof prevention === 'object') return prevention;
  const terms = termsOf(market, type, params);
  if (isRefused(terms)) return terms;
  return {
    market,
    side,
    type,
    clientOrderId: clientOrderId ?? ownId(),
    selfTradePrevention: prevention,
    ...terms,
  };
}

/** How much the client wants to be answered; without a wish the venue says all about orders that may fill at once. */
export function responseTypeParam(params: URLSearchParams, type: VenueOrderType): ResponseType | VenueError {
  if (!params.has('newOrderRespType')) return type === 'MARKET' || type === 'LIMIT' ? 'FULL' : 'ACK';
  return choice(params, 'newOrderRespType', responseTypes, venueErrors.invalidResponseType);
}

type Terms = Pick<NewOrder, 'price' | 'quantity' | 'quoteQuantity' | 'timeInForce' | 'stopPrice' | 'trailingDelta'>;

function termsOf(market: Market, type: VenueOrderType, params: URLSearchParams): Terms | VenueError {
  const unwanted = unwantedParameter(type, params);
  if (unwanted !== null) return unwanted;
  if (type === 'MARKET' && params.has('quoteOrderQty')) return quoteTerms(params);
  if (type === 'MARKET' && !params.has('quantity')) return venueErrors.missingEither('quantity', 'quoteOrderQty');
  const needsLife = executesAs(type) === 'limit';
  const timeInForce = needsLife ? choice(params, 'timeInForce', lives, venueErrors.invalidTimeInForce) : 'GTC';
  if (typeof timeInForce === 'object') return timeInForce;
  const quantity = quantityParam(market, params);
  if (typeof quantity === 'object') return quantity;
  const price = executesAs(type) === 'market' ? 0 : priceParam(market, params, 'price');
  if (typeof price === 'object') return price;
  const trigger = triggerParams(market, type, params);
  return isRefused(trigger) ? trigger : { price, quantity, quoteQuantity: 0n, timeInForce, ...trigger };
}

function quoteTerms(params: URLSearchParams): Terms | VenueError {
  if (params.has('quantity')) return venueErrors.notRequired('quantity');
  const quoteQuantity = amountParam(params, 'quoteOrderQty');
  if (typeof quoteQuantity === 'object') return quoteQuantity;
  return { price: 0, quantity: 0, quoteQuantity, timeInForce: 'GTC', stopPrice: 0, trailingDelta: 0 };
}

function triggerParams(
  market: Market,
  type: VenueOrderType,
  params: URLSearchParams,
): Pick<NewOrder, 'stopPrice' | 'trailingDelta'> | VenueError {
  if (!isContingent(type)) return { stopPrice: 0, trailingDelta: 0 };
  if (contingentParameters.every((name) => !params.has(name)))
    return venueErrors.missingEither('stopPrice', 'trailingDelta');
  const stopPrice = params.has('stopPrice') ? priceParam(market, params, 'stopPrice') : 0;
  if (typeof stopPrice === 'object') return stopPrice;
  if (params.has('stopPrice') && stopPrice === 0) return venueErrors.filter('PRICE_FILTER');
  if (!params.has('trailingDelta')) return { stopPrice, trailingDelta: 0 };
  const text = params.get('trailingDelta') ?? '';
  if (!/^\d{1,20}$/.test(text)) return venueErrors.illegalCharacters('trailingDelta', '^[0-9]{1,20}$');
  // Any number beyond the filter's range is as wrong as the next one; 0 would mean that it does not trail.
  return Number(text) === 0 ? venueErrors.filter('TRAILING_DELTA') : { stopPrice, trailingDelta: Number(text) };
}

function unwantedParameter(type: VenueOrderType, params: URLSearchParams): VenueError | null {
  if (executesAs(type) === 'limit' && params.has('icebergQty')) return venueErrors.noIcebergs();
  const unwanted = ['icebergQty'];
  if (type !== 'MARKET') unwanted.push('quoteOrderQty');
  if (executesAs(type) === 'market') unwanted.push('price');
  if (executesAs(type) !== 'limit') unwanted.push('timeInForce');
  if (!isContingent(type)) unwanted.push(...contingentParameters);
  const found = unwanted.find((name) => params.has(name));
  return found === undefined ? null : venueErrors.notRequired(found);
}

function priceParam(market: Market, params: URLSearchParams, name: string): Ticks | VenueError {
  const units = unitsParam(params, name);
  if (typeof units === 'object') return units;
  const tick = BigInt(market.spec.tickUnits);
  const ticks = units / tick;
  return units % tick === 0n && ticks <= BigInt(ticksMax) ? Number(ticks) : venueErrors.filter('PRICE_FILTER');
}

function quantityParam(market: Market, params: URLSearchParams): Lots | VenueError {
  const units = unitsParam(params, 'quantity');
  if (typeof units === 'object') return units;
  const lot = BigInt(market.spec.lotUnits);
  const lots = units / lot;
  return units % lot === 0n && lots <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(lots) : venueErrors.filter('LOT_SIZE');
}

function amountParam(params: URLSearchParams, name: string): Amount | VenueError {
  const units = unitsParam(params, name);
  if (typeof units === 'object') return units;
  return units === 0n ? venueErrors.filter('NOTIONAL') : amountOfWireUnits(units);
}

function unitsParam(params: URLSearchParams, name: string): bigint | VenueError {
  const text = params.get(name);
  if (text === null || text === '') return venueErrors.missing(name);
  if (!numberPattern.test(text)) return venueErrors.illegalCharacters(name, numberRange);
  return parseWireUnits(text) ?? venueErrors.tooPrecise(name);
}

function choice<Value extends string>(
  params: URLSearchParams,
  name: string,
  values: ReadonlyMap<string, Value>,
  refuse: () => VenueError,
): Value | VenueError {
  const text = params.get(name);
  if (text === null || text === '') return venueErrors.missing(name);
  return values.get(text) ?? refuse();
}
