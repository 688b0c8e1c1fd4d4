import type { ScopeState } from '@scalpstorm/contracts';
import type { RiskScope, ScopeMember, UserId } from '@scalpstorm/model';
import type { StateWord } from '../domain/state-words.js';
import type { KeptTrip } from './trips.js';

/** What was said of a scope last. Words of one scope follow one another in `since`, whatever the clock does. */
export type CurrentState = ScopeState & {
  /** Whose the scope is; null or absent: nobody's in particular. */
  readonly ownerId?: UserId | null;
};

/** What may be ordered, by platform, venue, instrument, user, account and bot? Durable, and told to everybody in the same transaction. */
export abstract class TradingStates {
  abstract load(): Promise<void>;
  /** The strictest of everything that the order belongs to. From memory: the gate asks for every order. */
  abstract of(order: ScopeMember): CurrentState;
  /** What was set for a scope. */
  abstract own(scope: RiskScope): CurrentState;
  /** Every scope of which something was said, the newest first: of the platform, of venues and instruments, and of what is the user's; null: all. */
  abstract said(userId: UserId | null): readonly CurrentState[];
  /**
   * Durable when it resolves; what is stricter holds from the call on. Setting what is set changes nothing. The trip that says it is kept with it: or a gate
   * that dies between the two would leave what nobody ends.
   */
  abstract set(word: StateWord, trip?: Omit<KeptTrip, 'since'>): Promise<CurrentState>;
}
