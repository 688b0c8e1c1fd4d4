import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { usageFailure } from '../failure.js';
import { column, defaultCommand, listed, number, show, time } from '../rows.js';
import type { Runner } from '../runner.js';

interface SetOptions {
  readonly level?: string;
}

const columns = [
  column('FOR', 'scope'),
  column('LEVEL', 'level'),
  number('SECONDS', 'seconds'),
  time('HALTS AT', 'expiresAt'),
  column('BY', 'by'),
];
const path = '/v1/dead-man';

export function registerDeadMan(program: Command, run: Runner): void {
  const deadMan = program.command('dead-man').description('timers that halt by themselves unless they are renewed');
  defaultCommand(deadMan, 'list')
    .description('which run, and when they halt')
    .action(run(async (context) => show(context, await listed(context, path, {}), columns, 'no timers')));
  deadMan
    .command('set <scope> <seconds>')
    .description(
      'arm or renew one: mine, account:ID, bot:ID, venue:ID or platform is halted unless it is renewed in time',
    )
    .option('--level <level>', 'halt, cancel or flatten', 'cancel')
    .action(
      run<SetOptions>(async (context, { operands: [scope = '', seconds = ''], options: { level = 'cancel' } }) => {
        if (!/^\d{1,6}$/.test(seconds)) {
          throw usageFailure('INVALID_OPTION', `"${seconds}" is no number of seconds.`, '10 to 86400');
        }
        const wish = { scope, seconds: Number(seconds), level };
        const row = (await context.api.send('PUT', path, wish)) as Row;
        if (context.output.json) context.output.value(row);
        else context.output.table([row], columns);
      }),
    );
  deadMan
    .command('remove <scope>')
    .description('take one away')
    .action(
      run(async (context, { operands: [scope = ''] }) => {
        await context.api.send('DELETE', `${path}?scope=${encodeURIComponent(scope)}`);
        if (context.output.json) context.output.value({ scope, removed: true });
        else context.output.line(`the timer of ${scope} is gone`);
      }),
    );
}
