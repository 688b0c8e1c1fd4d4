import { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { TradingHalts, type TradingWord } from '../ports/trading-halts.js';

/** The row of the whole platform. */
const platformRow = '';
const rowOf = (userId: UserId | null): string => userId ?? platformRow;

interface HaltRow {
  readonly user_id: string;
  readonly halted: boolean;
  readonly text: string;
  readonly since_us: bigint;
}

/** The words of the gate in the schema of execution: one row a user who was ever halted. */
export class PostgresTradingHalts extends TradingHalts {
  private readonly words = new Map<string, TradingWord>();

  constructor(private readonly store: Store) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<HaltRow[]>`select user_id, halted, text, since_us from trading_halts`;
    for (const row of rows) {
      const userId = row.user_id === platformRow ? null : (row.user_id as UserId);
      this.keep({ userId, halted: row.halted, text: row.text, since: Timestamp.fromMicros(Number(row.since_us)) });
    }
  }

  async hear(word: TradingWord): Promise<void> {
    if (word.halted) this.keep(word);
    await this.store.sql`
      insert into trading_halts (user_id, halted, text, since_us)
      values (${rowOf(word.userId)}, ${word.halted}, ${word.text}, ${word.since})
      on conflict (user_id) do update set halted = excluded.halted, text = excluded.text, since_us = excluded.since_us
       where excluded.since_us >= trading_halts.since_us`;
    this.keep(word);
  }

  over(userId: UserId): TradingWord | null {
    const platform = this.words.get(platformRow);
    if (platform?.halted) return platform;
    const own = this.words.get(userId);
    return own?.halted ? own : null;
  }

  private keep(word: TradingWord): void {
    const known = this.words.get(rowOf(word.userId));
    if (known === undefined || word.since >= known.since) this.words.set(rowOf(word.userId), word);
  }
}
