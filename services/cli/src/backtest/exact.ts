import { createHash } from 'node:crypto';
import { type LaneResult, type LaneRun, laneSummaryOf, laneTrialOf, recordOfLane, runLane } from '@scalpstorm/backtest';
import { formatDecimal, Money, Price, Quantity } from '@scalpstorm/model';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import { refuseTwice } from '../parameters.js';
import { writeReport } from '../report/write-report.js';
import { writeLines } from '../write-text.js';
import { countRun } from './count-run.js';
import { type ExactOptions, planOf } from './exact-options.js';
import { type LaneFile, laneFile } from './lane-files.js';
import { liveStrategy } from './live-strategy.js';
import { tellExact } from './tell-exact.js';

/** Live strategies over recorded markets, with exact money. */
export async function backtestExactly(context: Context, options: ExactOptions): Promise<void> {
  if (options.fast === true)
    throw usageFailure('NO_FAST_PATH', 'a live strategy has no fast path.', 'leave --fast out');
  refuseTwice('--data', options.data);
  const { strategy, codeHash } = await liveStrategy(options.strategy ?? '', context.environment);
  const files: LaneFile[] = [];
  for (const text of options.data) files.push(await laneFile(text, options.symbol));
  const plan = planOf(
    options,
    strategy,
    files.map(({ symbol }) => symbol),
  );
  const startedAt = performance.now();
  const run = await runLane(
    plan,
    files.map(({ source }) => source),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  if (!run.ok) throw new Failure(run.error.code, run.error.text, { next: run.error.next });
  const result = laneSummaryOf(plan, run.value);
  const hashes = { dataHash: hashOf(files), codeHash };
  const trial = laneTrialOf(plan, result.summary);
  const trials = await countRun(context, options.trials, { ...trial, ...hashes });
  await writeSeries(options, run.value, result);
  const origin = { path: 'exact', codeHash } as const;
  const data = files.map((file) => ({ name: file.name, hash: file.hash() }));
  await writeReport(options, () => ({
    ...recordOfLane(
      { ...result, curve: run.value.lane.curve, charts: run.value.charts },
      { ...origin, data, seeds: [plan.seed] },
    ),
    trialsEver: trials?.ever.count ?? null,
  }));
  tellExact(context, {
    ...result.summary,
    path: 'exact',
    ...hashes,
    trials,
    seconds,
    rowsPerSecond: run.value.rows / seconds,
  });
}

/** Of one file its own; of several one over theirs, in the order given. */
function hashOf(files: readonly LaneFile[]): string {
  const [first, ...others] = files.map((file) => `${file.symbol} ${file.hash()}`);
  if (first !== undefined && others.length === 0) return first.slice(first.indexOf(' ') + 1);
  return createHash('sha256')
    .update([first, ...others].join('\n'))
    .digest('hex');
}

async function writeSeries(options: ExactOptions, run: LaneRun, { trades }: LaneResult): Promise<void> {
  const { trades: tradesFile, equity, fills } = options;
  if (tradesFile !== undefined) {
    const names = [
      'botId',
      'symbol',
      'side',
      'openedAt',
      'closedAt',
      'quantity',
      'entryPrice',
      'exitPrice',
      'fees',
      'netExact',
    ] as const;
    await writeLines(tradesFile, [
      names.join(','),
      ...trades.map((trade) => names.map((name) => trade[name]).join(',')),
    ]);
  }
  if (equity !== undefined) {
    const { times, values } = run.lane.curve;
    await writeLines(equity, [
      'at_us,equity',
      ...times.map((at, place) => `${at},${formatDecimal(values[place] as bigint, 18)}`),
    ]);
  }
  if (fills !== undefined) await writeLines(fills, fillLines(run));
}

const fillLines = ({ fills }: LaneRun): readonly string[] => [
  'at_us,instrument,order,side,quantity,price,fee,fee_asset,liquidity',
  ...fills.map(({ occurredAt, instrumentId, clientOrderId, side, quantity, price, fee, liquidity }) =>
    [
      occurredAt,
      instrumentId,
      clientOrderId,
      side,
      Quantity.format(quantity),
      Price.format(price),
      Money.format(fee),
      fee.currency,
      liquidity,
    ].join(','),
  ),
];
