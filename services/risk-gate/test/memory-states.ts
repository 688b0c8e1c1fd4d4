import { strictestOf } from '@scalpstorm/engine';
import { type Micros, Timestamp } from '@scalpstorm/kernel';
import { RiskScope, type ScopeMember } from '@scalpstorm/model';
import type { FakeClock } from '@scalpstorm/testkit';
import { type StateWord, saysTheSame } from '../src/domain/state-words.js';
import { type CurrentState, TradingStates } from '../src/ports/trading-states.js';
import { type KeptTrip, Trips } from '../src/ports/trips.js';

/** Trading states that need no Postgres. */
export class MemoryStates extends TradingStates {
  readonly words: StateWord[] = [];
  /** So many words are heard and not written. */
  failures = 0;
  private readonly unwritten = new Set<string>();
  private readonly states = new Map<string, CurrentState>();

  constructor(private readonly clock: FakeClock) {
    super();
  }

  async load(): Promise<void> {}

  of(order: ScopeMember): CurrentState {
    return strictestOf(
      RiskScope.all(order).map((scope) => this.own(scope)),
      this.own(RiskScope.platform),
    );
  }

  own(scope: RiskScope): CurrentState {
    const untouched = { scope, state: 'active', text: '', since: null, by: '', operator: false } as const;
    return this.states.get(RiskScope.format(scope)) ?? untouched;
  }

  said(): readonly CurrentState[] {
    return [...this.states.values()];
  }

  async set(word: StateWord): Promise<CurrentState> {
    const failed = this.failures > 0;
    const known = this.own(word.scope);
    const { since } = known;
    if (saysTheSame(word, known) && !this.unwritten.has(RiskScope.format(word.scope))) return known;
    const now = this.clock.now();
    const current = { ...word, since: since === null || now > since ? now : Timestamp.plus(since, 1 as Micros) };
    this.words.push(word);
    this.states.set(RiskScope.format(word.scope), current);
    this.unwritten.delete(RiskScope.format(word.scope));
    if (failed) {
      this.failures -= 1;
      this.unwritten.add(RiskScope.format(word.scope));
      throw new Error('Postgres is away');
    }
    return current;
  }
}

export class MemoryTrips extends Trips {
  failures = 0;
  private readonly trips = new Map<string, KeptTrip>();

  async load(): Promise<void> {}

  of(scope: RiskScope): KeptTrip | null {
    return this.trips.get(RiskScope.format(scope)) ?? null;
  }

  due(now: Timestamp): readonly KeptTrip[] {
    return [...this.trips.values()].filter(({ until }) => until <= now);
  }

  async keep(trip: KeptTrip): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('Postgres is away');
    }
    this.trips.set(RiskScope.format(trip.scope), trip);
  }

  async end(scope: RiskScope): Promise<void> {
    this.trips.delete(RiskScope.format(scope));
  }
}
