import {
  type BacktestFault,
  barsAYearOf,
  interrupted,
  type OptimisePlan,
  type OptimiseRun,
  optimise,
  plannedWork,
  specOfWish,
} from '@scalpstorm/backtest';
import { versionOf } from '@scalpstorm/strategy-files';
import type { Command } from 'commander';
import { addMarketOptions, marketOf } from '../backtest/options.js';
import { type BarData, readData } from '../backtest/read-data.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { interrupt } from '../interrupt.js';
import { benchOf } from '../optimise/bench.js';
import { JobFile } from '../optimise/job-file.js';
import { addSearchOptions, type OptimiseOptions, spaceOf, wishOf, workersOf } from '../optimise/options.js';
import { Progress } from '../optimise/progress.js';
import { tellOptimisation } from '../optimise/tell-optimise.js';
import { TrialRegistry, usualTrialsFile } from '../optimise/trial-registry.js';
import { writeOptimisation } from '../optimise/write-optimisation.js';
import { refuseUnwritable } from '../refuse-unwritable.js';
import type { Runner } from '../runner.js';
import { findStrategy } from '../strategies/load-strategy.js';
import { runMsMax, withinTime } from '../strategies/within-time.js';
import { writeLines } from '../write-text.js';

const examples = `
  scalpstorm optimise --strategy ema-cross --data btc-1m.csv.gz --space fast=5..50:5 --space slow=20..200:10 --job ema.job
  scalpstorm optimise --strategy supertrend --data btc-1m.csv.gz --search tpe --tries 300 --seed 7 --folds 6 --json`;

/** Runs here, without a platform: nothing is sent anywhere. */
export function registerOptimise(program: Command, run: Runner): void {
  const command = program
    .command('optimise')
    .description('search for parameters over bars of a file, here, and say what the best is worth')
    .requiredOption('--strategy <id|file>', 'as for backtest')
    .requiredOption('--data <file>', 'CSV with a header, or the same compressed with gzip');
  addSearchOptions(command);
  addMarketOptions(command)
    .option('--workers <count>', 'threads (default: one a core); the result does not depend on it')
    .option('--job <file>', 'keep finished trials there; the same command goes on where it was')
    .option(
      '--trials <file>',
      'count every trial ever made there (default: trials.jsonl in the data folder of this user)',
    )
    .option('--trials-out <file>', 'write the trials there, the best first, one JSON value a line')
    .option('--equity <file>', 'write the equity out of sample there, as CSV')
    .option('--report <file>', 'write the report there, as one HTML file')
    .addHelpText('after', examples)
    .action(run<OptimiseOptions>((context, { options }) => optimiseFile(context, options)));
}

async function optimiseFile(context: Context, options: OptimiseOptions): Promise<void> {
  const { trialsOut, equity, report, job, data: source } = options;
  const trials = options.trials ?? usualTrialsFile(context.environment);
  await refuseUnwritable({
    files: [trialsOut, equity, report],
    logs: [trials, job],
    read: [source],
  });
  const market = marketOf(options);
  const workers = workersOf(options);
  const loaded = await findStrategy(options.strategy ?? '', context.environment);
  const { strategy } = loaded;
  const space = spaceOf(strategy, options);
  // Beside anything that is searched: whether its checks and its warm-up come to an end at all.
  withinTime(strategy.id, 0, () => strategy.configure(space.fixed));
  const wish = wishOf(options);
  const data = await readData(options.data ?? '');
  const spec = specOfWish(wish, data.bars.length);
  const startedAt = performance.now();
  const hashes = { dataHash: data.dataHash, codeHash: versionOf(loaded) };
  const plan: OptimisePlan = { bars: data.bars, strategy, space, market, spec };
  const found = await runJob(context, options, { plan, hashes, workers, named: loaded.file ?? strategy.id });
  await writeSeries(options, data, found);
  await writeOptimisation(options, { bars: data.bars, found, ...hashes });
  tellOptimisation(context, { ...found.result, ...hashes, seconds: (performance.now() - startedAt) / 1_000 });
}

interface Job {
  readonly plan: OptimisePlan;
  readonly hashes: { readonly dataHash: string; readonly codeHash: string };
  readonly workers: number;
  /** As threads find the strategy: its file, or its id. */
  readonly named: string;
}

async function runJob(
  context: Context,
  options: OptimiseOptions,
  { plan, hashes, workers, named }: Job,
): Promise<OptimiseRun> {
  const { terminal, output, environment } = context;
  const { bars, strategy, space, market, spec } = plan;
  const barsAYear = barsAYearOf(bars);
  const counted = { ...hashes, strategy: strategy.id, declared: strategy.parameters, market, barsAYear };
  const registry = new TrialRegistry(options.trials ?? usualTrialsFile(environment), counted);
  const job = options.job === undefined ? null : new JobFile(options.job);
  const isWatched = terminal.stderr.isTTY === true && !output.json;
  const work = {
    objective: spec.objective,
    barsAYear,
    bars: bars.length,
    workMax: plannedWork(bars.length, plan).bars,
  };
  const progress = isWatched ? new Progress(work, (text) => void terminal.stderr.write(text)) : null;
  try {
    await registry.read();
    await job?.open({ ...hashes, search: { strategy: strategy.id, space, market, spec } });
    note(context, registry.torn, options.trials ?? 'the trials file');
    note(context, job?.torn ?? 0, options.job ?? '');
    const signal = interrupt(terminal.stdout);
    const bench = benchOf(
      { bars, strategy: named, market, workers, signal, secondsMax: Math.ceil(runMsMax(bars.length) / 1_000) },
      { registry, job, onTried: (stretch, tried) => progress?.hear(stretch, tried) },
    );
    const found = await optimise(plan, bench);
    progress?.end();
    if (found.ok) return found.value;
    throw failureOf(found.error, options.job ?? null, job?.size ?? 0);
  } finally {
    job?.close();
    registry.close();
  }
}

function note({ output }: Context, torn: number, file: string): void {
  if (torn > 0) output.note(`${file}: ${torn} lines can not be read and are left out; the others count.`);
}

function failureOf({ code, text, next }: BacktestFault, job: string | null, kept: number): Failure {
  if (code !== interrupted.code) return new Failure(code, text, { next });
  return job === null
    ? new Failure(code, text, { next: 'start it again with --job FILE, so that it can go on next time' })
    : new Failure(code, `${text} ${job} keeps ${kept} trials.`, { next: 'go on with the same command line' });
}

async function writeSeries(options: OptimiseOptions, { bars }: BarData, found: OptimiseRun): Promise<void> {
  if (options.trialsOut !== undefined) {
    const lines = found.trials.map(({ parameters, score, figures, fault }) =>
      JSON.stringify({ parameters, score, figures, fault: fault?.code ?? null }),
    );
    await writeLines(options.trialsOut, lines);
  }
  if (options.equity === undefined || found.walkForward === null) return;
  const { from, equity } = found.walkForward;
  const lines = Array.from(equity, (value, at) => `${bars.openedAt[from + at]},${value}`);
  await writeLines(options.equity, ['opened_at_us,equity', ...lines]);
}
