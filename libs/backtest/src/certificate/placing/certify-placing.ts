import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import type { Instrument, JsonObject } from '@scalpstorm/model';
import type { MeasureWish, Strategy } from '@scalpstorm/strategies';
import { spacingOf } from '../../data/inspect-bars.js';
import type { BacktestFault } from '../../fault.js';
import { type Certificate, examinedBarsMax, passed, warningsWith } from '../certificate.js';
import type { ExaminedRun } from '../certify.js';
import { certifiableBars, checkRepeat, tooFewToCertify } from '../memory-checks.js';
import { cutBars } from '../trace.js';
import { checkTruncation, decisionsOf } from '../truncation.js';
import { checkBeginnings } from './beginnings.js';
import type { ExaminedPlacing } from './examined-placing.js';
import { momentsInBar, momentsOf } from './moments.js';
import { checkPlacingDelayed, checkPlacingRestart, checkPlacingShuffled, cuttablePlacing } from './placing-checks.js';

/** So many bars are looked at where nobody says how many, or as many as it takes to see whether a warm-up is long enough. */
export const examinedPlacingBars = 2_000;
const barsMin = 20;
const minute = 60_000_000;

/** Of a strategy that places its orders itself. */
export interface PlacingExamination extends ExaminedRun {
  readonly strategy: Strategy;
  /** With its defaults. */
  readonly parameters: JsonObject;
  /** Prices of the data are rounded to its tick. */
  readonly instrument: Instrument;
}

/**
 * The certificate of a strategy that places its orders itself, over the exact way of bars: the same checks as of a rule over bars, of every
 * order and cancel that it asks for. Without costs, and with more money than it can ask for.
 */
export function certifyPlacing(examination: PlacingExamination): Result<Certificate, BacktestFault> {
  const prepared = prepare(examination);
  if (!prepared.ok) return prepared;
  const examined = prepared.value;
  // First of all, before it has seen the end of the data.
  const cuttable = cuttablePlacing(examined);
  const truncation = checkTruncation(cuttable);
  if (!truncation.ok) return truncation;
  const { whole, check } = truncation.value;
  const repeat = checkRepeat(cuttable, whole);
  const warmUp = checkBeginnings(examined, whole);
  if (!warmUp.ok) return warmUp;
  const findings = [
    repeat,
    ok(passed('kernel', 'it has no kernel.')),
    ok(warmUp.value.check),
    checkPlacingRestart(examined, whole),
    checkPlacingShuffled(examined),
    checkPlacingDelayed(examined),
  ];
  const checks = [check];
  for (const finding of findings) {
    if (!finding.ok) return finding;
    checks.push(finding.value);
  }
  const { strategy, parameters, version, codeHash, dataHash, seed } = examination;
  const { bars } = examined.market;
  const timeOf = (bar: number) => Timestamp.toIso(Timestamp.fromMicros(bars.openedAt[bar] as number));
  const decisions = decisionsOf(whole).length;
  return ok({
    format: 1,
    strategy: strategy.id,
    version: version(),
    codeHash,
    parameters,
    dataHash,
    bars: bars.length,
    from: timeOf(0),
    to: timeOf(bars.length - 1),
    decisions,
    seed,
    checks,
    warnings: warningsWith(decisions, warmUp.value.warning),
    valid: checks.every(({ passed }) => passed),
  });
}

function prepare({
  strategy,
  parameters,
  instrument,
  bars: given,
  barsMax = null,
  seed,
}: PlacingExamination): Result<ExaminedPlacing, BacktestFault> {
  const configured = strategy.configure(parameters, instrument);
  if (!configured.ok) {
    const text = configured.error.map(({ field, text: said }) => `${field}: ${said}`).join(' ');
    const next = configured.error[0]?.next ?? 'Mend them.';
    return fail({ code: 'INVALID_PARAMETERS', text: `${strategy.id}: ${text}`, next });
  }
  const { measures, lanes = 1 } = configured.value;
  if (measures.model !== undefined) return fail(noPredictions(strategy));
  if (given.length < barsMin) return fail(tooFewBars(given.length));
  const barLength = spacingOf(given) || minute;
  const warmUp = placingWarmUp(measures, barLength);
  const usual = Math.max(examinedPlacingBars, warmUp === 0 ? 0 : certifiableBars(warmUp));
  const bars = cutBars(given, 0, Math.min(given.length, barsMax ?? usual, examinedBarsMax));
  const fault = warmUp === 0 ? null : tooFewToCertify(bars.length, warmUp);
  if (fault !== null) return fail(fault);
  const market = { bars, barLength, instrument };
  return ok({ strategy, parameters, market, moments: momentsOf(market), warmUp, lanes, seed });
}

/**
 * Bars after which all that it measures is known, where each bar has as many prices as there are moments in it.
 * @param barLength microseconds
 */
export function placingWarmUp({ vwapWindow, atr }: MeasureWish, barLength: number): number {
  const window = (vwapWindow ?? 0) / barLength;
  const range = atr === null ? 0 : ((atr.period + 1) * Math.max(atr.interval, barLength / momentsInBar)) / barLength;
  return Math.ceil(Math.max(window, range));
}

/** Why there is no certificate of one that acts on a model. */
export const noPredictions = ({ id }: Pick<Strategy, 'id'>): BacktestFault => ({
  code: 'NO_PREDICTIONS',
  text: `${id} acts on the predictions of a model, and these are no data here: over prices alone it does nothing, so there is nothing to examine.`,
  next: 'Nobody asks for a certificate of it. Look yourself whether the model was trained on what it then predicts.',
});

const tooFewBars = (length: number): BacktestFault => ({
  code: 'TOO_FEW_BARS',
  text: `${length} bars are too few to examine anything.`,
  next: `Give at least ${barsMin} bars; some thousands show more.`,
});
