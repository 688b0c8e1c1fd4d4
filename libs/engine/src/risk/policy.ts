import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type {
  AccountId,
  Currency,
  FeedStatus,
  Instrument,
  InstrumentId,
  Mode,
  Money,
  Price,
  RiskScope,
  TradingState,
} from '@scalpstorm/model';
import type { SessionWindow } from './sessions.js';

/** The limits of one account. All money is in `currency`; an instrument quoted in another one cannot be opened. */
export interface RiskLimits {
  readonly currency: Currency;
  readonly orderNotionalMax: Money;
  /** What one bot may hold of one instrument, working orders counted as filled, at the reference price. */
  readonly botPositionMax: Money;
  /** The sum of that over all bots and instruments; longs and shorts of different bots do not cancel out. */
  readonly accountExposureMax: Money;
  /** The same over all accounts of one mode for the bots of one user, and for one venue. */
  readonly userExposureMax: Money;
  readonly venueExposureMax: Money;
  readonly openOrdersPerBotMax: number;
  readonly openOrdersPerAccountMax: number;
  /** How many working orders of one bot may be alike: same instrument, side, price and quantity. */
  readonly identicalOrdersMax: number;
  /** Approvals within `rateWindow`, at most `approvalsKept`. */
  readonly ordersPerBotMax: number;
  readonly ordersPerAccountMax: number;
  readonly rateWindow: Micros;
  /** How much worse than the reference price an opening order may be priced, in basis points. */
  readonly priceCollarBps: number;
  readonly marketDataAgeMax: Micros;
  /** How far market data may lie in the future before it is not believed. */
  readonly marketDataLeadMax: Micros;
  /** What the venue said the account has may be this old. */
  readonly balanceAgeMax: Micros;
  /** How far the clock of the venue may be from ours, either way. */
  readonly clockOffsetMax: Micros;
}

/** What the venue says is free, less what was promised and the venue has not taken from it yet. */
export interface Funds {
  readonly free: ReadonlyMap<Currency, bigint>;
  /** Σ in units of 10^-18 of what approved orders need that were not yet at the venue when it spoke. */
  readonly promised: ReadonlyMap<Currency, bigint>;
  readonly asOf: Timestamp;
}

/** The newest market data of the instrument that the order is for. */
export interface MarketView {
  readonly feed: FeedStatus['state'];
  readonly bid: Price | null;
  readonly ask: Price | null;
  readonly last: Price | null;
  readonly occurredAt: Timestamp;
}

/** How far the clock of a venue is ahead of ours, and how wrong that may be: half the round trip of the measurement. */
export interface VenueClock {
  readonly offset: Micros;
  readonly uncertainty: Micros;
  /** When that was last said, by our clock. */
  readonly measuredAt: Timestamp;
}

/** The strictest state that binds an order: of whom, since when, and why. */
export interface TradingInForce {
  readonly state: TradingState;
  readonly scope: RiskScope;
  /** Why, in words; may be empty. */
  readonly text: string;
  /** Null: it was never changed. */
  readonly since: Timestamp | null;
}

/** On which account something counts that has no price. */
export interface Unpriced {
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
}

/**
 * What is exposed on other accounts of the same mode, in units of 10^-18 of the limits' currency. Summed over all of them, so only when
 * it is asked for: a close never asks.
 */
export interface Elsewhere {
  /** By this user, whom what he holds without a price keeps from opening. */
  user(): bigint | Unpriced;
  /** At the venue. What others hold without a price is left out: it is theirs to settle. */
  venue(): bigint;
}

/** What the world looks like at the moment of the decision. Null means not known; an opening order is denied then. */
export interface RiskContext {
  readonly now: Timestamp;
  readonly trading: TradingInForce;
  /** Who has set the limits that are not the settings; absent: all are. */
  readonly limitSources?: ReadonlyMap<keyof RiskLimits, RiskScope>;
  /** The gate has not yet outlived every approval that it may have given before it started. */
  readonly recovering: boolean;
  /** What the account's books hold and nobody lists: what it is worth nobody can tell. */
  readonly unlisted?: InstrumentId | null;
  readonly instrument: Instrument | null;
  /** Of the account, as execution says it; absent: nobody has said it yet, and the word of the request is taken. */
  readonly mode?: Mode;
  readonly market: MarketView | null;
  /** Last prices of every instrument that the account is exposed to. */
  readonly marks: ReadonlyMap<InstrumentId, Price>;
  /** This id has had a verdict before; the caller answers with that one and this is its last line of defence. */
  readonly seenBefore: boolean;
  /** Spot: nothing is bought or sold that is not there. */
  readonly funds: Funds | null;
  /** From when on whoever asked does not want it any more; null or absent: it may come at any time. */
  readonly validUntil?: Timestamp | null;
  /** Whether execution has compared the account with its venue and left nothing open. Null: it was not heard, as its balance was not. */
  readonly reconciled: boolean | null;
  /** When the instrument is traded; none: always. */
  readonly sessions?: readonly SessionWindow[];
  readonly venueClock: VenueClock | null;
  readonly elsewhere: Elsewhere;
}

/** Why the gate refused, for machines and for people. Numbers are decimal texts; empty where there is none. */
export interface RiskDenial {
  readonly code: string;
  readonly text: string;
  readonly limit: string;
  readonly value: string;
  readonly next: string;
  /** The field of the order that is to blame, as a JSON pointer; empty when none is. */
  readonly field: string;
}

export type Verdict = { readonly kind: 'approved' } | { readonly kind: 'denied'; readonly denial: RiskDenial };
