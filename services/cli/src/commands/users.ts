import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { usageFailure } from '../failure.js';
import { askHidden, readSecret } from '../prompt.js';
import { column, defaultCommand, listed, show, textOf } from '../rows.js';
import type { Runner } from '../runner.js';

interface CreateOptions {
  readonly email?: string;
  readonly role?: string;
  readonly passwordStdin?: boolean;
}

const columns = [column('ID', 'id'), column('EMAIL', 'email'), column('ROLE', 'role')];

/** Who may come in; for administrators. */
export function registerUsers(program: Command, run: Runner): void {
  const users = program.command('users').description('who may come in; administrators only');
  defaultCommand(users, 'list')
    .description('everybody who may come in')
    .action(run(async (context) => show(context, await listed(context, '/v1/users', {}), columns, 'nobody')));
  users
    .command('create')
    .description('let another user in; the password is typed unseen or piped in')
    .option('--email <address>', 'who')
    .option('--role <role>', 'viewer, trader or admin', 'viewer')
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
}
