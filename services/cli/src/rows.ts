import type { Command } from 'commander';
import type { Listing, Query, Row } from './api-client.js';
import type { Context } from './context.js';
import { forPeople } from './decimals.js';
import { usageFailure } from './failure.js';
import { didYouMean } from './nearest.js';
import type { Column } from './output.js';

export const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

export const field =
  (name: string) =>
  (row: Row): string =>
    textOf(row[name]);

export const column = (title: string, name: string): Column<Row> => ({ title, of: field(name) });
export const number = (title: string, name: string): Column<Row> => ({ title, of: field(name), align: 'right' });
/** `2026-11-21T10:00:00.000Z` → `2026-11-21 10:00:00`, in UTC. */
export const time = (title: string, name: string): Column<Row> => ({ title, of: (row) => timeText(textOf(row[name])) });

export const timeText = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '');

/** An amount of the row's currency. */
export const money = (title: string, name: string): Column<Row> => ({
  title,
  ...amountColumn((row) => ({ amount: row[name], currency: row['currency'] })),
});

type Amount = Readonly<Record<'amount' | 'currency', unknown>>;

/** The amount that a row has: rounded for people, exact for programs. */
export function amountColumn(amountOf: (row: Row) => Partial<Amount>): Omit<Column<Row>, 'title'> {
  const told = (row: Row, form: (text: string) => string) => {
    const { amount, currency } = amountOf(row);
    return `${form(textOf(amount))} ${textOf(currency)}`.trim();
  };
  return { align: 'right', of: (row) => told(row, forPeople), exact: (row) => told(row, (text) => text) };
}

/** An average price: rounded for people, exact for programs. */
export const average = (title: string, name: string): Column<Row> => ({
  ...number(title, name),
  of: (row) => forPeople(textOf(row[name])),
  exact: field(name),
});

export interface PageOptions {
  readonly limit?: string;
  readonly after?: string;
  readonly all?: boolean;
}

export const limitText = '1 to 500 rows (default 50)';

/** One page, or everything with --all. */
export async function listed(
  { api }: Context,
  path: string,
  { query = {}, limit, after, all }: PageOptions & { readonly query?: Query },
): Promise<Listing> {
  if (all === true) return api.all(path, query);
  if (limit !== undefined && !/^\d{1,3}$/.test(limit)) {
    throw usageFailure('INVALID_OPTION', `--limit cannot be "${limit}".`, 'give a whole number from 1 to 500');
  }
  return api.list(path, { ...query, limit, after });
}

/** JSON as the API gives it, or a table; where the next page begins is for people. */
export function show({ output }: Context, listing: Listing, columns: readonly Column<Row>[], nothing: string): void {
  if (output.json) {
    output.value(listing);
    return;
  }
  if (listing.data.length === 0 && output.isTerminal) output.note(nothing);
  else output.table(listing.data, columns);
  if (listing.nextCursor !== null) output.note(`there is more: --after ${listing.nextCursor}, or --all`);
}

/** An object: JSON as the API gives it, or its fields. */
export function showFields({ output }: Context, row: Row): void {
  if (output.json) output.value(row);
  else {
    const told = (value: unknown) => (output.isTerminal ? forPeople(textOf(value)) : textOf(value));
    output.fields(Object.entries(row).map(([name, value]) => [name, told(value)] as const));
  }
}

/** What a group does when nothing else is said; a word that is no command of the group is told so. */
export function defaultCommand(group: Command, name: string): Command {
  return group
    .command(name, { isDefault: true })
    .allowExcessArguments()
    .hook('preAction', (_, { args: [stray] }) => {
      if (stray === undefined) return;
      const names = group.commands.map((command) => command.name());
      const near = didYouMean(stray, names);
      const next = near === '' ? `commands: ${names.join(', ')}` : near;
      throw usageFailure('UNKNOWN_COMMAND', `'${stray}' is no command of ${group.name()}.`, next);
    });
}
