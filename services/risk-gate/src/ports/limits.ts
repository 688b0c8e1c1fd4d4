import type { LimitsInForce, TightLimits } from '@scalpstorm/engine';
import type { RiskScope, ScopeMember, UserId } from '@scalpstorm/model';

/** What was set for a scope. Version 0 and nothing set: nobody ever has. */
export interface ScopeLimits {
  readonly scope: RiskScope;
  readonly version: number;
  readonly limits: TightLimits;
}

export interface LimitChange {
  readonly scope: RiskScope;
  /** Everything that is to hold for the scope from now on. */
  readonly limits: TightLimits;
  /** Of the limits as they were when they were read. */
  readonly expectedVersion: number;
  readonly by: UserId;
  readonly text: string;
  /** Whose the scope is; null: everybody's. */
  readonly ownerId: UserId | null;
}

/** Limits that are tighter than the settings, by platform, venue, user, account and bot. Durable, and told in the same transaction. */
export abstract class Limits {
  abstract load(): Promise<void>;
  /** What an order is measured by. From memory: the gate asks for every order. */
  abstract of(order: ScopeMember): LimitsInForce;
  /** What comes of the settings and what was set for these, the widest first. */
  abstract within(scopes: readonly RiskScope[]): LimitsInForce;
  abstract own(scope: RiskScope): ScopeLimits;
  /** Durable when it resolves, and holds from then on. Null: the version is another by now, and nothing was changed. */
  abstract set(change: LimitChange): Promise<ScopeLimits | null>;
}
