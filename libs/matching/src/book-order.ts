import type { Side, TimeInForce } from '@scalpstorm/model';

/** A price as a whole number of ticks, 1 to {@link ticksMax}. */
export type Ticks = number;
/** A quantity as a whole number of lots, 1 to {@link lotsMax}. */
export type Lots = number;
/** Ticks × lots: an exact amount of the quote currency, at most 2^53 − 1. */
export type TickLots = number;
/** Unique within a book and never used twice; a positive safe integer. */
export type OrderId = number;
/** Whose order it is; two orders of one owner are a self-trade. */
export type OwnerId = number;

export const ticksMax: Ticks = 2 ** 31 - 1;
export const lotsMax: Lots = Number.MAX_SAFE_INTEGER;
export const tickLotsMax: TickLots = Number.MAX_SAFE_INTEGER;

/** What happens when an order meets one of the same owner: the resting one expires, or they trade. */
export type SelfTradePrevention = 'expire-maker' | 'none';

interface Identity {
  readonly id: OrderId;
  readonly owner: OwnerId;
  readonly side: Side;
  readonly selfTradePrevention: SelfTradePrevention;
}

export interface LimitOrder extends Identity {
  readonly type: 'limit';
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly timeInForce: TimeInForce;
}

/** Post-only: rests, or is rejected because it would take. */
export interface LimitMakerOrder extends Identity {
  readonly type: 'limit-maker';
  readonly price: Ticks;
  readonly quantity: Lots;
}

export interface MarketOrder extends Identity {
  readonly type: 'market';
  readonly quantity: Lots;
}

/** Takes as many whole lots as the amount pays for; what it cannot spend is left. */
export interface MarketByQuoteOrder extends Identity {
  readonly type: 'market-by-quote';
  readonly quoteAmount: TickLots;
}

export type BookOrder = LimitOrder | LimitMakerOrder | MarketOrder | MarketByQuoteOrder;
