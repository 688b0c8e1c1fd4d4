import type { Plan, PlanDecision } from '@scalpstorm/engine';
import type { AccountId, Activity, PlanId, UserId } from '@scalpstorm/model';

/** A plan as it is stored; `version` counts its changes. */
export interface StoredPlan {
  readonly plan: Plan;
  readonly version: number;
  /** Grows from plan to plan. */
  readonly sequence: bigint;
}

export interface PlanList {
  readonly userId: UserId;
  /** Null: all. */
  readonly open: boolean | null;
  /** Rows older than this one; null: from the newest on. */
  readonly before: bigint | null;
  readonly limit: number;
}

/** Orders that belong together, in the hands of the one writer of their account. */
export abstract class OrderPlans {
  /** Stores a new one, with what its user is told; one that is known under its id is given back as it is, and nothing is told. */
  abstract add(plan: Plan, told: Activity | null): Promise<StoredPlan>;
  /** The next version, what the gate is asked for and what its user is told, in one transaction. @throws BrokenInvariant when another writer took the account */
  abstract save(stored: StoredPlan, next: Plan, asks: PlanDecision['asks'], told: Activity | null): Promise<StoredPlan>;
  /** As it is stored; null: it is forgotten. @throws BrokenInvariant when there never was one */
  abstract read(planId: PlanId): Promise<StoredPlan | null>;
  /** Those of an account that are not over. */
  abstract open(accountId: AccountId): Promise<readonly StoredPlan[]>;
  /** Those that are over and know of fewer fills than the books: a venue told them late, and we went down before the plan had them. */
  abstract behind(accountId: AccountId): Promise<readonly StoredPlan[]>;
  /** Null: there is none, or it is somebody else's. */
  abstract find(userId: UserId, planId: PlanId): Promise<StoredPlan | null>;
  /** There was one of this id, over for so long that it is kept no more: none may come under it again. */
  async isForgotten(_planId: PlanId): Promise<boolean> {
    return false;
  }
  /** Newest first. */
  abstract list(wanted: PlanList): Promise<readonly StoredPlan[]>;
}
