import type { Timestamp } from '@scalpstorm/kernel';
import type {
  AccountId,
  CancelReason,
  ClientOrderId,
  HaltLevel,
  Instrument,
  InstrumentId,
  Mode,
  Money,
  Order,
  OrderRequest,
  OrderStatus,
  PlanId,
  PlanLeg,
  PlanStatus,
  PlanTerms,
  Quantity,
  Reason,
  UserId,
} from '@scalpstorm/model';
import type { Prices } from '../orders/trigger.js';

/**
 * - `asked`: the gate was asked, and no order of it is known
 * - `placed`: in the books, on its way
 * - `working`: at the venue, or watched here
 */
export type ChildState = 'asked' | 'placed' | 'working' | 'ended';

/** One order of a plan. */
export interface PlanChild {
  readonly clientOrderId: ClientOrderId;
  readonly leg: PlanLeg;
  readonly attempt: number;
  readonly quantity: Quantity;
  readonly state: ChildState;
  readonly filled: Quantity;
  /** What its fills did to the base that is held, signed, less a fee that was taken in base. */
  readonly net: Quantity;
  /** It is not wanted any more, and why its cancel leaves; durable before that. */
  readonly dropping: CancelReason | null;
  /** How it ended; null: it has not. */
  readonly end: OrderStatus | null;
  /** Why it ended with less than its quantity. */
  readonly code: string | null;
  /** What the gate or the venue said of that, with the next step where there is one. */
  readonly note: string | null;
  /** The plan has drawn its conclusion from its end. */
  readonly settled: boolean;
  /** How often the gate was asked for it, and when the last time and the first. */
  readonly ask: number;
  readonly askedAt: Timestamp;
  readonly createdAt: Timestamp;
}

/** What the venue takes of an order at the market, the strictest of its rules. */
export interface PlanRules {
  readonly base: Instrument['base'];
  readonly stepSize: Quantity;
  readonly quantityMin: Quantity;
  readonly quantityMax: Quantity;
  readonly notionalMin: Money;
}

/**
 * Why the exits are sent at once: the target was reached, the price of the stop was passed before it was placed, or a halt closes what
 * is held.
 */
export type Exit = 'target' | 'passed' | 'flatten';

/** The levels of a halt that end something. */
export type EndingLevel = Exclude<HaltLevel, 'halt'>;

/** Orders that belong together, after everything that happened to them. Only {@link decidePlan} makes the next one. */
export interface Plan {
  readonly id: PlanId;
  readonly userId: UserId;
  readonly accountId: AccountId;
  readonly mode: Mode;
  readonly instrumentId: InstrumentId;
  readonly terms: PlanTerms;
  readonly rules: PlanRules;
  /** Of an iceberg: the venue hides the rest itself. */
  readonly hidden: boolean;
  readonly status: PlanStatus;
  readonly reason: Reason | null;
  /** The newest ones, oldest first; what older ones came to is in `folded`. */
  readonly children: readonly PlanChild[];
  readonly folded: Folded;
  /** Of each leg, the next attempt. */
  readonly attempts: Readonly<Partial<Record<PlanLeg, number>>>;
  readonly canceling: boolean;
  /** The strictest halt that it has met; a release does not bring back what that has ended. */
  readonly halted: EndingLevel | null;
  /** It fails with this as soon as what it must not leave behind is over. */
  readonly failing: Reason | null;
  readonly exit: Exit | null;
  /** Children in a row that came to nothing. */
  readonly failures: number;
  readonly pauseUntil: Timestamp | null;
  /** The target, or the close of a halt, is not tried before: it took less than all the last time. */
  readonly targetAfter: Timestamp | null;
  /** Of a TWAP: the newest slot that was used or left out. */
  readonly slot: number;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

export interface Folded {
  /** Signed base, of entries. */
  readonly opened: Quantity;
  /** Signed base, of all others. */
  readonly closed: Quantity;
  /** Of all but entries. */
  readonly filled: Quantity;
}

/** What is known when a plan is decided. */
export interface PlanLook {
  readonly now: Timestamp;
  /** Null: nobody can see the market. */
  readonly prices: Prices | null;
  /** The strictest halt in force over it that ends something. */
  readonly halt: EndingLevel | null;
  /** Its account is connected and may send what closes. */
  readonly mayClose: boolean;
  /** Its orders that are in the books, as far as they are not in the plan as ended. */
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
}

export interface PlanDecision {
  readonly plan: Plan;
  /** What the gate is asked for; under the number of the ask that the child has. */
  readonly asks: readonly { readonly request: OrderRequest; readonly ask: number }[];
  /** Durable as `dropping`; repeated until the order is over. */
  readonly cancels: readonly { readonly clientOrderId: ClientOrderId; readonly reason: CancelReason }[];
}

export const isLive = ({ state }: PlanChild): boolean => state !== 'ended';
export const left = ({ quantity, filled }: PlanChild): bigint => quantity - filled;
