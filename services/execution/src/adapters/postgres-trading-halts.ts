import type { EndingLevel } from '@scalpstorm/engine';
import { second, Timestamp } from '@scalpstorm/kernel';
import {
  type HaltLevel,
  haltLevels,
  isStricter,
  RiskScope,
  type ScopeMember,
  type TradingState,
} from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { holdsBack, keptWord, strictestEnding, TradingHalts, type TradingWord } from '../ports/trading-halts.js';

/**
 * How much older than the newest that is known a word may be that is news here. It was told when another process led, or by a clock that
 * was put back: minutes would do.
 */
const newsAgeMax = 24 * 3_600 * second;

/** As rows were named before there was more than the platform and its users. */
const rowOf = (scope: RiskScope): string => {
  if (scope.kind === 'platform') return '';
  return scope.kind === 'user' ? scope.id : RiskScope.format(scope);
};
const scopeOf = (row: string): RiskScope => {
  if (row === '') return RiskScope.platform;
  return RiskScope.parse(row) ?? { kind: 'user', id: row };
};
/** From the mildest on; the driver takes no readonly list. */
const levels: HaltLevel[] = [...haltLevels];
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

type HeardHalt = Pick<TradingWord, 'since'> & { readonly level: HaltLevel };

const strictestOf = (halts: readonly HeardHalt[]): HaltLevel =>
  haltLevels.findLast((level) => halts.some((halt) => halt.level === level)) ?? 'halt';

/** The words of the gate in the schema of execution: one row a scope of which something was ever said. */
export class PostgresTradingHalts extends TradingHalts {
  private readonly words = new Map<string, TradingWord>();
  /** By row: the halts that were heard here and are not written yet, with what each of them ends. */
  private readonly unwritten = new Map<string, readonly HeardHalt[]>();
  private newest = 0;

  constructor(private readonly store: Store) {
    super();
  }

  async load(): Promise<void> {
    for (const word of await this.toldAfter(0)) this.keep(word);
  }

  async unheard(): Promise<readonly TradingWord[]> {
    const told = await this.toldAfter(Math.max(0, this.newest - newsAgeMax));
    return told.filter(({ scope, since }) => {
      const known = this.words.get(rowOf(scope));
      return known === undefined || known.since < since;
    });
  }

  async hear(heard: TradingWord): Promise<void> {
    const row = rowOf(heard.scope);
    const known = this.words.get(row);
    const word = keptWord(heard, known);
    const { state, text, since } = word;
    const owed = this.oweUntil(row, heard);
    if (!isStricter(known?.state ?? 'active', state)) this.keep(word);
    // What is remembered may have been released elsewhere since, and what the row has may be stricter: a halt raises the row that stands, by
    // itself and by those that were heard since that row was told.
    const [written] = await this.store.sql<Pick<HaltRow, 'level'>[]>`
      insert into trading_halts (user_id, halted, reducing, text, since_us, level)
      values (${row}, ${state === 'halted'}, ${state === 'reducing'}, ${text}, ${since}, ${strictestOf(owed)})
      on conflict (user_id) do update set halted = excluded.halted, reducing = excluded.reducing, text = excluded.text,
         since_us = excluded.since_us,
         level = case when excluded.halted then (${levels}::text[])[greatest(
             case when trading_halts.halted then array_position(${levels}::text[], trading_halts.level) end,
             (select max(array_position(${levels}::text[], owed.level))
                from unnest(${owed.map(({ level }) => level)}::text[], ${owed.map((halt) => String(halt.since))}::bigint[])
                  as owed (level, since_us)
               where owed.since_us >= trading_halts.since_us))] else 'halt' end
       where excluded.since_us >= trading_halts.since_us
      returning level`;
    this.wrote(row, since);
    const isAsWritten = written === undefined || written.level === (word.level ?? 'halt');
    this.keep(isAsWritten ? word : { ...word, level: written.level });
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

  ending(): readonly TradingWord[] {
    return [...this.words.values()].filter((word) => strictestEnding([word]) !== null);
  }

  isFlattening(): boolean {
    return strictestEnding(this.words.values()) === 'flatten';
  }

  own(scope: RiskScope): TradingWord | null {
    return this.words.get(rowOf(scope)) ?? null;
  }

  async adopt(word: TradingWord, instead: TradingWord): Promise<void> {
    const row = rowOf(word.scope);
    // The table first: what is newer there than here is news to whoever reads it again.
    await this.store.sql`
      update trading_halts set since_us = ${word.since} where user_id = ${row} and since_us = ${instead.since}`;
    if (this.words.get(row) === instead) this.words.set(row, word);
  }

  isHalted(scopes: readonly RiskScope[]): boolean {
    return scopes.some((scope) => this.words.get(rowOf(scope))?.state === 'halted');
  }

  private async toldAfter(since: number): Promise<readonly TradingWord[]> {
    const rows = await this.store.sql<
      HaltRow[]
    >`select user_id, halted, reducing, text, since_us, level from trading_halts where since_us > ${since}`;
    return rows.map((row) => ({
      scope: scopeOf(row.user_id),
      state: stateOf(row),
      text: row.text,
      since: Timestamp.fromMicros(Number(row.since_us)),
      level: row.level,
    }));
  }

  /** What was heard until then and is not written, the halt itself with it; none of it stands after a milder word. */
  private oweUntil(row: string, { state, since, level = 'halt' }: TradingWord): readonly HeardHalt[] {
    const [before, later] = this.unwrittenUntil(row, since);
    const owed = state === 'halted' ? [...before.filter((halt) => halt.since !== since), { since, level }] : [];
    this.unwritten.set(row, [...owed, ...later]);
    return owed;
  }

  private wrote(row: string, since: Timestamp): void {
    const [, later] = this.unwrittenUntil(row, since);
    if (later.length > 0) this.unwritten.set(row, later);
    else this.unwritten.delete(row);
  }

  private unwrittenUntil(row: string, since: Timestamp): readonly [readonly HeardHalt[], readonly HeardHalt[]] {
    const all = this.unwritten.get(row) ?? [];
    return [all.filter((halt) => halt.since <= since), all.filter((halt) => halt.since > since)];
  }

  private keep(word: TradingWord): void {
    const row = rowOf(word.scope);
    const known = this.words.get(row);
    this.newest = Math.max(this.newest, word.since);
    if (known === undefined || word.since >= known.since) this.words.set(row, word);
  }
}
