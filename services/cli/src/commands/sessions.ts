import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { currentAndNewPassword } from '../prompt.js';
import { column, defaultCommand, listed, show, textOf, time } from '../rows.js';
import type { Runner } from '../runner.js';

const columns = [
  column('ID', 'id'),
  time('SINCE', 'openedAt'),
  time('RENEWED', 'renewedAt'),
  time('ENDS', 'endsAt'),
  { title: 'THIS', of: (row: Row) => (row['current'] === true ? 'this one' : '') },
];

/** Where one is logged in, and with which password. */
export function registerSessions(program: Command, run: Runner): void {
  program
    .command('password')
    .description('change my password; ends every session of mine, and goes on in a new one')
    .option('--passwords-stdin', 'read the current password and the new one, a line each, from standard input')
    .action(
      run<{ passwordsStdin?: boolean }>(async ({ api, output, terminal }, { options }) => {
        const wanted = await currentAndNewPassword(terminal, options.passwordsStdin === true);
        const kept = await api.changePassword(wanted);
        if (output.json) output.value({ changed: true, loggedIn: kept });
        else
          output.line(`the password is changed; every other session has ended${kept ? '' : ', and this one: log in'}`);
      }),
    );
  const sessions = program.command('sessions').description('where I am logged in');
  defaultCommand(sessions, 'list')
    .description('every log-in of mine that stands')
    .action(run(async (context) => show(context, await listed(context, '/v1/sessions', {}), columns, 'none')));
  sessions
    .command('end <id>')
    .description('end a log-in at once, with its open streams')
    .action(
      run(async ({ api, output }, { operands: [id = ''] }) => {
        await api.send('DELETE', `/v1/sessions/${encodeURIComponent(id)}`);
        if (output.json) output.value({ ended: textOf(id) });
        else output.line(`session ${id} has ended`);
      }),
    );
}
