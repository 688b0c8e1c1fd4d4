import type { Command } from 'commander';
import { addMarketOptions, type BacktestOptions, marketOf } from '../backtest/options.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { assumptionsOf } from '../research/assumptions.js';
import { inside, type JobKind, pathOf, queued, registerJobs } from '../research/jobs.js';
import { platformStrategyHelp, ruleOfPlatform } from '../research/rule-of-platform.js';
import { addSpanOptions, type SpanOptions, spanOf } from '../research/span.js';
import { column, limitText, listed, number, type PageOptions, show, showFields, time } from '../rows.js';
import type { Runner } from '../runner.js';

interface RunOptions extends Omit<BacktestOptions, 'data'>, SpanOptions {
  readonly strategy: string;
}

const kind: JobKind = {
  path: '/v1/backtests',
  noun: 'backtest',
  nouns: 'backtests',
  columns: [
    inside('RETURN %', 'returnPct', 'summary'),
    inside('DRAWDOWN %', 'maxDrawdownPct', 'summary'),
    inside('TRADES', 'trades', 'summary'),
  ],
  tell: showFields,
};
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
  registerJobs(backtests, run, kind);
  for (const [name, text, shown] of [
    ['equity', 'equity at the closes, oldest first', equityColumns],
    ['trades', 'round trips, oldest first', tradeColumns],
  ] as const) {
    backtests
      .command(`${name} <job>`)
      .description(text)
      .option('--limit <rows>', limitText)
      .option('--after <cursor>', 'the next page')
      .option('--all', 'every page')
      .action(
        run<PageOptions>(async (context, { operands: [id], options }) => {
          show(context, await listed(context, `${pathOf(kind, id)}/${name}`, options), shown, 'nothing');
        }),
      );
  }
}

function registerRun(backtests: Command, run: Runner): void {
  const command = backtests
    .command('run')
    .description('queue a backtest')
    .requiredOption('--strategy <id|file>', platformStrategyHelp)
    .option('--set <name=value>', 'a parameter of the strategy; may be repeated', collect);
  addSpanOptions(command);
  addMarketOptions(command)
    .option('--fast', "by the strategy's kernel, where it has one: the same fills, sooner")
    .option('--wait', 'until it is over; fails unless it is done')
    .action(run<RunOptions>((context, { options }) => queue(context, options)));
}

async function queue(context: Context, options: RunOptions): Promise<void> {
  const words = { ...(await ruleOfPlatform(context, options)), ...spanOf(options), fast: options.fast };
  const body = { ...words, ...assumptionsOf(marketOf(options)) };
  const over = await queued(context, kind, body, options.wait === true);
  if (over !== null) showFields(context, over);
}
