import type { ScopeState } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { RiskScope, TradingState, UserId } from '@scalpstorm/model';
import type { BreakerName } from '../domain/breaker-names.js';

/** What a breaker found, and whom it is to hold. */
export interface Tripped {
  readonly scope: RiskScope;
  readonly ownerId: UserId | null;
  readonly breaker: BreakerName;
  readonly state: Exclude<TradingState, 'active'>;
  readonly text: string;
  readonly limit: string;
  readonly value: string;
  readonly until: Timestamp;
  readonly needsPerson: boolean;
}

/** A breaker that holds a scope by its trading state. */
export interface KeptTrip {
  readonly scope: RiskScope;
  readonly breaker: string;
  /** Of the state that it has set: another one was said by somebody else. */
  readonly since: Timestamp;
  readonly until: Timestamp;
  /** Its time alone does not end it. */
  readonly needsPerson: boolean;
  /** What comes back when its time is over. */
  readonly before: Pick<ScopeState, 'state' | 'text' | 'by' | 'operator'>;
  readonly limit: string;
  readonly value: string;
}

/** The newest trip of every scope. */
export abstract class Trips {
  abstract load(): Promise<void>;
  abstract of(scope: RiskScope): KeptTrip | null;
  /** Those whose time was over by then. */
  abstract due(now: Timestamp): readonly KeptTrip[];
  /** Durable when it resolves. */
  abstract keep(trip: KeptTrip): Promise<void>;
  /** Forgets it; what has tripped since stays. */
  abstract end(trip: Pick<KeptTrip, 'scope' | 'since'>): Promise<void>;
}
