import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { BarColumns, BarStrategy } from '@scalpstorm/strategies';
import type { BarMarket } from '../bars/bar-market.js';
import { type BarRun, runBars } from '../bars/run-bars.js';
import { runKernel } from '../bars/run-kernel.js';
import { takesAt } from '../bars/takes-at.js';
import { tradesOf } from '../bars/trades.js';
import type { BacktestFault } from '../fault.js';
import { type TrialFigures, trialFigures } from '../figures/trial-figures.js';
import { barsWithin, type Stretch } from './tries.js';

/** Before a test an indicator hears so many times the declared warm-up, as far as there are bars: recursive averages forget slowly. */
const leadOfWarmUp = 10;

/** What a combination came to over a stretch that had no part in choosing it. */
export interface Judged {
  readonly figures: TrialFigures;
  /** At each close of the stretch; at the last one everything is sold. */
  readonly equity: Float64Array;
  /** Net of each round trip, in the quote asset; what is sold at the end is the last one. */
  readonly nets: readonly number[];
}

export interface JudgePlan {
  readonly bars: BarColumns;
  readonly strategy: BarStrategy;
  readonly market: BarMarket;
}

/**
 * Runs over a stretch with bars before it to warm up, in which nothing is traded: the first wish is that of the stretch's first close.
 * What is held at its end is sold at the last close, for fee, spread and slippage, so that no stretch leaves its costs to the next one.
 */
export function judge(
  { bars, strategy, market }: JudgePlan,
  parameters: JsonObject,
  { from, to }: Stretch,
): Result<Judged, BacktestFault> {
  const configured = strategy.configure(parameters);
  if (!configured.ok) return fail(refusedHere);
  const lead = Math.min(from, configured.value.warmUp * leadOfWarmUp);
  const warmUp = Math.max(lead, configured.value.warmUp);
  const { kernel } = configured.value;
  const heard = barsWithin(bars, { from: from - lead, to });
  const held = { ...configured.value, warmUp };
  const ran = kernel === null ? runBars(heard, held, market) : runKernel(heard, held, kernel, market);
  return ran.ok ? ok(closed(ran.value, heard, lead, market)) : ran;
}

function closed(run: BarRun, heard: BarColumns, lead: number, market: BarMarket): Judged {
  const end = heard.length;
  const equity = run.equity.slice(lead);
  if (run.held > 0) {
    const price = takesAt(heard, end, heard.close[end - 1] as number, -run.held, market);
    equity[equity.length - 1] = run.cash + run.held * price * (1 - market.takerFeeBps / 10_000);
  }
  const nets = tradesOf(run.fills, heard).map(({ net }) => net);
  const booked = nets.reduce((sum, net) => sum + net, market.cash);
  if (run.held > 0) nets.push((equity.at(-1) as number) - booked);
  const stretch = barsWithin(heard, { from: lead, to: end });
  const figures = trialFigures(stretch, { ...run, equity }, market);
  return { figures: { ...figures, trades: nets.length, profitFactor: profitFactorOf(nets) }, equity, nets };
}

/** Null: nothing was lost. */
export function profitFactorOf(nets: readonly number[]): number | null {
  const [gains, losses] = nets.reduce<readonly [number, number]>(
    ([won, lost], net) => [won + Math.max(0, net), lost - Math.min(0, net)],
    [0, 0],
  );
  return losses > 0 ? gains / losses : null;
}

const refusedHere: BacktestFault = {
  code: 'INVALID_PARAMETERS',
  text: 'The strategy refuses a combination that it took before.',
  next: 'A strategy must always say the same of the same parameters.',
};
