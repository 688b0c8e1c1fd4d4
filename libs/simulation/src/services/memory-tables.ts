import type { OutboxMessage } from '@scalpstorm/bus';
import { type Contract, tradingStateChanged } from '@scalpstorm/contracts';
import { assert } from '@scalpstorm/kernel';
import type { ChainMark, Outbox, Store } from '@scalpstorm/store';
import type { CrashPoint } from '../faults/crash-points.js';
import type { Message } from '../lane/broker.js';
import type { OutboxTable } from '../lane/outbox.js';
import { chained, isChaining } from './chain-statements.js';
import type { Database } from './database.js';

type Row = Readonly<Record<string, unknown>>;

/** Tables of one schema, by the column that names a row. What is in here was committed. */
export class MemoryTables {
  private readonly tables = new Map<string, Map<unknown, Row>>();

  constructor(readonly chainEnded: (mark: ChainMark) => void = () => undefined) {}

  rows(table: string): Map<unknown, Row> {
    const known = this.tables.get(table);
    if (known !== undefined) return known;
    const made = new Map<unknown, Row>();
    this.tables.set(table, made);
    return made;
  }
}

export interface StoreParts {
  readonly database: Database;
  readonly tables: MemoryTables;
  readonly outbox: OutboxTable;
  /** Where a process may die that writes a table. */
  readonly points: Readonly<Record<string, { readonly before: CrashPoint; readonly after: CrashPoint }>>;
  wake(): void;
}

/** Nothing of it is done yet. */
interface Statement {
  readonly table: string;
  readonly writes: boolean;
  run(): Row[] & { count: number };
}

/** What is told through such an outbox. */
const contracts: readonly Contract<unknown>[] = [tradingStateChanged as Contract<unknown>];

/**
 * So much of SQL that the small adapters of the services run as they are over tables in memory: one insert or one select of one table
 * a statement. A statement of another form is a mistake of whoever wrote it, and is told.
 */
export function memoryStore(parts: StoreParts): { readonly store: Store; readonly outbox: Outbox } {
  const { database, tables } = parts;
  const points = (table: string) => parts.points[table] ?? {};
  const sql = (first: unknown, ...given: unknown[]): unknown => {
    if (!isTemplate(first)) return { rows: first };
    const statement = read(first, given, tables);
    if (!statement.writes) return database.read(() => statement.run());
    return database.commit(() => statement.run(), points(statement.table));
  };
  const transaction = async (work: (tx: unknown) => Promise<unknown>): Promise<unknown> => {
    const staged: Statement[] = [];
    const told: Message[] = [];
    const tx = Object.assign(
      (first: unknown, ...given: unknown[]): unknown => {
        if (!isTemplate(first)) return { rows: [first] };
        staged.push(read(first, given, tables));
        return Promise.resolve([]);
      },
      { tell: (message: Message) => void told.push(message) },
    );
    const value = await work(tx);
    const at = points(staged[0]?.table ?? '');
    await database.write(() => {
      for (const { run } of staged) run();
      parts.outbox.add(told);
    }, at);
    parts.wake();
    return value;
  };
  const add = async (tx: { tell(message: Message): void }, rows: readonly OutboxMessage[]) => {
    for (const row of rows) tx.tell(decoded(row));
  };
  const store = { schema: 'memory', sql, transaction };
  return { store: store as unknown as Store, outbox: { add, wake: () => undefined } as unknown as Outbox };
}

/** The tables as they are, past every process, network and fault. */
export function plainStore(tables: MemoryTables): Store {
  const sql = async (first: TemplateStringsArray, ...given: unknown[]) => read(first, given, tables).run();
  return { schema: 'memory', sql } as unknown as Store;
}

function decoded({ subject, payload, messageId }: OutboxMessage): Message {
  const contract = contracts.find((known) => known.subject === subject);
  assert(contract !== undefined, `nobody knows messages of ${subject}`);
  return { contract, subject, event: contract.decode(payload), messageId, sentAt: 0 };
}

const isTemplate = (value: unknown): value is TemplateStringsArray => Array.isArray(value) && 'raw' in value;

function read(template: TemplateStringsArray, given: readonly unknown[], tables: MemoryTables): Statement {
  const text = template.join('?').replaceAll(/\s+/g, ' ').trim();
  if (isChaining(text)) return chaining(given, tables);
  const insert = /^insert into (\w+) (?:\(([^)]*)\) values|\?)/.exec(text);
  if (insert !== null)
    return inserting({ text, given, columns: insert[2]?.split(', ') ?? null }, tables, insert[1] ?? '');
  const select = /^select .* from (\w+)/.exec(text);
  if (select !== null) return selecting({ text, given }, tables, select[1] ?? '');
  const removal = /^delete from (\w+)/.exec(text);
  assert(removal !== null, `no statement for tables in memory: ${text}`);
  return removing({ text, given }, tables, removal[1] ?? '');
}

function chaining(given: readonly unknown[], tables: MemoryTables): Statement {
  const run = () => Object.assign([{ ...chained(given, tables) }], { count: 1 });
  return { table: 'verdicts', writes: true, run };
}

/** What is forgotten by its age is younger than that in every run. */
function removing({ text, given }: Pick<Inserted, 'text' | 'given'>, tables: MemoryTables, table: string): Statement {
  const columns = /where (\w+ = \?(?: and \w+ = \?)*)$/.exec(text)?.[1]?.split(' and ');
  const run = () => {
    const rows = tables.rows(table);
    const gone = [...rows].filter(([, row]) =>
      columns?.every((column, place) => row[column.replace(' = ?', '')] === given[place]),
    );
    for (const [key] of gone) rows.delete(key);
    return Object.assign([], { count: gone.length });
  };
  return { table, writes: true, run };
}

interface Inserted {
  readonly text: string;
  readonly given: readonly unknown[];
  readonly columns: readonly string[] | null;
}

function inserting({ text, given, columns }: Inserted, tables: MemoryTables, table: string): Statement {
  const rows =
    columns === null
      ? (given[0] as { readonly rows: readonly Row[] }).rows
      : [Object.fromEntries(columns.map((column, place) => [column.trim(), given[place]]))];
  const guard = /where excluded\.(\w+) >= /.exec(text)?.[1];
  const updates = text.includes('do update');
  const run = () => {
    const kept = tables.rows(table);
    for (const row of rows) {
      // A log has no key of its own: each of its rows is another one.
      const key = text.includes('on conflict') ? Object.values(row)[0] : row;
      const before = kept.get(key);
      const isOlder = guard !== undefined && before !== undefined && Number(row[guard]) < Number(before[guard]);
      if (before === undefined || (updates && !isOlder)) kept.set(key, row);
    }
    return Object.assign([], { count: rows.length });
  };
  return { table, writes: true, run };
}

function selecting({ text, given }: Omit<Inserted, 'columns'>, tables: MemoryTables, table: string): Statement {
  const [, column, how] = /where (\w+) (is null|(?:= any\(|=|>) ?\?)/.exec(text) ?? [];
  const run = () => {
    const all = [...tables.rows(table).values()];
    const found = column === undefined ? all : all.filter((row) => fits(row[column], how, given[0]));
    return Object.assign(text.includes(' desc') ? found.toReversed() : found, { count: found.length });
  };
  return { table, writes: false, run };
}

function fits(value: unknown, how: string | undefined, given: unknown): boolean {
  if (how === 'is null') return value === undefined || value === null;
  if (how === '> ?') return Number(value) > Number(given);
  return how === '= ?' ? value === given : Array.isArray(given) && given.includes(value);
}
