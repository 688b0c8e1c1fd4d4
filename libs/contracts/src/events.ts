import type { Timestamp } from '@scalpstorm/kernel';
import type {
  Account,
  AccountId,
  Activity,
  Balance,
  BookDepth,
  Bot,
  CancelReason,
  Candle,
  ClientOrderId,
  Cycle,
  FeedStatus,
  HaltLevel,
  Order,
  OrderEvent,
  OrderRequest,
  Position,
  Prediction,
  Quote,
  RiskScope,
  Trade,
  TradingState,
  UserId,
} from '@scalpstorm/model';
import type { Meta } from './contract.js';

export type { TradingState } from '@scalpstorm/model';

// market.*: core NATS, newest wins, a lost one is cured by the next.

export interface TradeTicked {
  readonly meta: Meta;
  readonly trade: Trade;
}
export interface QuoteChanged {
  readonly meta: Meta;
  readonly quote: Quote;
}
export interface DepthChanged {
  readonly meta: Meta;
  readonly depth: BookDepth;
}
export interface CandleChanged {
  readonly meta: Meta;
  readonly candle: Candle;
}
export interface FeedStatusChanged {
  readonly meta: Meta;
  readonly status: FeedStatus;
}

// prediction.*: core NATS, newest wins.

export interface PredictionMade {
  readonly meta: Meta;
  readonly prediction: Prediction;
}

// order.*: JetStream.

export interface OrderRequested {
  readonly meta: Meta;
  readonly order: OrderRequest;
  /** How often this id was asked for; the verdict is the first one, however often. */
  readonly ask: number;
  /** The market event that the decision rests on; null for a timer or a command. */
  readonly marketAt: Timestamp | null;
  /**
   * From this moment on the gate denies it with REQUEST_EXPIRED, unless it was judged before: whoever asked has stopped waiting, and the
   * market is another one. Not there: it may be judged whenever it comes.
   */
  readonly validUntil?: Timestamp;
}
export interface OrderApproved {
  readonly meta: Meta;
  readonly order: OrderRequest;
  /** Execution refuses it afterwards, so that a restarted gate knows what can still leave. */
  readonly expiresAt: Timestamp;
}
export interface OrderDenied {
  readonly meta: Meta;
  readonly order: OrderRequest;
  readonly denial: Denial;
}
/** Why the gate refused, for machines and for people. */
export interface Denial {
  readonly code: string;
  readonly text: string;
  /** The limit and the value that broke it, as decimal texts; empty where there is no number. */
  readonly limit: string;
  readonly value: string;
  readonly next: string;
  /** The field of the order that is to blame, as a JSON pointer; not there when none is. */
  readonly field?: string;
}
export interface CancelRequested {
  readonly meta: Meta;
  readonly accountId: AccountId;
  readonly clientOrderId: ClientOrderId;
  readonly reason: CancelReason;
}
/** After every applied order event: what happened and the whole order as it is now. */
export interface OrderChanged {
  readonly meta: Meta;
  readonly order: Order;
  readonly event: OrderEvent;
}
/** Balances as the venue says, positions as the fills say; one that is not here is flat. */
export interface AccountChanged {
  readonly meta: Meta;
  readonly account: Account;
  readonly balances: readonly Balance[];
  readonly positions: readonly Position[];
}

/** One difference between our books and the venue's, and what was done about it. */
export interface Difference {
  readonly kind: 'order' | 'fill' | 'balance' | 'position';
  readonly accountId: AccountId;
  readonly subject: string;
  readonly ours: string;
  readonly theirs: string;
  readonly decision: string;
  readonly repaired: boolean;
}
export interface Reconciled {
  readonly meta: Meta;
  readonly accountId: AccountId;
  readonly trigger: 'start' | 'reconnect' | 'timer' | 'request';
  readonly differences: readonly Difference[];
  /** True when nothing is left that differs. */
  readonly clean: boolean;
}

// risk.*

export interface TradingStateChanged {
  readonly meta: Meta;
  readonly scope: RiskScope;
  readonly state: TradingState;
  readonly text: string;
  /** Who said it: a user, `breaker:` and its name, `machine:` and its host, `dead-man`. Absent or empty: nobody told. */
  readonly by?: string;
  /** Of a halt: whoever works for the scope does it. Absent: nothing but the halt. */
  readonly level?: HaltLevel;
}

// bot.*

export interface BotChanged {
  readonly meta: Meta;
  readonly bot: Bot;
  readonly deleted: boolean;
}
export interface CycleCompleted {
  readonly meta: Meta;
  readonly userId: UserId;
  readonly cycle: Cycle;
  /** It was told before, and now comes with the values of fees that had none: no other cycle was completed. */
  readonly amends: boolean;
  /** Where the bot traded; not there: it was told before there was this field. */
  readonly accountId?: AccountId;
}

// ops.*

export interface ActivityLogged {
  readonly meta: Meta;
  readonly activity: Activity;
}
