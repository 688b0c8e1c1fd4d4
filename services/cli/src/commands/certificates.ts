import type { Certificate } from '@scalpstorm/backtest';
import { barStrategies, ruleBot } from '@scalpstorm/strategies';
import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import {
  column,
  defaultCommand,
  limitText,
  listed,
  type PageOptions,
  show,
  showFields,
  textOf,
  time,
} from '../rows.js';
import type { Runner } from '../runner.js';
import { configureStrategy, findStrategy } from '../strategies/load-strategy.js';
import { untilJobOver } from '../until-job-over.js';
import { tellCertificate } from './certify.js';

interface RequestOptions {
  readonly strategy: string;
  readonly set?: readonly string[];
  readonly instrument: string;
  readonly timeframe: string;
  readonly bars?: string;
  readonly seed?: string;
  readonly name?: string;
  readonly wait?: boolean;
}

interface ListOptions extends PageOptions {
  readonly status?: string;
}

const path = '/v1/certificates';
const pathOf = (id = ''): string => `${path}/${encodeURIComponent(id)}`;
const verdict = {
  title: 'CERTIFICATE',
  of: (row: Row) => (row['valid'] === null ? '' : row['valid'] === true ? 'valid' : 'refused'),
};
const version = { title: 'VERSION', of: (row: Row) => textOf(row['version'] ?? '').slice(0, 12) };

const columns = [
  time('CREATED', 'createdAt'),
  column('JOB', 'id'),
  column('STRATEGY', 'strategy'),
  column('INSTRUMENT', 'instrument'),
  column('TIMEFRAME', 'timeframe'),
  column('STATE', 'state'),
  verdict,
  version,
];

const examples = `
  scalpstorm certificates request --strategy ema-cross --set fast=10 --set slow=30 --instrument sim:BTC-USDT --timeframe 1m --wait
  scalpstorm certificates request --strategy my-rule.json --instrument sim:BTC-USDT --timeframe 1m

The same over a file, here and without a platform: scalpstorm certify. A live bot goes by what the platform itself found.`;

/** Examinations of rules over bars by the platform, without which no live bot runs them. */
export function registerCertificates(program: Command, run: Runner): void {
  const certificates = program
    .command('certificates')
    .description('have rules over bars examined by the platform: what a live bot over bars is asked for');
  certificates.addHelpText('after', examples);
  certificates
    .command('request')
    .description('have a rule examined over the newest candles of an instrument')
    .requiredOption('--strategy <id|file>', `${[...barStrategies.keys()].join(', ')}, or the file of a rule`)
    .requiredOption('--instrument <id>', 'e.g. sim:BTC-USDT; see scalpstorm instruments')
    .requiredOption('--timeframe <timeframe>', '1s, 1m, 5m, 15m, 1h, 4h or 1d')
    .option('--set <name=value>', 'a parameter of the rule, as the bot has it; may be repeated', collect)
    .option('--bars <number>', 'the newest so many (default: 10000, or what the warm-up needs)')
    .option('--seed <number>', 'which bars are tried', '1')
    .option('--name <text>', 'to find it again')
    .option('--wait', 'until it is over; fails unless it is certified')
    .action(run<RequestOptions>((context, { options }) => request(context, options)));
  defaultCommand(certificates, 'list')
    .description('my examinations, newest first')
    .option('--status <status>', 'open or final')
    .option('--limit <rows>', limitText)
    .option('--after <cursor>', 'the next page')
    .option('--all', 'every page')
    .action(
      run<ListOptions>(async (context, { options }) => {
        const query = { status: options.status };
        show(context, await listed(context, path, { ...options, query }), columns, 'no certificates yet');
      }),
    );
  certificates
    .command('show <job>')
    .description('one examination, with its certificate when it is done')
    .action(run(async (context, { operands: [id] }) => told(context, (await context.api.get(pathOf(id))) as Row)));
}

async function request(context: Context, options: RequestOptions): Promise<void> {
  const { instrument, timeframe, name, bars, seed } = options;
  const counts = { ...numbered('bars', bars), ...numbered('seed', seed) };
  const body = { ...(await ruleOf(context, options)), instrument, timeframe, ...(name && { name }), ...counts };
  const queued = (await context.api.send('POST', path, body)) as Row;
  const id = textOf(queued['id']);
  if (options.wait !== true) {
    if (context.output.json) context.output.value(queued);
    else context.output.line(`${id}: queued`);
    return;
  }
  const over = await untilJobOver(context, pathOf(id));
  if (over['state'] !== 'done') {
    const canceled = { code: 'JOB_CANCELED', text: 'it was canceled.', next: 'request it again' };
    const { code, text, next } = { ...canceled, ...(over['fault'] as object) };
    throw new Failure(code, text, { next });
  }
  told(context, over);
  if (over['valid'] === true) return;
  throw new Failure('CERTIFICATE_REFUSED', `${textOf(over['strategy'])} is not to be believed: see its checks.`, {
    next: `scalpstorm certificates show ${id}; mend what the checks name, and request another one`,
  });
}

/** Check by check where there is a certificate; as JSON the whole job. */
function told(context: Context, job: Row): void {
  const certificate = (job['certificate'] ?? null) as Certificate | null;
  if (context.output.json || certificate === null) showFields(context, job);
  else tellCertificate(context, certificate);
}

/** As a bot says it. */
async function ruleOf({ environment }: Context, { strategy: named, set }: RequestOptions): Promise<Row> {
  const { strategy } = await findStrategy(named, environment);
  const { id, parameters, file } = configureStrategy(strategy, set);
  if (file !== undefined)
    return { strategy: ruleBot.id, parameters: { rule: JSON.parse(file), ruleParameters: parameters } };
  if (barStrategies.get(id) === strategy) return { strategy: id, parameters };
  throw usageFailure(
    'STRATEGY_NOT_OF_PLATFORM',
    `${id} is code of this machine; the platform runs its own strategies and rules without code.`,
    'examine it here: scalpstorm certify',
  );
}

function numbered(name: string, text: string | undefined): Row {
  if (text === undefined) return {};
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return { [name]: value };
  throw usageFailure('INVALID_OPTION', `--${name} cannot be "${text}".`, 'a whole number');
}
