import type { Optimisation, OptimiseWish } from '@scalpstorm/backtest';
import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { addMarketOptions, marketOf } from '../backtest/options.js';
import type { Context } from '../context.js';
import { addSearchOptions, type SearchOptions, spaceOf, wishOf } from '../optimise/options.js';
import { tellOptimisation } from '../optimise/tell-optimise.js';
import { assumptionsOf } from '../research/assumptions.js';
import { type JobKind, queued, registerJobs } from '../research/jobs.js';
import { platformStrategyHelp, wordsFor } from '../research/rule-of-platform.js';
import { addSpanOptions, type SpanOptions, spanOf } from '../research/span.js';
import { showFields, textOf } from '../rows.js';
import type { Runner } from '../runner.js';

type RunOptions = SearchOptions & SpanOptions;

/** As the platform keeps it. */
type Result = Optimisation & { readonly dataHash: string; readonly codeHash: string };

const resultOf = (job: Row): Result | null => (job['result'] ?? null) as Result | null;

const kind: JobKind = {
  path: '/v1/optimisations',
  noun: 'search',
  nouns: 'searches',
  columns: [
    { title: 'TRIALS', align: 'right', of: (job) => textOf(resultOf(job)?.trials.run) },
    { title: 'VERDICT', of: (job) => textOf(resultOf(job)?.verdict.code) },
  ],
  tell: told,
};

const examples = `
  scalpstorm optimisations run --strategy ema-cross --space fast=5..50:5 --space slow=20..200:10 --instrument sim:BTC-USDT \\
    --timeframe 1m --from 2026-11-22T00:00:00Z --to 2026-11-22T12:00:00Z --search tpe --tries 300 --wait
  scalpstorm optimisations show job_0123456789ab

Over a file, here and without a platform: scalpstorm optimise.`;

/** Searches for parameters that the platform makes over candles of its venues. */
export function registerOptimisations(program: Command, run: Runner): void {
  const optimisations = program
    .command('optimisations')
    .description('searches for parameters on the platform, over candles of its venues');
  optimisations.addHelpText('after', examples);
  const command = optimisations
    .command('run')
    .description('queue a search')
    .requiredOption('--strategy <id|file>', platformStrategyHelp);
  addSpanOptions(addSearchOptions(command));
  addMarketOptions(command)
    .option('--wait', 'until it is over; fails unless it is done')
    .action(run<RunOptions>((context, { options }) => queue(context, options)));
  registerJobs(optimisations, run, kind);
}

async function queue(context: Context, options: RunOptions): Promise<void> {
  // The platform looks at it once more; what is wrong with it is told before anything is sent, where that is known here.
  const rule = await wordsFor(context, options, (strategy) => spaceOf(strategy, options).fixed);
  const words = { ...rule, space: options.space ?? [], ...spanOf(options) };
  const body = { ...words, ...assumptionsOf(marketOf(options)), ...searchOf(wishOf(options)) };
  const over = await queued(context, kind, body, options.wait === true);
  if (over !== null) told(context, over);
}

/** As the API has it. */
function searchOf({ walkForward, monteCarlo: { runs, ruinShare }, ...wish }: OptimiseWish): Row {
  return { ...wish, walkForward: walkForwardOf(walkForward), monteCarlo: { runs, ruinPct: 100 * ruinShare } };
}

function walkForwardOf(wish: OptimiseWish['walkForward']): Row {
  if (wish === null) return { kind: 'none' };
  return { kind: wish.train === null ? 'usual' : 'windows', ...wish };
}

/** A page where there is a result; as JSON the whole job. */
function told(context: Context, job: Row): void {
  const result = resultOf(job);
  if (context.output.json || result === null) showFields(context, job);
  else tellOptimisation(context, result);
}
