import type { TightLimits } from '@scalpstorm/engine';
import type { Micros } from '@scalpstorm/kernel';
import type { Instrument, JsonObject, Money } from '@scalpstorm/model';
import type { Strategy } from '@scalpstorm/strategies';
import type { Slippage } from '../bars/bar-market.js';

/** A bot of the run: a strategy of the platform on one of its instruments. */
export interface LaneBotPlan {
  readonly strategy: string;
  readonly parameters: JsonObject;
  /** `BTC-USDT`, one of the instruments of the run. */
  readonly symbol: string;
}

/** What a fill costs from so much traded in thirty days on, the running day left out, as venues count it. */
export interface FeeTier {
  /** In the quote asset. */
  readonly volumeMin: Money;
  /** Fractions as exact decimal texts, e.g. `0.001`. */
  readonly makerRate: string;
  readonly takerRate: string;
}

/** So long for sure, and up to so much longer by chance. */
export interface Latency {
  readonly fixed: Micros;
  readonly spread: Micros;
}

/** Where the price goes inside a bar, after its open and before its close. */
export const candlePaths = ['pessimistic', 'optimistic', 'low-first', 'high-first'] as const;
export type CandlePath = (typeof candlePaths)[number];

/** What a run assumes about money and market; all of it is told with the result. */
export interface LaneMarketRules {
  /** Spot: what is not there can not be sold. Perpetual: a linear contract, at leverage 1, with funding. */
  readonly market: 'spot' | 'perpetual';
  /** By volume, ascending, the first from 0 on. */
  readonly fees: readonly FeeTier[];
  /** `received`: a buy pays in base and a sale in quote, as spot venues take it. A perpetual always pays in quote. */
  readonly feeIn: 'received' | 'quote';
  /** Between bid and ask where the data has no book, basis points of the price. */
  readonly spreadBps: number;
  /** Of what takes, where the data has no book. */
  readonly slippage: Slippage;
  /** At most this share of what was traded is ours; null: no limit. Books know what was there. */
  readonly liquidityShare: number | null;
  readonly path: CandlePath;
  /** Whether a price that is only touched fills an order that rests there, over bars. */
  readonly fillsOnTouch: boolean;
  /** What others have queued at a price when an order comes to rest there, over trades, in base as a decimal text; null: without end. */
  readonly queueAhead: string | null;
  /** From a bot to the venue. */
  readonly orderLatency: Latency;
  /** From the venue to a bot: prices, and what became of orders. */
  readonly dataLatency: Latency;
  /** Funding of a perpetual every eight hours from midnight UTC on, as a decimal text; null: as the data says, or none. */
  readonly fundingRate: string | null;
}

/** Beyond what it is safe to leave to a strategy. */
export interface LaneBounds {
  /** Steps of one bot between two rows of data. */
  readonly stepsMax: number;
  readonly effectsMax: number;
}

export interface LanePlan {
  readonly instruments: readonly Instrument[];
  readonly bots: readonly LaneBotPlan[];
  /** By id; absent: those of the platform. */
  readonly strategies?: ReadonlyMap<string, Strategy>;
  /** What the account has at the start; one entry a currency. */
  readonly balances: readonly Money[];
  readonly rules: LaneMarketRules;
  /** Of the gate; what is not named has no limit. */
  readonly limits: TightLimits;
  /** Of the points of the equity. */
  readonly equityEvery: Micros;
  readonly seed: number;
  readonly bounds: LaneBounds;
}

export const plainRules: LaneMarketRules = {
  market: 'spot',
  fees: [],
  feeIn: 'received',
  spreadBps: 0,
  slippage: { kind: 'none' },
  liquidityShare: null,
  path: 'pessimistic',
  fillsOnTouch: false,
  queueAhead: null,
  orderLatency: { fixed: 0, spread: 0 },
  dataLatency: { fixed: 0, spread: 0 },
  fundingRate: null,
};

export const usualBounds: LaneBounds = { stepsMax: 10_000, effectsMax: 1_000 };
