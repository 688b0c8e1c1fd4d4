import type { Timestamp } from '@scalpstorm/kernel';
import type {
  AccountId,
  ClientOrderId,
  InstrumentId,
  Mode,
  PlanId,
  PlanLeg,
  PlanStatus,
  PlanTerms,
  Quantity,
  Reason,
  UserId,
} from '@scalpstorm/model';
import type { Answer } from './questions.js';

export const planOrderStates = ['asked', 'placed', 'working', 'ended'] as const;

/** One order of a plan, as far as the plan knows it. */
export interface PlanOrder {
  readonly clientOrderId: ClientOrderId;
  readonly leg: PlanLeg;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  /** `asked`: the gate was asked. `placed`: on its way. `working`: at the venue, or watched by execution. */
  readonly state: (typeof planOrderStates)[number];
  /** Why it ended with less than its quantity; null: it did not. */
  readonly code: string | null;
}

/** Orders that belong together, as they are now. */
export interface OrderPlan {
  readonly id: PlanId;
  /** Grows from plan to plan. */
  readonly sequence: bigint;
  readonly userId: UserId;
  readonly accountId: AccountId;
  readonly mode: Mode;
  readonly instrumentId: InstrumentId;
  readonly terms: PlanTerms;
  readonly status: PlanStatus;
  readonly reason: Reason | null;
  /** The newest ones, oldest first. */
  readonly orders: readonly PlanOrder[];
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

export type OrderPlanRequest = { readonly userId: UserId } & (
  | {
      readonly kind: 'create';
      /** A function of who asks and his command, so that a repeat is the same plan. */
      readonly planId: PlanId;
      /** One of the user's; the gateway says so. */
      readonly accountId: AccountId;
      readonly instrumentId: InstrumentId;
      readonly terms: PlanTerms;
    }
  | {
      readonly kind: 'list';
      /** Null: those that are over, too. */
      readonly open: boolean | null;
      /** Rows older than this one; null: from the newest on. */
      readonly before: bigint | null;
      readonly limit: number;
    }
  | { readonly kind: 'get' | 'cancel'; readonly planId: PlanId }
);
export type OrderPlanAnswer = Answer<readonly OrderPlan[]>;
