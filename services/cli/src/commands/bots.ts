import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { findBot, idOf, named } from '../bot-lookup.js';
import type { Context } from '../context.js';
import { exitCodes, Failure } from '../failure.js';
import type { Column } from '../output.js';
import { confirm } from '../prompt.js';
import {
  average,
  column,
  defaultCommand,
  limitText,
  listed,
  money,
  number,
  type PageOptions,
  show,
  showFields,
  textOf,
  time,
  timeText,
} from '../rows.js';
import type { Runner } from '../runner.js';
import { registerBotForms } from './bot-forms.js';

interface ListOptions extends PageOptions {
  readonly mode?: string;
  readonly state?: string;
}
interface YesOption {
  readonly yes?: boolean;
}

const verbs = [
  ['start', 'let it trade', false],
  ['pause', 'no new entries; exits are still managed', false],
  ['resume', 'go on after a pause', false],
  ['stop', 'cancel its open orders and keep what it holds', false],
  ['flatten', 'stop it and close what it holds at the market', true],
] as const;

const states: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'dim'>> = {
  running: 'green',
  paused: 'yellow',
  error: 'red',
  stopped: 'dim',
};

const botColumns = ({ output }: Context): readonly Column<Row>[] => [
  column('ID', 'id'),
  column('NAME', 'name'),
  column('MODE', 'mode'),
  { title: 'STATE', of: ({ observed }) => output.paint(textOf(observed), states[textOf(observed)] ?? 'dim') },
  column('SYMBOL', 'symbol'),
  money('PNL', 'pnl'),
  number('HELD', 'held'),
  number('CYCLES', 'cycles'),
  { title: 'REASON', of: ({ reason }) => textOf((reason as Row | undefined)?.['code']) },
];

export function registerBots(program: Command, run: Runner): void {
  const bots = program.command('bots').description('bots: list, create, edit, and tell them what to do');

  defaultCommand(bots, 'list')
    .description('my bots, newest first')
    .option('--mode <mode>', 'only these: backtest, demo, paper, live')
    .option('--state <state>', 'only these: running, paused, stopped, error …')
    .option('--limit <rows>', limitText)
    .option('--after <cursor>', 'the next page')
    .option('--all', 'every page')
    .action(
      run<ListOptions>(async (context, { options }) => {
        const page = await listed(context, '/v1/bots', options);
        const data = page.data.filter(
          ({ mode, observed }) =>
            (options.mode === undefined || mode === options.mode) &&
            (options.state === undefined || observed === options.state),
        );
        show(context, { ...page, data }, botColumns(context), 'no bots; make one: scalpstorm bots create');
      }),
    );

  bots
    .command('show <bot>')
    .description('one bot, by id or name')
    .action(run(async (context, { operands: [wanted = ''] }) => showFields(context, await findBot(context, wanted))));

  registerBotForms(bots, run);

  bots
    .command('delete <bot>')
    .description('delete a bot; it must be stopped and hold nothing')
    .option('--yes', 'do not ask')
    .action(
      run<YesOption>(async (context, { operands: [wanted = ''], options }) => {
        const bot = await findBot(context, wanted);
        await confirm(context.terminal, { question: `Delete ${named(bot)}?`, yes: options.yes });
        await context.api.send('DELETE', `/v1/bots/${idOf(bot)}`);
        if (context.output.json) context.output.value({ deleted: idOf(bot) });
        else context.output.line(`deleted ${named(bot)}`);
      }),
    );

  for (const [verb, text, asks] of verbs) registerVerb(bots, run, { verb, text, asks });

  bots
    .command('cycles <bot>')
    .description('its completed cycles, newest first')
    .option('--limit <rows>', limitText)
    .option('--after <cursor>', 'the next page')
    .option('--all', 'every page')
    .action(
      run<PageOptions>(async (context, { operands: [wanted = ''], options }) => {
        const bot = await findBot(context, wanted);
        show(context, await listed(context, `/v1/bots/${idOf(bot)}/cycles`, options), cycleColumns, 'no cycles yet');
      }),
    );
}

const cycleColumns = [
  number('NUMBER', 'number'),
  column('SYMBOL', 'symbol'),
  number('QUANTITY', 'quantity'),
  average('BUY', 'buyPrice'),
  average('SELL', 'sellPrice'),
  money('NET', 'net'),
  column('EXIT', 'exit'),
  time('COMPLETED', 'completedAt'),
  money('FEES', 'fees'),
  { title: 'OTHER FEES', of: (row: Row) => ((row['otherFees'] ?? []) as readonly Row[]).map(otherFeeText).join('; ') },
];

/** `0.01 BNB = 6 USDT at 600 of 2026-11-21 10:00:00`: a fee in a third currency, and by which price it is in the net. */
function otherFeeText({ fee, value, priced }: Row): string {
  if (value == null) return `${amountText(fee as Row)}, not valued yet`;
  const worth = `${amountText(fee as Row)} = ${amountText(value as Row)}`;
  if (priced == null) return worth;
  const { price, at } = priced as Row;
  return `${worth} at ${textOf(price)} of ${timeText(textOf(at))}`;
}

const amountText = ({ amount, currency }: Row): string => `${textOf(amount)} ${textOf(currency)}`;

function registerVerb(
  bots: Command,
  run: Runner,
  { verb, text, asks }: { readonly verb: string; readonly text: string; readonly asks: boolean },
): void {
  const command = bots.command(`${verb} <bots...>`).description(text);
  if (asks) command.option('--yes', 'do not ask');
  command.action(
    run<YesOption>(async (context, { operands, options }) => {
      const found: Row[] = [];
      for (const wanted of operands) found.push(await findBot(context, wanted));
      if (asks)
        await confirm(context.terminal, { question: `${verb} ${found.map(named).join(', ')}?`, yes: options.yes });
      await tellAll(context, verb, found);
    }),
  );
}

/** Every bot is told, whatever the ones before it answered; each has its own line. */
async function tellAll(context: Context, verb: string, bots: readonly Row[]): Promise<void> {
  const { api, output } = context;
  const failures: Failure[] = [];
  const results: Row[] = [];
  for (const bot of bots) {
    try {
      results.push((await api.send('POST', `/v1/bots/${idOf(bot)}/${verb}`, {})) as Row);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
      if (bots.length === 1) throw error;
      results.push({ id: idOf(bot), name: bot['name'], error: { code: error.code, text: error.message } });
    }
  }
  if (output.json) output.value(bots.length === 1 ? results[0] : { results });
  else for (const result of results) output.line(resultLine(result));
  const [worst] = failures;
  if (worst === undefined) return;
  throw new Failure(worst.code, `${failures.length} of ${bots.length} bots did not obey.`, {
    exitCode: exitCodes.refused,
  });
}

function resultLine(result: Row): string {
  const error = result['error'] as Row | undefined;
  if (error !== undefined) return `${named(result)}: ${textOf(error['code'])}: ${textOf(error['text'])}`;
  return `${named(result)} is ${textOf(result['observed'])}, wanted ${textOf(result['desired'])}`;
}
