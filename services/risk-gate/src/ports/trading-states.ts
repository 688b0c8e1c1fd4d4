import type { TradingState } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';

export interface CurrentState {
  readonly state: TradingState;
  readonly text: string;
  /** Null: it was never changed. Words of one user follow one another in it, whatever the clock does. */
  readonly since: Timestamp | null;
}

/** May anything be opened? Durable, and told to everybody in the same transaction. */
export abstract class TradingStates {
  abstract load(): Promise<void>;
  /** What binds a user: the platform's halt, or else the user's own state. From memory: the gate asks for every order. */
  abstract of(userId: UserId): CurrentState;
  /** What was set for a user, or, with null, for the whole platform. */
  abstract own(userId: UserId | null): CurrentState;
  /** Durable when it resolves; a halt holds from the call on. Setting what is set changes nothing. */
  abstract set(userId: UserId | null, state: TradingState, text: string): Promise<CurrentState>;
}
