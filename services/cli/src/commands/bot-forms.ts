import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { findBot, idOf, named } from '../bot-lookup.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { didYouMean } from '../nearest.js';
import { assignmentsIn, assignmentsOf, type Parameters, type Schema, withAssignments } from '../parameters.js';
import { confirm, readAll } from '../prompt.js';
import { textOf } from '../rows.js';
import type { Runner } from '../runner.js';

interface FormOptions {
  readonly from?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly name?: string;
  readonly strategy?: string;
  readonly account?: string;
  readonly venue?: string;
  readonly symbol?: string;
  readonly mode?: string;
  readonly yes?: boolean;
}

const fileBytesMax = 1_000_000;

/** Creating and editing: a JSON file, flags, or flags on top of a file; the strategy's schema gives flags and types. */
export function registerBotForms(bots: Command, run: Runner): void {
  parameterFlags(bots.command('create').description('create a bot, stopped'))
    .option('--name <text>', 'what people call it')
    .option('--strategy <id>', 'see scalpstorm strategies')
    .option('--account <id>', 'see scalpstorm accounts')
    .option('--venue <id>', 'e.g. sim')
    .option('--symbol <BASE-QUOTE>', 'e.g. BTC-USDT')
    .option('--mode <mode>', 'demo, paper or live')
    .option('--yes', 'do not ask before a live bot is made')
    .addHelpText('after', createExamples)
    .action(run<FormOptions>(create));

  parameterFlags(bots.command('edit <bot>').description('change the name or parameters of a bot'))
    .option('--name <text>', 'a new name')
    .option('--unset <name>', 'remove a parameter; may be repeated', collect)
    .action(run<FormOptions>(edit));
}

const createExamples = `
Parameters are flags named by the strategy's schema (scalpstorm strategies show ID):
  scalpstorm bots create --name calm --strategy scalping-cycle --account demo --venue sim --symbol BTC-USDT \\
    --mode demo --quantity 0.001 --buy-price.fixed 61800 --sell-price.fixed 61900 --loop false
  scalpstorm bots create --from bot.json --set quantity=0.002`;

function parameterFlags(command: Command): Command {
  return command
    .option('--from <file>', 'a JSON file with the fields of a bot; - is standard input')
    .option('--set <name=value>', 'a parameter; may be repeated', collect)
    .allowUnknownOption()
    .allowExcessArguments();
}

async function create(context: Context, asked: { operands: readonly string[]; options: FormOptions }): Promise<void> {
  const { options } = asked;
  const { name, strategy, account, venue, symbol, mode } = options;
  const file = await fileOf(context, options.from);
  const flags = { name, strategy, account, venue, symbol, mode };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const body: Row = { ...file, ...given };
  const schema = await schemaOf(context, body['strategy']);
  const parameters = parametersOf(asked.operands, options, {
    schema,
    current: (body['parameters'] ?? {}) as Parameters,
  });
  if (body['mode'] === 'live') {
    await confirm(context.terminal, {
      question: `${textOf(body['name'])} will trade real money. Create it?`,
      yes: options.yes,
    });
  }
  told(context, 'created', (await context.api.send('POST', '/v1/bots', { ...body, parameters })) as Row);
}

async function edit(context: Context, asked: { operands: readonly string[]; options: FormOptions }): Promise<void> {
  const [wanted = '', ...flags] = asked.operands;
  const { options } = asked;
  const bot = await findBot(context, wanted);
  const file = await fileOf(context, options.from);
  const schema = await schemaOf(context, bot['strategy']);
  const before = (bot['parameters'] ?? {}) as Parameters;
  const inFile = (file['parameters'] ?? {}) as Parameters;
  const after = parametersOf(flags, options, { schema, current: { ...before, ...inFile } });
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  );
  const removed = (options.unset ?? []).map((name) => [name, null] as const);
  const name = options.name ?? file['name'];
  const parameters = Object.fromEntries([...changed, ...removed]);
  const body = {
    ...(name === undefined ? {} : { name }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
  if (Object.keys(body).length === 0) {
    throw usageFailure('NOTHING_TO_CHANGE', `${named(bot)} is like that already.`, 'give --name, --set or a parameter');
  }
  told(context, 'changed', (await context.api.send('PATCH', `/v1/bots/${idOf(bot)}`, body)) as Row);
}

function told({ output }: Context, what: string, bot: Row): void {
  if (output.json) {
    output.value(bot);
    return;
  }
  output.line(`${what} ${named(bot)}, ${textOf(bot['observed'])}`);
  for (const { code, text, next } of (bot['warnings'] ?? []) as readonly Row[]) {
    output.note(`warning ${textOf(code)}: ${textOf(text)} → ${textOf(next)}`);
  }
}

function parametersOf(
  words: readonly string[],
  { set = [] }: FormOptions,
  { schema, current }: { readonly schema: Schema; readonly current: Parameters },
): Parameters {
  const [stray] = words;
  if (stray !== undefined && !stray.startsWith('--')) {
    throw usageFailure('ASKED_WRONGLY', `"${stray}" stands alone.`, 'give a parameter as --name value');
  }
  return withAssignments(current, [...assignmentsOf(words, schema), ...assignmentsIn('set', set)], schema);
}

async function fileOf({ terminal }: Context, path: string | undefined): Promise<Row> {
  if (path === undefined) return {};
  const text = path === '-' ? await readAll(terminal.stdin) : fileText(path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  } catch {
    // The same as a value that is no object: told below.
  }
  throw usageFailure('FILE_UNREADABLE', `${path} holds no JSON object.`, 'see scalpstorm bots show ID --json');
}

function fileText(path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length <= fileBytesMax) return text;
  } catch {
    throw usageFailure('FILE_NOT_FOUND', `${path} cannot be read.`, 'give the path of a JSON file to --from');
  }
  throw usageFailure('FILE_TOO_LARGE', `${path} is too large.`, 'a bot fits into a kilobyte');
}

async function schemaOf({ api }: Context, strategy: unknown): Promise<Schema> {
  const { data } = await api.list('/v1/strategies');
  const found = data.find(({ id }) => id === strategy);
  if (found !== undefined) return found['schema'] as Schema;
  const ids = data.map(({ id }) => textOf(id));
  if (strategy === undefined) {
    throw usageFailure('STRATEGY_MISSING', 'which strategy?', `--strategy ${ids.join(' or ')}`);
  }
  const near = didYouMean(textOf(strategy), ids);
  throw new Failure('STRATEGY_NOT_FOUND', `there is no strategy "${textOf(strategy)}".`, {
    exitCode: exitCodes.refused,
    next: near === '' ? `strategies: ${ids.join(', ')}` : near,
  });
}
