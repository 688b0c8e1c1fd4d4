import type { Lots } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import { type Amount, amountOfWhole } from './amounts.js';
import type { MarketSpec } from './market-spec.js';

/** Multiples of the average price, in units of 10^-8. */
export interface PriceBand {
  readonly down: bigint;
  readonly up: bigint;
}

/** What a venue may change of a market's filters while it is open. Tick, lot and the ranges of prices and quantities stay. */
export interface MarketFilters {
  /** PERCENT_PRICE_BY_SIDE. */
  readonly band: Readonly<Record<Side, PriceBand>>;
  /** MARKET_LOT_SIZE; its least quantity and its step are those of LOT_SIZE, so it shows 0 for them. */
  readonly marketQuantityMax: Lots;
  /** NOTIONAL. */
  readonly notionalMin: Amount;
  readonly notionalMax: Amount;
  readonly minToMarket: boolean;
  readonly maxToMarket: boolean;
  /** MAX_NUM_ORDERS: open orders of an account. */
  readonly ordersMax: number;
  /** MAX_NUM_ALGO_ORDERS: those of them that wait for a price. */
  readonly algoOrdersMax: number;
  /** MAX_POSITION: of the base asset, held and still to be bought; null where there is no such filter, as in most markets. */
  readonly positionMax: Amount | null;
}

/** Multipliers have so many decimals here. */
export const bandDecimals = 8;
export const bandUnit = 10n ** 8n;
const usualBand: PriceBand = { down: bandUnit / 5n, up: 5n * bandUnit };

/** Basis points (TRAILING_DELTA). */
export const trailingDeltaRange = { min: 10, max: 2_000 };

const notionalMinWhole = 5n;
/** So much that an account runs out of money first: tests of that would be refused for another reason else. */
const notionalMaxWhole = 10n ** 12n;
const marketQuantityShare = 10;

/** The band is the real venue's; what would only be in the way of many bots is wider than there. */
export const usualFilters = ({ quantityMax }: MarketSpec): MarketFilters => ({
  band: { buy: usualBand, sell: usualBand },
  marketQuantityMax: Math.max(1, Math.floor(quantityMax / marketQuantityShare)),
  notionalMin: amountOfWhole(notionalMinWhole),
  notionalMax: amountOfWhole(notionalMaxWhole),
  minToMarket: true,
  maxToMarket: false,
  ordersMax: 5_000,
  algoOrdersMax: 500,
  positionMax: null,
});
