import type { DeadMan } from '@scalpstorm/contracts';
import type { RiskScope, UserId } from '@scalpstorm/model';

export interface ArmedDeadMan extends DeadMan {
  /** Armed by somebody of what is not theirs: only such a person arms it anew or takes it away. */
  readonly operator: boolean;
  /** Whose the scope is; null: nobody's in particular. */
  readonly ownerId: UserId | null;
}

/** Timers that halt a scope unless they are armed again in time; they outlive the process. */
export abstract class DeadMen {
  abstract load(): Promise<void>;
  /** From memory. */
  abstract all(): readonly ArmedDeadMan[];
  /** Durable when it resolves; instead of the one that the scope has. */
  abstract arm(timer: ArmedDeadMan): Promise<void>;
  abstract disarm(scope: RiskScope): Promise<void>;
}
