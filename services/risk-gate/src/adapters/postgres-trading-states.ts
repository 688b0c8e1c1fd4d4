import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { type TradingState, tradingStateChanged } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Outbox, Store } from '@scalpstorm/store';
import { type CurrentState, TradingStates } from '../ports/trading-states.js';

const active: CurrentState = { state: 'active', text: '', since: Timestamp.fromMicros(0) };

/** Trading states in the schema of risk-gate. */
export class PostgresTradingStates extends TradingStates {
  private readonly states = new Map<string, CurrentState>();
  /** The newest word of a user that is not durable yet; it stays when it could not be written, and is written again when repeated. */
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
    return this.states.get(userId) ?? active;
  }

  async set(userId: UserId, state: TradingState, text: string): Promise<CurrentState> {
    const known = this.of(userId);
    if (known.state === state && !this.wanted.has(userId)) return known;
    const current = { state, text, since: this.clock.now() };
    // A halt works at once, whether or not a disk is there; it is answered when it is durable. A release waits.
    if (state === 'halted') this.states.set(userId, current);
    const before = this.wanted.get(userId)?.written ?? Promise.resolve();
    // One after the other, so that the rows end as the words came; a word that was overtaken changes memory no more.
    const written = before.catch(() => undefined).then(() => this.write(userId, current));
    this.wanted.set(userId, { current, written });
    await written;
    if (this.wanted.get(userId)?.current === current) {
      this.wanted.delete(userId);
      this.states.set(userId, current);
    }
    return current;
  }

  private async write(userId: UserId, { state, text, since }: CurrentState): Promise<void> {
    const meta = newMeta(this.clock, null);
    await this.store.transaction(async (tx) => {
      await tx`insert into trading_states (user_id, state, text, changed_by, since_us)
        values (${userId}, ${state}, ${text}, ${userId}, ${since})
        on conflict (user_id) do update set state = excluded.state, text = excluded.text,
          changed_by = excluded.changed_by, since_us = excluded.since_us`;
      await this.outbox.add(tx, [outboxMessage(tradingStateChanged, { meta, userId, state, text })]);
    });
    this.outbox.wake();
  }
}
