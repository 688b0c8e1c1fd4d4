import type {
  AccountList,
  ActivityList,
  BalanceList,
  Bot,
  CycleList,
  FillList,
  InstrumentList,
  OrderList,
  PositionList,
  StrategyList,
} from '../generated/api.js';

// One word for each row that lists hold.

export type Order = OrderList['data'][number];
export type Fill = FillList['data'][number];
export type Cycle = CycleList['data'][number];
export type Activity = ActivityList['data'][number];
export type Account = AccountList['data'][number];
export type Balance = BalanceList['data'][number];
export type Position = PositionList['data'][number];
export type Strategy = StrategyList['data'][number];
export type Instrument = InstrumentList['data'][number];
export type Mode = Bot['mode'];
export type { Bot };

/** A row of the channel `accounts`. */
export type Holdings = Account & { readonly balances: readonly Balance[]; readonly positions: readonly Position[] };

/** A row of the channel `prices`. */
export interface PriceRow {
  readonly instrument: string;
  readonly venue: string;
  readonly symbol: string;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly last: string | null;
  readonly feed: string;
  readonly at: string | null;
}

/** A row of a channel `candles:<venue>:<SYMBOL>:<timeframe>`. */
export interface CandleRow {
  readonly openedAt: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly closed: boolean;
}

/** A row of the channel `state`; `since` is null before the first halt. `reducing`: only toward zero. */
export interface TradingStateRow {
  readonly state: 'active' | 'reducing' | 'halted';
  readonly text: string;
  readonly since: string | null;
}

export const modes: readonly Mode[] = ['live', 'paper', 'demo', 'backtest'];
