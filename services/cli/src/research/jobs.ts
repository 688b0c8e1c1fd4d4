import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import type { Column } from '../output.js';
import { column, defaultCommand, limitText, listed, type PageOptions, show, textOf, time } from '../rows.js';
import type { Runner } from '../runner.js';
import { untilJobOver } from './until-job-over.js';

/** A kind of job of the platform, as a group of commands has it. */
export interface JobKind {
  /** Of its route, e.g. `/v1/backtests`. */
  readonly path: string;
  /** e.g. `backtest`. */
  readonly noun: string;
  readonly nouns: string;
  /** What one comes to, beside what every job has. */
  readonly columns: readonly Column<Row>[];
  /** One of them, for people and programs. */
  readonly tell: (context: Context, job: Row) => void;
}

interface ListOptions extends PageOptions {
  readonly status?: string;
}

const columns = [
  time('CREATED', 'createdAt'),
  column('JOB', 'id'),
  column('NAME', 'name'),
  column('STRATEGY', 'strategy'),
  column('INSTRUMENT', 'instrument'),
  column('TIMEFRAME', 'timeframe'),
  column('STATE', 'state'),
];

export const pathOf = ({ path }: JobKind, id = ''): string => `${path}/${encodeURIComponent(id)}`;

/** What one came to, where it is done. */
export const inside = (title: string, name: string, of: string): Column<Row> => ({
  title,
  align: 'right',
  of: (row) => textOf(((row[of] ?? {}) as Row)[name]),
});

/** `list`, `show` and `cancel`. */
export function registerJobs(group: Command, run: Runner, kind: JobKind): void {
  const { noun, nouns } = kind;
  defaultCommand(group, 'list')
    .description(`my ${nouns}, newest first`)
    .option('--status <status>', 'open or final')
    .option('--limit <rows>', limitText)
    .option('--after <cursor>', 'the next page')
    .option('--all', 'every page')
    .action(
      run<ListOptions>(async (context, { options }) => {
        const query = { status: options.status };
        const listing = await listed(context, kind.path, { ...options, query });
        show(context, listing, [...columns, ...kind.columns], `no ${nouns} yet`);
      }),
    );
  group
    .command('show <job>')
    .description(`one ${noun}, with what it came to when it is done`)
    .action(
      run(async (context, { operands: [id] }) => kind.tell(context, (await context.api.get(pathOf(kind, id))) as Row)),
    );
  group
    .command('cancel <job>')
    .description(`end one that waits or runs`)
    .action(
      run(async (context, { operands: [id] }) => {
        const after = (await context.api.send('POST', `${pathOf(kind, id)}/cancel`)) as Row;
        if (context.output.json) context.output.value(after);
        else context.output.line(`${textOf(after['id'])}: ${after['canceling'] === true ? 'ends' : after['state']}`);
      }),
    );
}

/**
 * Queues a job, and waits for it where that is wanted.
 * @returns the job that is done; null: it was only queued, which was told
 * @throws Failure when it ended in another way
 */
export async function queued(context: Context, kind: JobKind, body: Row, wait: boolean): Promise<Row | null> {
  const { api, output } = context;
  const job = (await api.send('POST', kind.path, body)) as Row;
  const id = textOf(job['id']);
  if (!wait) {
    if (output.json) output.value(job);
    else output.line(`${id}: queued`);
    return null;
  }
  const over = await untilJobOver(context, pathOf(kind, id));
  if (over['state'] === 'done') return over;
  const canceled = { code: 'JOB_CANCELED', text: 'it was canceled.', next: 'send it again' };
  const { code, text, next } = { ...canceled, ...(over['fault'] as object) };
  throw new Failure(code, text, { next });
}
