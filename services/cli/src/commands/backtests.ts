import type { BarMarket } from '@scalpstorm/backtest';
import { barStrategies, valueOfText } from '@scalpstorm/strategies';
import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { addMarketOptions, type BacktestOptions, marketOf } from '../backtest/options.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import { didYouMean } from '../nearest.js';
import { assignmentsIn } from '../parameters.js';
import {
  column,
  defaultCommand,
  limitText,
  listed,
  number,
  type PageOptions,
  show,
  showFields,
  textOf,
  time,
} from '../rows.js';
import type { Runner } from '../runner.js';
import { untilJobOver } from '../until-job-over.js';

interface RunOptions extends Omit<BacktestOptions, 'data'> {
  readonly instrument: string;
  readonly timeframe: string;
  readonly from: string;
  readonly to: string;
  readonly name?: string;
  readonly priority: string;
  readonly wait?: boolean;
}

interface ListOptions extends PageOptions {
  readonly status?: string;
}

const path = '/v1/backtests';
const pathOf = (id = ''): string => `${path}/${encodeURIComponent(id)}`;
const inSummary = (title: string, name: string) => ({
  title,
  align: 'right' as const,
  of: (row: Row) => textOf(((row['summary'] ?? {}) as Row)[name]),
});

const columns = [
  time('CREATED', 'createdAt'),
  column('BACKTEST', 'id'),
  column('NAME', 'name'),
  column('STRATEGY', 'strategy'),
  column('INSTRUMENT', 'instrument'),
  column('TIMEFRAME', 'timeframe'),
  column('STATE', 'state'),
  inSummary('RETURN %', 'returnPct'),
  inSummary('DRAWDOWN %', 'maxDrawdownPct'),
  inSummary('TRADES', 'trades'),
];
const equityColumns = [time('AT', 'at'), number('EQUITY', 'equity'), number('LOWEST', 'low')];
const tradeColumns = [
  time('OPENED', 'openedAt'),
  time('CLOSED', 'closedAt'),
  number('QUANTITY', 'quantity'),
  number('ENTRY', 'entryPrice'),
  number('EXIT', 'exitPrice'),
  number('FEES', 'fees'),
  number('NET', 'net'),
  column('WHY', 'exitReason'),
];

const examples = `
  scalpstorm backtests run --strategy ema-cross --set fast=10 --set slow=30 --instrument sim:BTC-USDT --timeframe 1s \\
    --from 2026-11-22T10:00:00Z --to 2026-11-22T10:30:00Z --wait
  scalpstorm backtests trades job_0123456789ab --all --json

Over a file, here and without a platform: scalpstorm backtest.`;

/** Backtests that the platform runs over candles of its venues. */
export function registerBacktests(program: Command, run: Runner): void {
  const backtests = program.command('backtests').description('backtests on the platform, over candles of its venues');
  backtests.addHelpText('after', examples);
  registerRun(backtests, run);
  defaultCommand(backtests, 'list')
    .description('my backtests, newest first')
    .option('--status <status>', 'open or final')
    .option('--limit <rows>', limitText)
    .option('--after <cursor>', 'the next page')
    .option('--all', 'every page')
    .action(
      run<ListOptions>(async (context, { options }) => {
        const query = { status: options.status };
        show(context, await listed(context, path, { ...options, query }), columns, 'no backtests yet');
      }),
    );
  backtests
    .command('show <backtest>')
    .description('one backtest, with its summary when it is done')
    .action(
      run(async (context, { operands: [id] }) => showFields(context, (await context.api.get(pathOf(id))) as Row)),
    );
  backtests
    .command('cancel <backtest>')
    .description('end a backtest that waits or runs')
    .action(
      run(async (context, { operands: [id] }) => {
        const after = (await context.api.send('POST', `${pathOf(id)}/cancel`)) as Row;
        if (context.output.json) context.output.value(after);
        else context.output.line(`${textOf(after['id'])}: ${after['canceling'] === true ? 'ends' : after['state']}`);
      }),
    );
  for (const [name, text, shown] of [
    ['equity', 'equity at the closes, oldest first', equityColumns],
    ['trades', 'round trips, oldest first', tradeColumns],
  ] as const) {
    backtests
      .command(`${name} <backtest>`)
      .description(text)
      .option('--limit <rows>', limitText)
      .option('--after <cursor>', 'the next page')
      .option('--all', 'every page')
      .action(
        run<PageOptions>(async (context, { operands: [id], options }) => {
          show(context, await listed(context, `${pathOf(id)}/${name}`, options), shown, 'nothing');
        }),
      );
  }
}

