import { assert, Timestamp } from '@scalpstorm/kernel';
import { type HaltLevel, RiskScope, type TradingState } from '@scalpstorm/model';
import type { Lease, Store } from '@scalpstorm/store';
import type { TradingWord } from '../domain/trading-word.js';
import { TradingHalts } from '../ports/trading-halts.js';

interface WordRow {
  readonly scope: string;
  readonly state: TradingState;
  readonly text: string;
  readonly level: HaltLevel;
  readonly since_us: bigint;
  readonly obeyed: boolean;
}

/** One row a scope in the schema of strategy. As with the bots every write proves the lease. */
export class PostgresTradingHalts extends TradingHalts {
  constructor(
    private readonly store: Store,
    private readonly lease: Pick<Lease, 'prove'>,
  ) {
    super();
  }

  async load(): Promise<readonly TradingWord[]> {
    const rows = await this.store.sql<WordRow[]>`select scope, state, text, level, since_us, obeyed from trading_halts`;
    return rows.map(wordOf);
  }

  async keep({ scope, state, text, level, since, isObeyed }: TradingWord): Promise<void> {
    await this.store.transaction((tx) =>
      Promise.all([
        this.lease.prove(tx),
        tx`
          insert into trading_halts (scope, state, text, level, since_us, obeyed)
          values (${RiskScope.format(scope)}, ${state}, ${text}, ${level}, ${since}, ${isObeyed})
          on conflict (scope) do update set state = excluded.state, text = excluded.text, level = excluded.level,
             since_us = excluded.since_us, obeyed = excluded.obeyed
           where (excluded.since_us, excluded.obeyed) > (trading_halts.since_us, trading_halts.obeyed)`,
      ]),
    );
  }
}

function wordOf({ scope: row, state, text, level, since_us, obeyed }: WordRow): TradingWord {
  const scope = RiskScope.parse(row);
  assert(scope !== null, `${row} is no scope`);
  return { scope, state, text, level, since: Timestamp.fromMicros(Number(since_us)), isObeyed: obeyed };
}
