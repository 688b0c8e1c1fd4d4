import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { tradingStateChanged } from '@scalpstorm/contracts';
import { strictestOf } from '@scalpstorm/engine';
import { type Micros, Timestamp } from '@scalpstorm/kernel';
import { isStricter, RiskScope, type ScopeMember, type TradingState, type UserId, VenueId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Lease, Outbox, Store } from '@scalpstorm/store';
import { type StateWord, saysTheSame } from '../domain/state-words.js';
import { type CurrentState, TradingStates } from '../ports/trading-states.js';
import type { KeptTrip } from '../ports/trips.js';
import { writeTrip } from './postgres-trips.js';

/** As they were named before there was more than the platform and its users. */
const rowOf = (scope: RiskScope): string => {
  if (scope.kind === 'platform') return '';
  return scope.kind === 'user' ? scope.id : RiskScope.format(scope);
};
const scopeOf = (row: string): RiskScope => {
  if (row === '') return RiskScope.platform;
  return RiskScope.parse(row) ?? { kind: 'user', id: row };
};

const untouched = (scope: RiskScope): Kept => ({
  scope,
  state: 'active',
  text: '',
  since: null,
  by: '',
  operator: false,
  ownerId: null,
});

type Kept = CurrentState & Pick<StateWord, 'ownerId'>;
type Changed = Kept & Pick<StateWord, 'level'> & { readonly since: Timestamp };

interface StateRow {
  readonly user_id: string;
  readonly state: TradingState;
  readonly text: string;
  readonly changed_by: string;
  readonly since_us: string;
  readonly owner_id: UserId | null;
  readonly operator: boolean;
}

/** Trading states in the schema of risk-gate. Each write proves the lease: a gate that was thought dead may hear old words when it wakes. */
export class PostgresTradingStates extends TradingStates {
  private readonly states = new Map<string, Kept>();
  /** The newest word of a row that is not durable yet; it stays when it could not be written, and is written again when repeated. */
  private readonly wanted = new Map<string, { readonly current: Changed; readonly written: Promise<void> }>();

  constructor(
    private readonly store: Store,
    private readonly outbox: Outbox,
    private readonly clock: WallClock,
    private readonly lease: Pick<Lease, 'prove'>,
  ) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<StateRow[]>`
      select user_id, state, text, changed_by, since_us, owner_id, operator from trading_states`;
    for (const row of rows) {
      this.states.set(row.user_id, {
        scope: scopeOf(row.user_id),
        state: row.state,
        text: row.text,
        since: Timestamp.fromMicros(Number(row.since_us)),
        by: row.changed_by,
        operator: row.operator,
        ownerId: row.owner_id,
      });
    }
  }

  of({ instrumentId, userId, accountId, botId }: ScopeMember): CurrentState {
    const platform = this.own(RiskScope.platform);
    // Nobody halts bots by the thousand: most of the time there is next to nothing to look up.
    if (this.states.size === 0) return platform;
    const venue = VenueId.of(instrumentId.slice(0, instrumentId.indexOf(':')));
    const around = [
      this.states.get(rowOf(RiskScope.venue(venue))),
      this.states.get(rowOf(RiskScope.instrument(instrumentId))),
      this.states.get(userId),
      this.states.get(rowOf(RiskScope.account(accountId))),
      botId === null ? undefined : this.states.get(rowOf(RiskScope.bot(botId))),
    ];
    return strictestOf<CurrentState>(
      around.filter((one) => one !== undefined),
      platform,
    );
  }

  own(scope: RiskScope): CurrentState {
    return this.states.get(rowOf(scope)) ?? untouched(scope);
  }

  said(userId: UserId | null): readonly CurrentState[] {
    const everybodys = ({ scope: { kind } }: Kept) => kind === 'platform' || kind === 'venue' || kind === 'instrument';
    return [...this.states.values()]
      .filter((one) => userId === null || one.ownerId === userId || everybodys(one))
      .toSorted((left, right) => Number(right.since) - Number(left.since));
  }

  async set(word: StateWord, trip?: Omit<KeptTrip, 'since'>): Promise<CurrentState> {
    const row = rowOf(word.scope);
    const known = this.own(word.scope);
    if (saysTheSame(word, known) && !this.wanted.has(row)) return known;
    const current = { ...word, since: this.next(this.wanted.get(row)?.current.since ?? known.since) };
    // What is stricter works at once, whether or not a disk is there; it is answered when it is durable. What is milder waits.
    if (!isStricter(known.state, word.state)) this.states.set(row, current);
    const before = this.wanted.get(row)?.written ?? Promise.resolve();
    // One after the other, so that the rows end as the words came; a word that was overtaken changes memory no more.
    const written = before.catch(() => undefined).then(() => this.write(current, known.state, trip));
    this.wanted.set(row, { current, written });
    await written;
    if (this.wanted.get(row)?.current === current) {
      this.wanted.delete(row);
      this.states.set(row, current);
    }
    return current;
  }

  /** Later than the word before it, also when the clock was put back: whoever hears both must know which is the last. */
  private next(last: Timestamp | null): Timestamp {
    const now = this.clock.now();
    return last === null || now > last ? now : Timestamp.plus(last, 1 as Micros);
  }

  private async write(word: Changed, before: TradingState, trip?: Omit<KeptTrip, 'since'>): Promise<void> {
    const { scope, state, text, since, by, operator, ownerId, level } = word;
    const meta = newMeta(this.clock, null, since);
    await this.store.transaction(async (tx) => {
      await this.lease.prove(tx);
      await tx`insert into trading_states (user_id, state, text, changed_by, since_us, owner_id, operator)
        values (${rowOf(scope)}, ${state}, ${text}, ${by}, ${since}, ${ownerId}, ${operator})
        on conflict (user_id) do update set state = excluded.state, text = excluded.text,
          changed_by = excluded.changed_by, since_us = excluded.since_us, owner_id = excluded.owner_id,
          operator = excluded.operator`;
      await tx`insert into trading_state_changes
          (scope, before_state, after_state, text, changed_by, operator, since_us)
        values (${RiskScope.format(scope)}, ${before}, ${state}, ${text}, ${by}, ${operator}, ${since})`;
      if (trip !== undefined) await writeTrip(tx, { ...trip, since });
      await this.outbox.add(tx, [outboxMessage(tradingStateChanged, { meta, scope, state, text, by, level })]);
    });
    this.outbox.wake();
  }
}
