import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { usageFailure } from '../failure.js';
import { findOne } from '../lookup.js';
import { askHidden, confirm, readSecret } from '../prompt.js';
import { column, defaultCommand, listed, type PageOptions, show, textOf } from '../rows.js';
import type { Runner } from '../runner.js';
import { paged } from './trading.js';

interface CreateOptions {
  readonly email?: string;
  readonly role?: string;
  readonly passwordStdin?: boolean;
}

const columns = [
  column('ID', 'id'),
  column('EMAIL', 'email'),
  column('ROLE', 'role'),
  { title: 'STATE', of: (row: Row) => (row['disabled'] === true ? 'disabled' : 'enabled') },
];

/** Who may come in; for administrators. */
export function registerUsers(program: Command, run: Runner): void {
  const users = program.command('users').description('who may come in; administrators only');
  paged(defaultCommand(users, 'list').description('everybody who may come in, newest first')).action(
    run<PageOptions>(async (context, { options }) =>
      show(context, await listed(context, '/v1/users', options), columns, 'nobody'),
    ),
  );
  users
    .command('create')
    .description('let another user in; the password is typed unseen or piped in')
    .option('--email <address>', 'who')
    .option('--role <role>', 'viewer, trader, risk or admin', 'viewer')
    .option('--password-stdin', 'read the password from standard input')
    .action(
      run<CreateOptions>(async ({ api, output, terminal }, { options }) => {
        const { email, role, passwordStdin } = options;
        if (email === undefined) throw usageFailure('EMAIL_MISSING', 'who is it?', 'give --email');
        if (passwordStdin !== true && terminal.stdin.isTTY !== true) {
          throw usageFailure('SECRET_MISSING', 'nobody is there to ask.', 'pipe it in: --password-stdin');
        }
        const password = passwordStdin
          ? await readSecret(terminal.stdin)
          : await askHidden(terminal, 'password of the new user: ');
        const made = (await api.send('POST', '/v1/users', { email, password, role })) as Row;
        if (output.json) output.value(made);
        else output.line(`${textOf(made['email'])} (${textOf(made['id'])}) is ${textOf(made['role'])}`);
      }),
    );
  users
    .command('role <user> <role>')
    .description('viewer looks, trader trades, risk looks and halts everybody, admin does everything; counts at once')
    .action(
      run(async (context, { operands: [user = '', role = ''] }) => {
        const changed = await change(context, user, { role });
        tell(context, changed, `is ${textOf(changed['role'])} now`);
      }),
    );
  users
    .command('disable <user>')
    .description('shut a user out at once, with every session, stream and key')
    .option('--yes', 'do not ask')
    .action(
      run<{ yes?: boolean }>(async (context, { operands: [user = ''], options }) => {
        const { id, email } = await userOf(context, user);
        await confirm(context.terminal, { question: `Shut ${textOf(email)} out?`, yes: options.yes });
        tell(context, await change(context, textOf(id), { disabled: true }), 'is shut out');
      }),
    );
  users
    .command('enable <user>')
    .description('let a user in again, who then logs in anew')
    .action(
      run(async (context, { operands: [user = ''] }) => {
        tell(context, await change(context, user, { disabled: false }), 'may come in again');
      }),
    );
}

async function change(context: Context, user: string, changes: Row): Promise<Row> {
  const { id } = await userOf(context, user);
  return (await context.api.send('PATCH', `/v1/users/${encodeURIComponent(textOf(id))}`, changes)) as Row;
}

function tell({ output }: Context, user: Row, what: string): void {
  if (output.json) output.value(user);
  else output.line(`${textOf(user['email'])} (${textOf(user['id'])}) ${what}`);
}

const kind = { path: '/v1/users', noun: 'user', label: 'email', listing: 'users list' } as const;

/** By id or e-mail; both are in small letters. */
const userOf = (context: Context, wanted: string): Promise<Row> => findOne(context, wanted.toLowerCase(), kind);