function registerRun(backtests: Command, run: Runner): void {
  const command = backtests
    .command('run')
    .description('queue a backtest')
    .requiredOption('--strategy <id>', [...barStrategies.keys()].join(', '))
    .requiredOption('--instrument <id>', 'e.g. sim:BTC-USDT; see scalpstorm instruments')
    .requiredOption('--timeframe <timeframe>', '1s, 1m, 5m, 15m, 1h, 4h or 1d')
    .requiredOption('--from <time>', 'bars that opened then or later, e.g. 2026-11-22T10:00:00Z')
    .requiredOption('--to <time>', 'bars that opened before that')
    .option('--set <name=value>', 'a parameter of the strategy; may be repeated', collect)
    .option('--name <text>', 'to find it again')
    .option('--priority <priority>', 'low, normal or high: among my own', 'normal');
  addMarketOptions(command)
    .option('--fast', "by the strategy's kernel, where it has one: the same fills, sooner")
    .option('--wait', 'until it is over; fails unless it is done')
    .action(run<RunOptions>((context, { options }) => queue(context, options)));
}

async function queue(context: Context, options: RunOptions): Promise<void> {
  const { strategy, instrument, timeframe, from, to, name, priority, fast } = options;
  const market = assumptionsOf(marketOf(options));
  const body = { strategy, instrument, timeframe, from, to, name, priority, fast, ...market };
  const queued = (await context.api.send('POST', path, { ...body, parameters: parametersOf(options) })) as Row;
  if (options.wait !== true) {
    if (context.output.json) context.output.value(queued);
    else context.output.line(`${textOf(queued['id'])}: queued`);
    return;
  }
  const over = await untilJobOver(context, pathOf(textOf(queued['id'])));
  if (over['state'] === 'done') return showFields(context, over);
  const { code, text, next } = {
    code: 'BACKTEST_CANCELED',
    text: 'it was canceled.',
    next: 'run it again',
    ...(over['fault'] as object),
  };
  throw new Failure(code, text, { next });
}

function parametersOf({ strategy: id = '', set = [] }: RunOptions): Row {
  const strategy = barStrategies.get(id);
  if (strategy === undefined) {
    const known = [...barStrategies.keys()];
    const near = didYouMean(id, known);
    throw usageFailure(
      'UNKNOWN_STRATEGY',
      `the platform has no strategy "${id}" over bars.`,
      near === '' ? `strategies: ${known.join(', ')}` : near,
    );
  }
  const given = assignmentsIn('set', set);
  return Object.fromEntries(given.map(([name, text]) => [name, valueOfText(strategy.parameters[name], text)]));
}

/** As the API has them. */
function assumptionsOf({
  cash,
  size,
  slippage,
  takerFeeBps,
  makerFeeBps,
  spreadBps,
  liquidityShare,
  path: first,
}: BarMarket): Row {
  const valued = ({ kind, ...values }: { readonly kind: string }): Row => {
    const [value] = Object.values(values);
    return { kind, ...(value === undefined ? {} : { value }) };
  };
  const fees = { feeBps: takerFeeBps, makerFeeBps, spreadBps };
  const share = liquidityShare === null ? {} : { liquidityShare };
  return { cash, size: valued(size), slippage: valued(slippage), ...fees, ...share, path: first };
}
