import type { CycleResult } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, BotId, Cycle, InstrumentId, Mode, UserId } from '@scalpstorm/model';

export interface Span {
  readonly since: Timestamp;
  readonly until: Timestamp;
}

export interface ResultsCircle {
  readonly mode: Mode;
  readonly accountId?: AccountId;
  readonly userId?: UserId;
  readonly instrumentId?: InstrumentId;
}

/** What completed cycles came to. Durable, so that a day survives the gate. */
export abstract class CycleResults {
  /** What is told again replaces what was told before: fees may have been valued since. */
  abstract note(userId: UserId, cycle: Cycle, accountId?: AccountId): Promise<void>;
  /** The oldest first; of more than some thousands the newest. */
  abstract ofBot(botId: BotId, span: Span): Promise<readonly CycleResult[]>;
  /** Of all of them in a mode to which everything applies that is named; results of different modes are never summed. */
  abstract within(circle: ResultsCircle, span: Span): Promise<readonly CycleResult[]>;
  /**
   * The same with any number of them: what all but the cycle came to, one sum of each currency that stands where the cycle does, and the cycle
   * last.
   */
  abstract summedWith(cycle: Cycle, circle: ResultsCircle, span: Span): Promise<readonly CycleResult[]>;
  /** Forgets those before. Returns how many. */
  abstract prune(before: Timestamp): Promise<number>;
}
