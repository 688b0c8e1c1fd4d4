import { formatDecimal } from '@scalpstorm/model';
import { amountText } from '../domain/amounts.js';
import { averageMinutes } from '../domain/average-price.js';
import type { Market } from '../domain/market.js';
import { bandDecimals, type MarketFilters, trailingDeltaRange } from '../domain/market-filters.js';
import { type MarketSpec, priceText, quantityText } from '../domain/market-spec.js';

/** An entry of exchangeInfo. */
export function symbolInfo({ spec, filters }: Market) {
  return {
    symbol: spec.wireSymbol,
    status: 'TRADING',
    baseAsset: spec.base,
    baseAssetPrecision: 8,
    quoteAsset: spec.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [...ranges(spec), ...changeable(spec, filters)],
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_MAKER', 'NONE'],
  };
}

const ranges = (spec: MarketSpec) => [
  {
    filterType: 'PRICE_FILTER',
    minPrice: priceText(spec, 1),
    maxPrice: priceText(spec, spec.priceMax),
    tickSize: priceText(spec, 1),
  },
  {
    filterType: 'LOT_SIZE',
    minQty: quantityText(spec, 1),
    maxQty: quantityText(spec, spec.quantityMax),
    stepSize: quantityText(spec, 1),
  },
  {
    filterType: 'TRAILING_DELTA',
    minTrailingAboveDelta: trailingDeltaRange.min,
    maxTrailingAboveDelta: trailingDeltaRange.max,
    minTrailingBelowDelta: trailingDeltaRange.min,
    maxTrailingBelowDelta: trailingDeltaRange.max,
  },
];

const changeable = (spec: MarketSpec, filters: MarketFilters) => [
  {
    filterType: 'MARKET_LOT_SIZE',
    minQty: quantityText(spec, 0),
    maxQty: quantityText(spec, filters.marketQuantityMax),
    stepSize: quantityText(spec, 0),
  },
  {
    filterType: 'PERCENT_PRICE_BY_SIDE',
    bidMultiplierUp: multiplierText(filters.band.buy.up),
    bidMultiplierDown: multiplierText(filters.band.buy.down),
    askMultiplierUp: multiplierText(filters.band.sell.up),
    askMultiplierDown: multiplierText(filters.band.sell.down),
    avgPriceMins: averageMinutes,
  },
  {
    filterType: 'NOTIONAL',
    minNotional: amountText(filters.notionalMin),
    applyMinToMarket: filters.minToMarket,
    maxNotional: amountText(filters.notionalMax),
    applyMaxToMarket: filters.maxToMarket,
    avgPriceMins: averageMinutes,
  },
  { filterType: 'MAX_NUM_ORDERS', maxNumOrders: filters.ordersMax },
  { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: filters.algoOrdersMax },
  ...(filters.positionMax === null
    ? []
    : [{ filterType: 'MAX_POSITION', maxPosition: amountText(filters.positionMax) }]),
];

const multiplierText = (multiplier: bigint): string => formatDecimal(multiplier, bandDecimals);
