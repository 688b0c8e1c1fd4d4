import { writeFile } from 'node:fs/promises';
import {
  type BacktestFault,
  type BacktestResult,
  type BarMarket,
  type BarRun,
  runBars,
  runKernel,
  summaryOf,
} from '@scalpstorm/backtest';
import { type BarStrategy, barStrategies, type ConfiguredBarStrategy, valueOfText } from '@scalpstorm/strategies';
import type { Command } from 'commander';
import { codeHash } from '../backtest/code-hash.js';
import { type BacktestOptions, marketOf, sizeHelp, slippageHelp } from '../backtest/options.js';
import { type BarData, readData } from '../backtest/read-data.js';
import { tellBacktest } from '../backtest/tell.js';
import type { Context } from '../context.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { didYouMean } from '../nearest.js';
import { assignmentOf } from '../parameters.js';
import type { Runner } from '../runner.js';

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const examples = `
The file has a header: time (or date, timestamp, time_ms), open, high, low, close, and volume where there is one.
  scalpstorm backtest --strategy ema-cross --set fast=10 --set slow=30 --data btc-1m.csv.gz --fee-bps 10
  scalpstorm backtest --strategy ema-cross --data btc-1m.csv --size fraction:0.5 --spread-bps 1 --slippage square-root:1 --json`;

/** Runs here, without a platform: nothing is sent anywhere. */
export function registerBacktest(program: Command, run: Runner): void {
  program
    .command('backtest')
    .description('run a strategy over bars of a file, here, without a platform')
    .requiredOption('--strategy <id>', [...barStrategies.keys()].join(', '))
    .requiredOption('--data <file>', 'CSV with a header, or the same compressed with gzip')
    .option('--set <name=value>', 'a parameter of the strategy; may be repeated', collect)
    .option('--cash <amount>', 'at the start, in the quote asset', '10000')
    .option('--size <size>', sizeHelp, 'all-in')
    .option('--fill <when>', 'next-open: at the open of the bar after the decision', 'next-open')
    .option('--fee-bps <bps>', 'of every fill, basis points of its value', '10')
    .option('--maker-fee-bps <bps>', 'of a take-profit (default: as --fee-bps)')
    .option('--spread-bps <bps>', 'between bid and ask', '0')
    .option('--slippage <model>', slippageHelp, 'none')
    .option('--liquidity-share <share>', 'take at most this share of the volume of a bar (default: no limit)')
    .option('--path <first>', 'where both are inside a bar: stop-first or take-profit-first', 'stop-first')
    .option('--fast', "by the strategy's kernel, where it has one: the same fills, sooner")
    .option('--trades <file>', 'write the round trips there, as CSV')
    .option('--equity <file>', 'write the equity at each close there, as CSV')
    .addHelpText('after', examples)
    .action(run<BacktestOptions>((context, { options }) => backtest(context, options)));
}

async function backtest(context: Context, options: BacktestOptions): Promise<void> {
  const market = marketOf(options);
  const strategy = configured(options);
  const data = await readData(options.data ?? '');
  const startedAt = performance.now();
  const ran = play(data, strategy, market, options.fast === true);
  const seconds = (performance.now() - startedAt) / 1_000;
  const result = summaryOf(data.bars, strategy, market, ran);
  await writeSeries(options, data, ran, result);
  tellBacktest(context, {
    ...result.summary,
    path: options.fast === true ? 'fast' : 'event-driven',
    dataHash: data.dataHash,
    codeHash: codeHash(),
    seconds,
    barsPerSecond: data.bars.length / seconds,
  });
}

function configured({ strategy: id = '', set = [] }: BacktestOptions): ConfiguredBarStrategy {
  const strategy = barStrategies.get(id);
  if (strategy === undefined) {
    const known = [...barStrategies.keys()];
    const near = didYouMean(id, known);
    const next = near === '' ? `strategies: ${known.join(', ')}` : near;
    throw usageFailure('UNKNOWN_STRATEGY', `there is no strategy "${id}".`, next);
  }
  const read = strategy.configure(parametersOf(strategy, set));
  if (read.ok) return read.value;
  throw new Failure('INVALID_PARAMETERS', `${id} cannot run with these parameters.`, {
    exitCode: exitCodes.usage,
    faults: read.error.map(({ field, code, text, allowed, next }) => ({
      pointer: field,
      code,
      detail: text,
      allowed,
      next,
    })),
  });
}

function parametersOf({ parameters }: BarStrategy, set: readonly string[]) {
  const given = set.map(assignmentOf);
  return Object.fromEntries(given.map(([name, text]) => [name, valueOfText(parameters[name], text)]));
}

function play({ bars }: BarData, strategy: ConfiguredBarStrategy, market: BarMarket, fast: boolean): BarRun {
  if (!fast) return done(runBars(bars, strategy, market));
  if (strategy.kernel !== null) return done(runKernel(bars, strategy, strategy.kernel, market));
  throw usageFailure(
    'NO_FAST_PATH',
    `${strategy.id} decides by what it holds, so it has no fast path.`,
    'leave --fast out',
  );
}

function done(result: { ok: true; value: BarRun } | { ok: false; error: BacktestFault }): BarRun {
  if (result.ok) return result.value;
  const { code, text, next } = result.error;
  throw new Failure(code, text, { next });
}

async function writeSeries(options: BacktestOptions, { bars }: BarData, run: BarRun, { trades }: BacktestResult) {
  if (options.trades !== undefined) await write(options.trades, tradeLines(trades));
  if (options.equity === undefined) return;
  const lines = Array.from(run.equity, (value, bar) => `${bars.openedAt[bar]},${value}`);
  await write(options.equity, ['opened_at_us,equity', ...lines]);
}

const tradeColumns = [
  'openedAt',
  'closedAt',
  'quantity',
  'entryPrice',
  'exitPrice',
  'fees',
  'net',
  'exitReason',
  'entryTag',
  'exitTag',
] as const;

const tradeLines = (trades: BacktestResult['trades']): readonly string[] => [
  tradeColumns.join(','),
  ...trades.map((trade) => tradeColumns.map((name) => trade[name]).join(',')),
];

async function write(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(file, `${lines.join('\n')}\n`).catch((cause: Error) => {
    throw usageFailure('FILE_NOT_WRITTEN', `${file} could not be written: ${cause.message}`, 'name another file');
  });
}
