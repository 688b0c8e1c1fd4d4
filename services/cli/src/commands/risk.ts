import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { confirm } from '../prompt.js';
import { column, defaultCommand, listed, number, show, textOf } from '../rows.js';
import type { Runner } from '../runner.js';

interface HaltOptions {
  readonly reason?: string;
  readonly level?: string;
  readonly platform?: boolean;
  readonly yes?: boolean;
}

const limitColumns = [column('LIMIT', 'name'), number('VALUE', 'value'), column('UNIT', 'unit')];

/** What each level does, in the words of the question. */
const levels: Readonly<Record<string, string>> = {
  halt: 'nothing new is opened',
  cancel: 'nothing new is opened, and open orders are canceled',
  flatten: 'nothing new is opened, open orders are canceled, and positions are closed at the market',
};

export function registerRisk(program: Command, run: Runner): void {
  const risk = program.command('risk').description('limits, and whether trading is allowed');
  defaultCommand(risk, 'state')
    .description('may new orders be opened?')
    .action(run(async (context) => told(context, (await context.api.get('/v1/trading-state')) as Row)));
  risk
    .command('limits')
    .description('the limits of the risk gate')
    .action(
      run(async (context) => show(context, await listed(context, '/v1/risk/limits', {}), limitColumns, 'no limits')),
    );

  program
    .command('halt')
    .description('emergency: stop opening orders at once')
    .option('--level <level>', 'halt, cancel (and own open orders go) or flatten (and positions are closed)', 'halt')
    .option('--reason <text>', 'why, for everybody to read', '')
    .option('--platform', 'of everybody, not only mine; administrators only')
    .option('--yes', 'do not ask')
    .action(
      run<HaltOptions>(async (context, { options }) => {
        const { level = 'halt', reason = '', platform } = options;
        const what = Object.hasOwn(levels, level) ? levels[level] : undefined;
        if (what === undefined) {
          throw usageFailure('INVALID_OPTION', `--level cannot be "${level}".`, Object.keys(levels).join(', '));
        }
        const whose = platform ? 'Halt the whole platform' : 'Halt';
        await confirm(context.terminal, { question: `${whose}: ${what}. Go on?`, yes: options.yes });
        const scope = platform ? 'platform' : 'mine';
        const state = (await context.api.send('POST', '/v1/halt', { text: reason, level, scope })) as Row;
        told(context, state);
        const disobedient = ((state['bots'] ?? []) as readonly Row[]).filter(({ code }) => code !== null);
        if (disobedient.length > 0) {
          throw new Failure('BOTS_DID_NOT_OBEY', `${disobedient.length} bots did not obey; trading is halted.`, {
            exitCode: exitCodes.refused,
            next: 'repeat it; see scalpstorm bots list',
          });
        }
      }),
    );

  program
    .command('release')
    .description('allow opening orders again')
    .option('--reason <text>', 'why, for everybody to read', '')
    .option('--platform', 'of everybody; administrators only')
    .option('--yes', 'do not ask')
    .action(
      run<HaltOptions>(async (context, { options: { reason = '', platform, yes } }) => {
        await confirm(context.terminal, { question: 'Bots will open orders again. Go on?', yes });
        const scope = platform ? 'platform' : 'mine';
        told(context, (await context.api.send('POST', '/v1/release', { text: reason, scope })) as Row);
      }),
    );
}

function told({ output }: Context, state: Row): void {
  if (output.json) {
    output.value(state);
    return;
  }
  const { text, since, bots = [], ordersCanceled } = state;
  const why = textOf(text) === '' ? '' : `: ${textOf(text)}`;
  const at = textOf(since) === '' ? '' : ` since ${textOf(since)}`;
  const halted = state['state'] === 'halted';
  output.line(`trading is ${output.paint(textOf(state['state']), halted ? 'red' : 'green')}${at}${why}`);
  for (const { bot, verb, code, text: detail } of bots as readonly Row[]) {
    output.line(`  ${textOf(bot)} ${textOf(verb)}: ${code === null ? 'done' : `${textOf(code)} ${textOf(detail)}`}`);
  }
  if (Number(ordersCanceled ?? 0) > 0) output.line(`  ${textOf(ordersCanceled)} orders without a bot: cancel asked`);
}
