import type { EndingLevel } from '@scalpstorm/engine';
import { Timestamp } from '@scalpstorm/kernel';
import { type HaltLevel, isStricter, RiskScope, type ScopeMember, type TradingState } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { holdsBack, keptWord, strictestEnding, TradingHalts, type TradingWord } from '../ports/trading-halts.js';

/** As rows were named before there was more than the platform and its users. */
const rowOf = (scope: RiskScope): string => {
  if (scope.kind === 'platform') return '';
  return scope.kind === 'user' ? scope.id : RiskScope.format(scope);
};
const scopeOf = (row: string): RiskScope => {
  if (row === '') return RiskScope.platform;
  return RiskScope.parse(row) ?? { kind: 'user', id: row };
};
const stateOf = ({ halted, reducing }: HaltRow): TradingState => {
  if (halted) return 'halted';
  return reducing ? 'reducing' : 'active';
};

interface HaltRow {
  readonly user_id: string;
  readonly halted: boolean;
  readonly reducing: boolean;
  readonly text: string;
  readonly since_us: bigint;
  readonly level: HaltLevel;
}

/** The words of the gate in the schema of execution: one row a scope of which something was ever said. */
export class PostgresTradingHalts extends TradingHalts {
  private readonly words = new Map<string, TradingWord>();

  constructor(private readonly store: Store) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<
      HaltRow[]
    >`select user_id, halted, reducing, text, since_us, level from trading_halts`;
    for (const row of rows) {
      const since = Timestamp.fromMicros(Number(row.since_us));
      this.keep({ scope: scopeOf(row.user_id), state: stateOf(row), text: row.text, since, level: row.level });
    }
  }

  async hear(heard: TradingWord): Promise<void> {
    const known = this.words.get(rowOf(heard.scope));
    const word = keptWord(heard, known);
    const { scope, state, text, since, level = 'halt' } = word;
    if (!isStricter(known?.state ?? 'active', state)) this.keep(word);
    await this.store.sql`
      insert into trading_halts (user_id, halted, reducing, text, since_us, level)
      values (${rowOf(scope)}, ${state === 'halted'}, ${state === 'reducing'}, ${text}, ${since}, ${level})
      on conflict (user_id) do update set halted = excluded.halted, reducing = excluded.reducing, text = excluded.text,
         since_us = excluded.since_us, level = excluded.level
       where excluded.since_us >= trading_halts.since_us`;
    this.keep(word);
  }

  over(order: ScopeMember, approvedAt: Timestamp): TradingWord | null {
    if (this.words.size === 0) return null;
    for (const scope of RiskScope.all(order)) {
      const word = this.words.get(rowOf(scope));
      if (word !== undefined && holdsBack(word, approvedAt)) return word;
    }
    return null;
  }

  endingOver(order: ScopeMember): EndingLevel | null {
    if (this.words.size === 0) return null;
    return strictestEnding(RiskScope.all(order).map((scope) => this.words.get(rowOf(scope))));
  }

  isFlattening(): boolean {
    return strictestEnding(this.words.values()) === 'flatten';
  }

  own(scope: RiskScope): TradingWord | null {
    return this.words.get(rowOf(scope)) ?? null;
  }

  async adopt(word: TradingWord, instead: TradingWord): Promise<void> {
    const row = rowOf(word.scope);
    if (this.words.get(row) === instead) this.words.set(row, word);
    await this.store.sql`
      update trading_halts set since_us = ${word.since} where user_id = ${row} and since_us = ${instead.since}`;
  }

  isHalted(scopes: readonly RiskScope[]): boolean {
    return scopes.some((scope) => this.words.get(rowOf(scope))?.state === 'halted');
  }

  private keep(word: TradingWord): void {
    const row = rowOf(word.scope);
    const known = this.words.get(row);
    if (known === undefined || word.since >= known.since) this.words.set(row, word);
  }
}
