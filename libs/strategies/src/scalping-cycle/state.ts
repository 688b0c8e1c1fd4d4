import type {
  CancelReason,
  ClientOrderId,
  CycleExit,
  Leg,
  OrderStatus,
  OrderType,
  Side,
  TimeInForce,
} from '@scalpstorm/model';
import { type Amount, noAmount } from './amounts.js';
import { type Books, emptyBooks } from './books.js';

export type MachineMode =
  | 'running'
  | 'pausing'
  | 'paused'
  | 'stopping'
  | 'flattening'
  | 'stopped'
  | 'finished'
  | 'failed';

/** What is known of one of the bot's own orders. */
export type OrderFact = {
  readonly id: ClientOrderId;
  readonly leg: Leg;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Amount;
  readonly price: Amount | null;
  readonly timeInForce: TimeInForce;
  readonly status: OrderStatus;
  /** Of the newest state heard; `unheard` before the first. */
  readonly version: number;
  /** False: heard of before we asked for it, because our state is older than the event. */
  readonly adopted: boolean;
  /** Whether its running sums are in the books: from the start, unless its cycle has not begun for us. */
  readonly booked: boolean;
  /** The order's running sums. */
  readonly filled: Amount;
  readonly notional: Amount;
  readonly fees: { readonly [currency: string]: Amount };
  /** We, or the platform on our behalf, wanted it canceled. */
  readonly cancelReason: CancelReason | null;
  readonly cancelAskedAt: number | null;
  readonly asks: number;
  readonly askedAt: number;
  /** When it was asked for the first time. */
  readonly placedAt: number;
  /** Its parameters were edited since: it must go, and another one come. */
  readonly outdated: boolean;
  /** Of an entry whose size was reckoned: by what, see `sizingMark`. */
  readonly sizedBy?: string;
  readonly reasonCode: string;
  readonly reasonText: string;
};

export const unheard = -1;

/** Plain JSON: amounts are decimal texts, times are microseconds. */
export type ScalpingState = {
  /** Of this very form; an older one is brought up to it when it is read. */
  readonly format: 3;
  readonly mode: MachineMode;
  readonly cycle: number;
  readonly cycleStartedAt: number | null;
  /** Completed since the last start. */
  readonly cyclesDone: number;
  /** The next attempt of each leg of this cycle: with the cycle it determines the next order's id. */
  readonly attempts: { readonly entry: number; readonly exit: number; readonly flatten: number };
  /** The one order that may be alive. */
  readonly live: ClientOrderId | null;
  /** The newest of the bot's orders, oldest first: to tell repeats and late fills. */
  readonly orders: readonly OrderFact[];
  /** Orders of cycles up to this one may have been forgotten: news about an unknown one of them is not taken. */
  readonly forgottenCycle: number;
  readonly books: Books;
  /** Orders in a row that came to nothing. */
  readonly failures: number;
  readonly retryAt: number | null;
  /** The next cycle does not begin before. */
  readonly restUntil: number | null;
  /** The exit at the market that is due; nothing takes it back until the cycle is over. */
  readonly closing: 'stop-loss' | 'take-profit' | 'trailing' | 'signal' | 'time' | null;
  /** The exit price from which the exit trails; null before it is known. */
  readonly target: Amount | null;
  /** The best price since the target was reached; null before. */
  readonly best: Amount | null;
  /** What the last exit of this cycle was made for. */
  readonly exitKind: CycleExit;
  /** So much base and less is too little to trade, says whoever refused it. */
  readonly dust: Amount;
  /** Why it orders nothing although it is its turn: the price of its order, or what the market would pay; since when. */
  readonly waits: {
    readonly about: 'order' | 'market';
    readonly code: string;
    readonly since: number;
    readonly told: boolean;
    /** Of a stop that stands as too small: the price has turned round since, and no order is possible yet. */
    readonly dormant?: boolean;
    /** It took the place of such a stop, which had been told: once is enough, until this goes on. */
    readonly stopTold?: boolean;
    /** What was told of the order before this one, which nobody has heard of yet: it is in sight until this is told or over. */
    readonly said?: string;
  } | null;
  /** What the newest finished cycles came to, in 10^-9 of their entry's value; only where sizes are reckoned from it. */
  readonly returns?: readonly number[];
  /** With which parameters they came about. */
  readonly returnsOf?: string;
  readonly stopReason: CancelReason;
  readonly endCode: string;
  readonly endText: string;
};

/** Orders kept; those that filled nothing go first. */
export const ordersKept = 16;

export const initialState: ScalpingState = {
  format: 3,
  mode: 'stopped',
  cycle: 0,
  cycleStartedAt: null,
  cyclesDone: 0,
  attempts: { entry: 0, exit: 0, flatten: 0 },
  live: null,
  orders: [],
  forgottenCycle: -1,
  books: emptyBooks,
  failures: 0,
  retryAt: null,
  restUntil: null,
  closing: null,
  target: null,
  best: null,
  exitKind: 'target',
  dust: noAmount,
  waits: null,
  stopReason: 'stop',
  endCode: '',
  endText: '',
};

export const noFills = { filled: noAmount, notional: noAmount, fees: {} } as const;

/** The state of a bot that an earlier version wrote down, in today's form. */
export function currentForm(state: ScalpingState): ScalpingState {
  if (state.format === 3) return state;
  const orders = state.orders.map((fact) => ({
    ...fact,
    timeInForce: fact.timeInForce ?? 'GTC',
    placedAt: fact.placedAt ?? fact.askedAt,
    outdated: fact.outdated ?? false,
  }));
  return { ...initialState, ...state, books: { ...emptyBooks, ...state.books }, orders, format: 3 };
}
