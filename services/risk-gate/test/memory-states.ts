import { strictestOf } from '@scalpstorm/engine';
import { type Micros, Timestamp } from '@scalpstorm/kernel';
import { isStricter, RiskScope, type ScopeMember } from '@scalpstorm/model';
import type { FakeClock } from '@scalpstorm/testkit';
import { type StateWord, saysTheSame } from '../src/domain/state-words.js';
import { type CurrentState, TradingStates } from '../src/ports/trading-states.js';
import { type KeptTrip, Trips } from '../src/ports/trips.js';

type Current = StateWord & { readonly since: Timestamp };

/** Trading states that need no Postgres. */
export class MemoryStates extends TradingStates {
  readonly words: StateWord[] = [];
  /** So many words are heard and not written. */
  failures = 0;
  /** What writing waits for. */
  writing: () => Promise<void> = async () => undefined;
  private readonly wanted = new Map<string, { readonly current: Current; readonly written: Promise<void> }>();
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

  /** As Postgres does it: what is stricter holds at once, what is milder when it is written, one after the other. */
  async set(word: StateWord): Promise<CurrentState> {
    const key = RiskScope.format(word.scope);
    const known = this.own(word.scope);
    if (saysTheSame(word, known) && !this.wanted.has(key)) return known;
    const last = this.wanted.get(key)?.current.since ?? known.since;
    const now = this.clock.now();
    const current = { ...word, since: last === null || now > last ? now : Timestamp.plus(last, 1 as Micros) };
    this.words.push(word);
    if (!isStricter(known.state, word.state)) this.states.set(key, current);
    const before = this.wanted.get(key)?.written ?? Promise.resolve();
    const written = before.catch(() => undefined).then(() => this.write());
    this.wanted.set(key, { current, written });
    await written;
    if (this.wanted.get(key)?.current === current) {
      this.wanted.delete(key);
      this.states.set(key, current);
    }
    return current;
  }

  private async write(): Promise<void> {
    await this.writing();
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new Error('Postgres is away');
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

  async end({ scope, since }: Pick<KeptTrip, 'scope' | 'since'>): Promise<void> {
    if (this.of(scope)?.since === since) this.trips.delete(RiskScope.format(scope));
  }
}
