import { type BarStrategy, barStrategies } from '@scalpstorm/strategies';
import { plainMarket } from '../src/bars/bar-market.js';
import { type OptimiseRun, optimise } from '../src/optimise/optimise.js';
import { readSpace } from '../src/optimise/space.js';
import { triesBySweep } from '../src/optimise/tries.js';
import type { OptimisationReport } from '../src/report/optimise/optimisation-page.js';
import { playedBars } from './played-run.js';

/** A small search over a market that a cross of averages trades, with all that a report of one has. */
export async function searched(): Promise<OptimisationReport> {
  const bars = playedBars(3_000);
  const strategy = barStrategies.get('ema-cross') as BarStrategy;
  const space = readSpace(strategy.parameters, ['fast=5..15:5', 'slow=20..40:10']);
  if (!space.ok) throw new Error(space.error.text);
  const plan = {
    bars,
    strategy,
    space: space.value,
    market: plainMarket(10_000, 1),
    spec: {
      search: { kind: 'grid', tries: 0, seed: 7 },
      objective: 'sharpe',
      walkForward: { train: 1_000, test: 500, anchored: false },
      folds: { groups: 3, testGroups: 1, purge: null, embargo: 10 },
      monteCarlo: { runs: 50, ruinShare: 0.5 },
      withinPct: 20,
    },
  } as const;
  const tries = triesBySweep({ ...plan, strategy: 'ema-cross', workers: 1 });
  const run = await optimise(plan, { tries, everTried: async () => ({ count: 9, variance: 1e-6 }) });
  if (!run.ok) throw new Error(run.error.text);
  const data = [{ name: 'played.csv', hash: 'ab'.repeat(32) }];
  const provenance = { data, codeHash: 'cd'.repeat(32), path: 'optimise', seeds: [7] };
  return { result: run.value.result, outOfSample: curveOf(bars.openedAt, run.value), provenance };
}

function curveOf(openedAt: Float64Array, { walkForward }: OptimiseRun): OptimisationReport['outOfSample'] {
  if (walkForward === null) return null;
  const { from, equity } = walkForward;
  return { atMs: openedAt.slice(from, from + equity.length).map((micros) => micros / 1_000), equity };
}
