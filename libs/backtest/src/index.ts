export { type BarMarket, type BarSize, checkMarket, plainMarket, type Slippage } from './bars/bar-market.js';
export { type BarFill, type FillReason, Fills, fillReasons } from './bars/fills.js';
export { type BarRun, runBars } from './bars/run-bars.js';
export { runKernel } from './bars/run-kernel.js';
export { type BarTrade, tradesOf } from './bars/trades.js';
export {
  type Certificate,
  type CertificateCheck,
  type CheckName,
  checkNames,
  decisionsMin,
  examinedBarsMax,
} from './certificate/certificate.js';
export { certify, type Examination } from './certificate/certify.js';
export { certifiableBars } from './certificate/memory-checks.js';
export {
  certifyPlacing,
  examinedPlacingBars,
  noPredictions,
  type PlacingExamination,
  placingWarmUp,
} from './certificate/placing/certify-placing.js';
export { heightOf, instrumentAround, rulesAround } from './certificate/placing/market-around.js';
export { placingVersionText } from './certificate/placing/placing-version.js';
export { inspectBars, spacingOf } from './data/inspect-bars.js';
export { readBars } from './data/read-bars.js';
export type { BacktestFault, BacktestWarning } from './fault.js';
export { type EquityFigures, equityFigures } from './figures/equity-figures.js';
export { type TradeFigures, tradeFigures } from './figures/trade-figures.js';
export { barsAYearOf, type TrialFigures, trialFigures } from './figures/trial-figures.js';
export { type GapCause, gapCauses } from './gap/cause-of.js';
export { type GapReport, type GapRow, type GapTotals, gapReport, type Shadow } from './gap/gap-report.js';
export { type Edition, type Session, sessionOf } from './gap/session.js';
export { shadowPlan } from './gap/shadow-plan.js';
export { type InstrumentRules, laneInstrument } from './lane/lane-instrument.js';
export {
  type CandlePath,
  candlePaths,
  type FeeTier,
  type LaneBotPlan,
  type LaneMarketRules,
  type LanePlan,
  type Latency,
  plainRules,
  usualBounds,
} from './lane/lane-options.js';
export { type LaneResult, type LaneSummary, laneSummaryOf } from './lane/lane-summary.js';
export type { LaneTrade } from './lane/lane-trades.js';
export { type LaneTrial, laneTrialOf } from './lane/lane-trial.js';
export { type LaneRun, type LaneSource, runLane } from './lane/run-lane.js';
export type { Trial } from './optimise/choose.js';
export { type Objective, objectives, scoreOf } from './optimise/objective.js';
export type { Optimisation, OptimiseSpec, RankedTrial } from './optimise/optimisation.js';
export { type Bench, type OptimisePlan, type OptimiseRun, optimise } from './optimise/optimise.js';
export { type OptimiseWish, specOfWish } from './optimise/optimise-wish.js';
export { type PlannedWork, plannedWork } from './optimise/planned-work.js';
export { type Memory, rememberedTries, triedKey } from './optimise/remembered-tries.js';
export { type SearchKind, searchKinds } from './optimise/search.js';
export { checkFixed, combinationText, readSpace, type Space, spaceHelp } from './optimise/space.js';
export {
  interrupted,
  type OnTried,
  type Stretch,
  type Tried,
  type Tries,
  type TriesPlan,
  triesBySweep,
  triesHere,
} from './optimise/tries.js';
export { purgedFolds, walkForwardWindows } from './optimise/windows.js';
export { comparePage } from './report/compare/compare-page.js';
export { type Comparison, compareRuns, type NamedRun, runsMax, runsMin } from './report/compare/compare-runs.js';
export { readReport } from './report/files/read-report.js';
export { type FileKind, fileNames, reportFiles } from './report/files/report-files.js';
export { reportPage } from './report/html/report-page.js';
export { type OptimisationReport, optimisationPage } from './report/optimise/optimisation-page.js';
export { type LaneOutcome, recordOfLane } from './report/record-of-lane.js';
export { type Provenance, type ReportTrade, type RunRecord, recordOfBars } from './report/run-record.js';
export { type RunReport, reportOf } from './report/run-report.js';
export type { TrialsMade } from './statistics/sharpe-evidence.js';
export { type BacktestResult, type BacktestSummary, summaryOf } from './summary.js';
export { idleThreads } from './sweep/idle-threads.js';
export { sharedBars } from './sweep/shared-bars.js';
export { type Sweep, type SweepFault, type SweepOptions, type SweepPlan, type SweepRow, sweep } from './sweep/sweep.js';
export { Trials } from './sweep/trials.js';
