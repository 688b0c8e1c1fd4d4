import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { type TradingState, tradingStateChanged } from '@scalpstorm/contracts';
import { type Micros, Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Outbox, Store } from '@scalpstorm/store';
import { type CurrentState, TradingStates } from '../ports/trading-states.js';

/** The row of the whole platform. */
const platformRow = '';
const operator = 'operator';

const rowOf = (userId: UserId | null): string => userId ?? platformRow;

const active: CurrentState = { state: 'active', text: '', since: null };

type Changed = CurrentState & { readonly since: Timestamp };

/** Trading states in the schema of risk-gate. */
export class PostgresTradingStates extends TradingStates {
  private readonly states = new Map<string, CurrentState>();
  /** The newest word of a row that is not durable yet; it stays when it could not be written, and is written again when repeated. */
  private readonly wanted = new Map<string, { readonly current: CurrentState; readonly written: Promise<void> }>();

  constructor(
    private readonly store: Store,
    private readonly outbox: Outbox,
    private readonly clock: WallClock,
  ) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<{ user_id: string; state: TradingState; text: string; since_us: string }[]>`
      select user_id, state, text, since_us from trading_states`;
    for (const row of rows) {
      this.states.set(row.user_id, {
        state: row.state,
        text: row.text,
        since: Timestamp.fromMicros(Number(row.since_us)),
      });
    }
  }

  of(userId: UserId): CurrentState {
    const platform = this.own(null);
    return platform.state === 'halted' ? platform : this.own(userId);
  }

  own(userId: UserId | null): CurrentState {
    return this.states.get(rowOf(userId)) ?? active;
  }

  async set(userId: UserId | null, state: TradingState, text: string): Promise<CurrentState> {
    const row = rowOf(userId);
    const known = this.own(userId);
    if (known.state === state && !this.wanted.has(row)) return known;
    const current = { state, text, since: this.next(known.since) };
    // A halt works at once, whether or not a disk is there; it is answered when it is durable. A release waits.
    if (state === 'halted') this.states.set(row, current);
    const before = this.wanted.get(row)?.written ?? Promise.resolve();
    // One after the other, so that the rows end as the words came; a word that was overtaken changes memory no more.
    const written = before.catch(() => undefined).then(() => this.write(userId, current));
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

  private async write(userId: UserId | null, { state, text, since }: Changed): Promise<void> {
    const meta = newMeta(this.clock, null, since);
    await this.store.transaction(async (tx) => {
      await tx`insert into trading_states (user_id, state, text, changed_by, since_us)
        values (${rowOf(userId)}, ${state}, ${text}, ${userId ?? operator}, ${since})
        on conflict (user_id) do update set state = excluded.state, text = excluded.text,
          changed_by = excluded.changed_by, since_us = excluded.since_us`;
      await this.outbox.add(tx, [outboxMessage(tradingStateChanged, { meta, userId, state, text })]);
    });
    this.outbox.wake();
  }
}
