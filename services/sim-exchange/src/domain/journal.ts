import type { Balance } from './account.js';
import type { VenueCandle } from './candle-series.js';
import type { Changes } from './changes.js';
import type { MarketBeginning } from './market.js';
import type { VenueFill, VenueOrder } from './venue-order.js';

/** Where the exchange writes down what it must not forget, before anybody hears of it. */
export abstract class Journal {
  /** All of it or nothing; outlives the process when it returns. Throws {@link StateError}: then the process must not go on. */
  abstract write(changes: Changes): void;
}

/** Keeps nothing: the exchange then lives as long as its process. */
export class ForgetfulJournal extends Journal {
  write(): void {}
}

/** What a life of the exchange left behind. */
export interface SavedState {
  /** How many starts the state has seen, this one included. */
  readonly lives: number;
  readonly accounts: readonly SavedAccount[];
  readonly markets: ReadonlyMap<string, SavedMarket>;
  /** By id, oldest first. */
  readonly orders: readonly SavedOrder[];
  /** In the order in which they happened. */
  readonly fills: readonly SavedFill[];
  /** By the symbol; null for a market of which none are kept. */
  readonly candlesOf: (wireSymbol: string) => SavedCandles | null;
}

export interface SavedAccount {
  readonly id: number;
  readonly apiKey: string;
  /** The secret itself is not kept. */
  readonly isSecret: (secret: string) => boolean;
  readonly balances: ReadonlyMap<string, Balance>;
}

export interface SavedMarket {
  /** One tick and one lot as counts of 10^-8: what the orders are counted in. */
  readonly tickUnits: number;
  readonly lotUnits: number;
  /** In ticks; null when it never traded. */
  readonly lastPrice: number | null;
  /** No trade had a higher id. */
  readonly tradeIdMax: number;
}

/** Of all lives of a market, oldest first; the last of each may have ended before it was over. */
export interface SavedCandles {
  readonly beginning: MarketBeginning;
  readonly seconds: readonly VenueCandle[];
  readonly minutes: readonly VenueCandle[];
}

export interface SavedOrder extends Omit<VenueOrder, 'market' | 'fills'> {
  /** `BTCUSDT`. */
  readonly symbol: string;
}

export interface SavedFill extends Omit<VenueFill, 'order'> {
  readonly orderId: number;
}

/** Why a state directory cannot be used, with what to do. */
export class StateError extends Error {
  override readonly name = 'StateError';

  constructor(
    readonly code:
      | 'SIM_STATE_IN_USE'
      | 'SIM_STATE_OTHER_VERSION'
      | 'SIM_STATE_DAMAGED'
      | 'SIM_STATE_NOT_ACCESSIBLE'
      | 'SIM_STATE_OTHER_SECRET'
      | 'SIM_STATE_OTHER_MARKET'
      | 'SIM_STATE_WRITE_FAILED',
    text: string,
    options?: { readonly cause: unknown },
  ) {
    super(text, options);
  }
}
