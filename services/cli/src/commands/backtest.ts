import {
  type BacktestFault,
  type BacktestResult,
  type BarMarket,
  type BarRun,
  barsAYearOf,
  recordOfBars,
  runBars,
  runKernel,
  summaryOf,
} from '@scalpstorm/backtest';
import { barStrategies, type ConfiguredBarStrategy, strategies } from '@scalpstorm/strategies';
import { codeHash, versionOf } from '@scalpstorm/strategy-files';
import type { Command } from 'commander';
import { type CountedRun, countRun } from '../backtest/count-run.js';
import { backtestExactly } from '../backtest/exact.js';
import { addExactOptions, exactOnly, plainOnly } from '../backtest/exact-flags.js';
import type { ExactOptions } from '../backtest/exact-options.js';
import { marketIn } from '../backtest/lane-files.js';
import { addMarketOptions, type BacktestOptions, marketOf } from '../backtest/options.js';
import { type BarData, readData } from '../backtest/read-data.js';
import { tellBacktest } from '../backtest/tell.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import { kebab } from '../parameters.js';
import { refuseUnwritable } from '../refuse-unwritable.js';
import { sourceOf, writeReport } from '../report/write-report.js';
import type { Runner } from '../runner.js';
import { configureStrategy, findStrategy } from '../strategies/load-strategy.js';
import { withinTime } from '../strategies/within-time.js';
import { writeLines } from '../write-text.js';

const live = [...strategies.keys()].filter((id) => !barStrategies.has(id));

const examples = `
The file has a header: time (or date, timestamp, time_ms), open, high, low, close, and volume where there is one.
  scalpstorm backtest --strategy ema-cross --set fast=10 --set slow=30 --data btc-1m.csv.gz --fee-bps 10
  scalpstorm backtest --strategy ema-cross --data btc-1m.csv --size fraction:0.5 --spread-bps 1 --slippage square-root:1 --json`;

/** Runs here, without a platform: nothing is sent anywhere. */
export function registerBacktest(program: Command, run: Runner): void {
  const command = program
    .command('backtest')
    .description('run a strategy over bars of a file, here, without a platform')
    .requiredOption(
      '--strategy <id|file>',
      `${[...barStrategies.keys()].join(', ')}, a file that exports one, or a live one: ${live.join(', ')}`,
    )
    .requiredOption('--data <file>', 'CSV with a header, or the same compressed with gzip; may be repeated', collect)
    .option('--set <name=value>', 'a parameter of the strategy; may be repeated', collect);
  addMarketOptions(command)
    .option('--fast', "by the strategy's kernel, where it has one: the same fills, sooner")
    .option('--trades <file>', 'write the round trips there, as CSV')
    .option('--equity <file>', 'write the equity at each close there, as CSV')
    .option('--out <folder>', 'keep summary.json, series.json and trades.jsonl there, for report and compare')
    .option('--report <file>', 'write the report there, as one HTML file')
    .option(
      '--trials <file>',
      'count the run there, as optimise does (default: trials.jsonl in the data folder of this user)',
    )
    .option('--no-trials', 'the run does not count as a trial')
    .addHelpText('after', examples)
    .action(
      run<ExactOptions>(async (context, { options, given }) => {
        refuseOtherWay(isExact(options), given);
        await backtest(context, options);
      }),
    );
  addExactOptions(command);
}

/** What a run would not heed must not look as if it did. @throws Failure */
function refuseOtherWay(exact: boolean, given: readonly string[]): void {
  const others: readonly string[] = exact ? plainOnly : exactOnly;
  const name = given.find((one) => others.includes(one));
  if (name === undefined) return;
  const text = `--${kebab(name)} says nothing to ${exact ? 'the exact' : 'the plain'} way.`;
  const next = exact
    ? "leave it out: the strategy's own parameters say how much and when"
    : 'add --exact, or leave it out';
  throw usageFailure('OTHER_WAY', text, next);
}

/** One over bars goes the exact way where it is asked to; every other strategy knows no other. */
const isExact = ({ exact, strategy = '' }: ExactOptions): boolean => exact === true || live.includes(strategy);

async function backtest(context: Context, options: ExactOptions): Promise<void> {
  const { trades, equity, fills, report, out } = options;
  const registry = options.trials || undefined;
  await refuseUnwritable({
    files: [trades, equity, fills, report],
    logs: [registry],
    folders: [out],
    read: options.data.map((text) => marketIn(text).path),
  });
  if (isExact(options)) {
    await backtestExactly(context, options);
    return;
  }
  const file = onlyFile(options);
  const market = marketOf(options);
  const found = await findStrategy(options.strategy ?? '', context.environment);
  const strategy = configureStrategy(found.strategy, options.set);
  const data = await readData(file);
  const startedAt = performance.now();
  const ran = withinTime(strategy.id, data.bars.length, () => play(data, strategy, market, options.fast === true));
  const seconds = (performance.now() - startedAt) / 1_000;
  const result = summaryOf(data.bars, strategy, market, ran);
  const origin = { path: options.fast === true ? 'fast' : 'event-driven', codeHash: versionOf(found) } as const;
  const trials = await countRun(context, options.trials, trialOf(data, result, origin.codeHash));
  await writeSeries(options, data, ran, result);
  const source = sourceOf(file, data.dataHash);
  await writeReport(options, () => ({
    ...recordOfBars(
      data.bars,
      strategy,
      { market, run: ran },
      { ...origin, ...source, platformHash: codeHash(), seeds: [] },
    ),
    trialsEver: trials?.ever.count ?? null,
  }));
  tellBacktest(context, {
    ...result.summary,
    ...origin,
    dataHash: data.dataHash,
    trials,
    seconds,
    barsPerSecond: data.bars.length / seconds,
  });
}

function trialOf({ bars, dataHash }: BarData, { summary }: BacktestResult, code: string): CountedRun {
  const { strategy, parameters, assumptions: market, sharpe } = summary;
  const barsAYear = barsAYearOf(bars);
  const sharpePerBar = sharpe / Math.sqrt(barsAYear);
  return { dataHash, codeHash: code, strategy, parameters, market, barsAYear, sharpePerBar };
}

function onlyFile({ data: [file = '', ...others] }: BacktestOptions): string {
  if (others.length === 0) return file;
  throw usageFailure('ONE_FILE', 'the plain path reads one file of bars.', 'name one --data, or add --exact');
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
  if (options.trades !== undefined) await writeLines(options.trades, tradeLines(trades));
  if (options.equity === undefined) return;
  const lines = Array.from(run.equity, (value, bar) => `${bars.openedAt[bar]},${value}`);
  await writeLines(options.equity, ['opened_at_us,equity', ...lines]);
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
