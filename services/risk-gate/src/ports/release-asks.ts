import type { Refusal, ScopeState } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { RiskScope, TradingState } from '@scalpstorm/model';
import type { StateWord } from '../domain/state-words.js';

/** Somebody has asked for a milder state. */
export interface ReleaseAsk {
  readonly scope: RiskScope;
  readonly state: TradingState;
  /** Since when the state holds that it would end. */
  readonly since: Timestamp;
  readonly by: string;
  readonly askedAt: Timestamp;
}

/** Asks for releases; they outlive the process. */
export abstract class ReleaseAsks {
  /** The newest first, for the same end of the same state, not older than that. */
  abstract of(wanted: Omit<ReleaseAsk, 'by' | 'askedAt'>, from: Timestamp): Promise<readonly ReleaseAsk[]>;
  /** Durable when it resolves. */
  abstract add(ask: ReleaseAsk): Promise<void>;
}

/** May this one person say it? */
export abstract class ReleaseRule {
  abstract objectionTo(word: StateWord, before: ScopeState): Promise<Refusal | null>;
}
