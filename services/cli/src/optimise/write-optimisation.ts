import { type OptimiseRun, optimisationPage } from '@scalpstorm/backtest';
import type { BarColumns } from '@scalpstorm/strategies';
import { digest } from '../report/digest.js';
import { sourceOf } from '../report/write-report.js';
import { writeText } from '../write-text.js';
import type { OptimiseOptions } from './options.js';

interface Searched {
  readonly bars: BarColumns;
  readonly found: OptimiseRun;
  readonly dataHash: string;
  readonly codeHash: string;
}

/** Writes the page where one is asked for. @throws Failure */
export async function writeOptimisation(
  { report, data = '' }: Pick<OptimiseOptions, 'report' | 'data'>,
  { bars, found: { result, walkForward }, dataHash, codeHash }: Searched,
): Promise<void> {
  if (report === undefined) return;
  const { spec } = result;
  const provenance = { data: sourceOf(data, dataHash).data, codeHash, path: 'optimise', seeds: [spec.search.seed] };
  const outOfSample = walkForward === null ? null : curveOf(bars, walkForward);
  await writeText(report, optimisationPage({ result, outOfSample, provenance }, digest));
}

function curveOf({ openedAt }: BarColumns, { from, equity }: NonNullable<OptimiseRun['walkForward']>) {
  return { atMs: openedAt.slice(from, from + equity.length).map((micros) => micros / 1_000), equity };
}
