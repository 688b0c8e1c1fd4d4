import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import type { BarColumns, ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { plainMarket } from '../bars/bar-market.js';
import { checkRun } from '../bars/run-bars.js';
import type { BacktestFault } from '../fault.js';
import { type Certificate, examinedBarsMax, warningsWith } from './certificate.js';
import { checkDelayed, checkShuffled } from './edge-checks.js';
import type { Examined } from './examined.js';
import { checkKernel, checkRepeat, checkRestart, checkWarmUp, tooFewToCertify } from './memory-checks.js';
import { cutBars } from './trace.js';
import { checkTruncation, cuttableBars, decisionsOf } from './truncation.js';

/** What is examined of every kind of strategy. */
export interface ExaminedRun {
  /** Digest of its version text: what the certificate is good for. Asked last, so that it has heard nothing before it is examined. */
  readonly version: () => string;
  readonly codeHash: string | null;
  readonly bars: BarColumns;
  /** So many of the first are looked at, at most `examinedBarsMax`; null: as many as usual. */
  readonly barsMax?: number | null;
  readonly dataHash: string;
  readonly seed: number;
}

export interface Examination extends ExaminedRun {
  readonly strategy: ConfiguredBarStrategy;
}

/**
 * Looks for knowledge that a strategy can not have: later bars, an earlier run, a warm-up that is too short, a restart that forgets, an edge
 * that is not there one bar later. A strategy that passes is not thereby good; one that fails is not to be believed.
 */
export function certify({
  strategy,
  version,
  codeHash,
  bars,
  barsMax = null,
  dataHash,
  seed,
}: Examination): Result<Certificate, BacktestFault> {
  const examined: Examined = {
    strategy,
    seed,
    bars: cutBars(bars, 0, Math.min(bars.length, barsMax ?? examinedBarsMax, examinedBarsMax)),
    market: plainMarket(1_000_000, 0),
  };
  const fault =
    checkRun(examined.bars, strategy, examined.market) ?? tooFewToCertify(examined.bars.length, strategy.warmUp);
  if (fault !== null) return fail(fault);
  // First of all, before it has seen the end of the data.
  const cuttable = cuttableBars(examined);
  const truncation = checkTruncation(cuttable);
  if (!truncation.ok) return truncation;
  const { whole, check } = truncation.value;
  const warmUp = checkWarmUp(examined, whole);
  const findings = [
    checkRepeat(cuttable, whole),
    checkKernel(examined, whole),
    ok(warmUp.check),
    ok(checkRestart(examined, whole)),
    checkShuffled(examined),
    checkDelayed(examined),
  ];
  const checks = [check];
  for (const finding of findings) {
    if (!finding.ok) return finding;
    checks.push(finding.value);
  }
  const decisions = decisionsOf(whole).length;
  const timeOf = (bar: number) => Timestamp.toIso(Timestamp.fromMicros(examined.bars.openedAt[bar] as number));
  return ok({
    format: 1,
    strategy: strategy.id,
    version: version(),
    codeHash,
    parameters: strategy.parameters,
    dataHash,
    bars: examined.bars.length,
    from: timeOf(0),
    to: timeOf(examined.bars.length - 1),
    decisions,
    seed,
    checks,
    warnings: warningsWith(decisions, warmUp.warning),
    valid: checks.every(({ passed }) => passed),
  });
}
