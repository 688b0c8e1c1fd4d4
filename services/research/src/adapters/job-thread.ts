// A thread that does one piece of work and ends. It imports nothing of this service but types: in development it runs as it is.
import { createHash } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import {
  type BacktestResult,
  type BarRun,
  type BarTrade,
  type Bench,
  type Certificate,
  certify,
  certifyPlacing,
  combinationText,
  decisionsMin,
  type Examination,
  instrumentAround,
  type OptimisePlan,
  optimise,
  placingVersionText,
  plannedWork,
  readBars,
  rememberedTries,
  runBars,
  runKernel,
  type Stretch,
  specOfWish,
  summaryOf,
  type TrialsMade,
  type Tried,
  type Tries,
  trialFigures,
  triedKey,
  triesHere,
} from '@scalpstorm/backtest';
import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import { type JsonObject, timeframeLength } from '@scalpstorm/model';
import {
  type BarColumns,
  type BarStrategy,
  barStrategies,
  type ConfiguredBarStrategy,
  placingStrategies,
  ruleNamed,
  type Strategy,
  strategyNamed,
  withDefaults,
} from '@scalpstorm/strategies';
import { endAfterWork, loadFile, ruleVersion, stepMsMax, versionDigest, versionOf } from '@scalpstorm/strategy-files';
import type { CertificateSpec } from '../domain/certificate-spec.js';
import type { Search, Trial } from '../ports/trial-records.js';
import type { BacktestWork, CertificateWork, OptimisationWork } from '../ports/workbench.js';
import type { EverTried, JobMessage, JobWork } from './job-messages.js';

/** Of a series of equity. More bars than that are gathered, each point then being the last of its bars with their lowest. */
const pointsMax = 10_000;
/** Of round trips that are kept one by one; the summary counts all of them. */
const tradesMax = 50_000;
/** So often a search says how far it is. */
const sayEveryMs = 200;
/** Outside of the heap, which alone is bounded by the settings. */
const seriesBytesMax = 64 * 2 ** 20;
/** What a job may ask for is bounded far below. */
const csvBytesMax = 2 ** 29;
/** Of what a module says itself, characters. */
const wordsMax = 300;

type Rules = ReadonlyMap<string, BarStrategy>;
/** Of a module: a thread that stands back waits long for its turn. */
const loadMsMax = 120_000;

type Fault = Extract<JobMessage, { kind: 'failed' }>['fault'];

const say = (message: JobMessage): void => parentPort?.postMessage(message);

/** On Linux a priority is that of the thread; elsewhere of the whole process, which may be everybody's. */
function standBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // Not allowed here: what bounds the container bounds this.
  }
}

/** What is said last. */
async function outcomeOf(work: JobWork): Promise<JobMessage> {
  const bars = readBars(gunzipSync(work.file.gzip, { maxOutputLength: csvBytesMax }));
  if (!bars.ok) return failed(bars.error);
  const loaded = await rulesFor(work);
  if (!loaded.ok) return failed(loaded.error);
  const rules = loaded.value;
  say({ kind: 'progress', share: 0.1 });
  switch (work.kind) {
    case 'backtest':
      return await tested(bars.value, work, rules);
    case 'certificate':
      return examined(bars.value, work, rules);
    case 'optimisation':
      return await searched(bars.value, work, rules);
  }
}

/** Those of the platform, and the one that the job is of where the operator has it. */
async function rulesFor({ module }: JobWork): Promise<Result<Rules, Fault>> {
  if (module === undefined) return ok(barStrategies);
  const loaded = await loadFile(module, basename(module), {
    loadMs: loadMsMax,
    measure: 'work',
    within: (work) => endAfterWork(stepMsMax, work),
  });
  if (!loaded.ok) return loaded;
  const { strategy } = loaded.value;
  return ok(new Map([...barStrategies, [strategy.id, strategy]]));
}

async function tested(bars: BarColumns, work: BacktestWork, rules: Rules): Promise<JobMessage> {
  const { spec } = work;
  const named = strategyNamed(spec.strategy, spec.parameters, rules);
  const rule = named.ok ? named.value.strategy.configure(named.value.given) : named;
  if (!named.ok || !rule.ok) return failed(notTaken(spec.strategy));
  const startedAt = performance.now();
  const ran = play(bars, rule.value, work);
  if (!ran.ok) return failed(ran.error);
  const seconds = (performance.now() - startedAt) / 1_000;
  const result = summaryOf(bars, rule.value, spec.market, ran.value);
  const kind = new TrialKind(work, named.value.strategy);
  const figures = trialFigures(bars, ran.value, spec.market);
  const whole = { from: 0, to: bars.length };
  kind.say(kind.trial({ ...whole, parameters: rule.value.parameters, tried: { figures } }, bars));
  const trials = { ever: await kind.everTried() };
  say({ kind: 'progress', share: 0.9 });
  return {
    kind: 'done',
    worked: {
      summary: summaryRow(result, work, { codeHash: codeHashOf(rule.value), trials }),
      series: {
        equity: equityRows(bars, ran.value),
        trades: result.trades.slice(0, tradesMax).map(tradeRow),
      },
      bars: bars.length,
      seconds,
    },
  };
}

function examined(bars: BarColumns, { spec, file, barsMin }: CertificateWork, rules: Rules): JobMessage {
  if (bars.length < barsMin) return failed(historyTooShort(bars.length, barsMin));
  const startedAt = performance.now();
  const common = { bars, dataHash: file.sha256, seed: spec.seed };
  const placing = placingStrategies.get(spec.strategy);
  const result = placing === undefined ? ofRule(spec, rules, common) : ofPlacing(placing, spec, common);
  if (!result.ok) return failed(result.error);
  const certificate = result.value;
  if (certificate.decisions < decisionsMin) return failed(tooFewDecisions(certificate));
  const seconds = (performance.now() - startedAt) / 1_000;
  const summary = JSON.parse(JSON.stringify(certificate));
  return { kind: 'done', worked: { summary, series: { equity: [], trades: [] }, bars: bars.length, seconds } };
}

type Common = Pick<Examination, 'bars' | 'dataHash' | 'seed'>;

function ofRule({ strategy, parameters }: CertificateSpec, rules: Rules, common: Common): ReturnType<typeof certify> {
  const rule = ruleNamed(strategy, parameters, rules);
  if (!rule.ok) return fail(notTaken(strategy));
  const version = () => ruleVersion(rule.value);
  return certify({ strategy: rule.value, version, codeHash: codeHashOf(rule.value), ...common });
}

/** Over all bars that there are: as many as were asked for. */
function ofPlacing(strategy: Strategy, spec: CertificateSpec, common: Common): ReturnType<typeof certify> {
  const parameters = withDefaults(strategy, spec.parameters);
  const instrument = instrumentAround(common.bars.open[0] as number, parameters);
  const version = () => versionDigest(placingVersionText(strategy, parameters));
  const barsMax = common.bars.length;
  return certifyPlacing({ strategy, parameters, instrument, version, codeHash: codeHashOf({}), ...common, barsMax });
}

async function searched(bars: BarColumns, work: OptimisationWork, rules: Rules): Promise<JobMessage> {
  const { spec, file } = work;
  const named = strategyNamed(spec.strategy, spec.parameters, rules);
  if (!named.ok) return failed(notTaken(spec.strategy));
  const { space, market } = spec;
  const plan = { bars, strategy: named.value.strategy, space, market, spec: specOfWish(spec.wish, bars.length) };
  const startedAt = performance.now();
  const book = new TrialBook(work, plan);
  const found = await optimise(plan, book);
  if (!found.ok) return failed(found.error);
  const seconds = (performance.now() - startedAt) / 1_000;
  const origin = { dataHash: file.sha256, codeHash: book.kind.codeHash };
  const summary = JSON.parse(JSON.stringify({ ...found.value.result, ...origin }));
  return { kind: 'done', worked: { summary, series: { equity: [], trades: [] }, bars: book.bars, seconds } };
}

/** The platform's code, and that of the operator's module where it is one. */
const codeHashOf = ({ code }: Pick<ConfiguredBarStrategy, 'code'>): string => versionOf({ sourceHash: code ?? null });

/** What all combinations of a strategy are of: its code, or its text where it is a rule without code. Each takes its defaults. */
function originOf(strategy: BarStrategy): Pick<ConfiguredBarStrategy, 'code' | 'file'> {
  const taken = strategy.configure({});
  return taken.ok ? taken.value : {};
}

/** What trials have in common that are of one strategy, by the same code, over the same bars and under the same assumptions. */
class TrialKind {
  readonly codeHash: string;
  readonly search: Search;
  private readonly strategy: BarStrategy;
  private readonly common: string;

  constructor({ spec, file }: BacktestWork | OptimisationWork, strategy: BarStrategy) {
    const origin = originOf(strategy);
    this.codeHash = codeHashOf(origin);
    const ground = `${file.sha256} ${this.codeHash}`;
    this.search = { strategy: spec.counted, timeframe: spec.bars.timeframe, ground };
    this.strategy = strategy;
    this.common = JSON.stringify([ground, origin.file ?? null, spec.market]);
  }

  /** The same for the same combination, whether it was searched over or run by hand. */
  trial(made: Pick<Trial, 'parameters' | 'tried' | keyof Stretch>, { length }: BarColumns): Trial {
    const { from, to, parameters, tried } = made;
    const text = `${this.common}\n${combinationText(this.strategy.parameters, parameters)}`;
    const isWhole = from === 0 && to === length;
    return {
      ...made,
      id: createHash('sha256').update(text).digest('hex').slice(0, 32),
      sharpePerBar: isWhole && 'figures' in tried ? tried.figures.sharpePerBar : null,
    };
  }

  say(trial: Trial): void {
    say({ kind: 'tried', search: this.search, trial });
  }

  /** Those that were said are among them. */
  async everTried(): Promise<TrialsMade> {
    const answer = Promise.withResolvers<TrialsMade>();
    parentPort?.once('message', (made: EverTried) => answer.resolve(made));
    say({ kind: 'ever-tried', search: this.search });
    return answer.promise;
  }
}

/** Runs what was not tried before, and says each trial before anything is made of it: what was said counts, however this thread ends. */
class TrialBook implements Bench {
  readonly kind: TrialKind;
  /** That were played here. */
  bars = 0;
  readonly tries: Tries;
  private readonly known = new Map<string, Tried>();
  private readonly planned: number;
  private saidAt = performance.now();
  private work = 0;

  constructor(work: OptimisationWork, plan: OptimisePlan) {
    const { strategy, bars } = plan;
    const kind = new TrialKind(work, strategy);
    this.kind = kind;
    this.planned = plannedWork(bars.length, plan).bars;
    for (const { ground, rows } of work.tried) {
      if (ground !== kind.search.ground) continue;
      for (const one of JSON.parse(rows) as readonly Trial[]) this.known.set(triedKey(one, one.parameters), one.tried);
    }
    const run = triesHere({ bars, strategy, market: plan.market, seriesBytesMax }, (stretch, parameters, tried) => {
      this.bars += stretch.to - stretch.from;
      kind.say(kind.trial({ ...stretch, parameters, tried }, bars));
      this.goOn(stretch);
    });
    this.tries = rememberedTries(run, {
      find: (stretch, parameters) => this.known.get(triedKey(stretch, parameters)),
      onKnown: (stretch) => this.goOn(stretch),
    });
  }

  everTried(): Promise<TrialsMade> {
    return this.kind.everTried();
  }

  private goOn({ from, to }: Stretch): void {
    this.work += to - from;
    if (performance.now() - this.saidAt < sayEveryMs) return;
    this.saidAt = performance.now();
    say({ kind: 'progress', share: Math.min(0.99, this.work / this.planned) });
  }
}

function play(bars: BarColumns, strategy: ConfiguredBarStrategy, { spec: { fast, market } }: BacktestWork) {
  if (fast && strategy.kernel !== null) return runKernel(bars, strategy, strategy.kernel, market);
  return runBars(bars, strategy, market);
}

const notTaken = (strategy: string): Fault => ({
  code: 'INVALID_PARAMETERS',
  text: `${strategy} does not take the parameters of this job any more.`,
  next: 'Send the job again with the parameters of today.',
});

const loops = (strategy: string, { message }: Error): Fault => ({
  code: 'STRATEGY_LOOPS',
  text: `${strategy} does not decide in time: ${`${message}`.slice(0, wordsMax).toWellFormed()}.`,
  next: 'Mend it: look for a loop without an end, or for what it does again at every bar.',
});

const historyTooShort = (has: number, needed: number): Fault => ({
  code: 'HISTORY_TOO_SHORT',
  text: `The venue has ${has} of the ${needed} bars that it takes to examine this rule.`,
  next: 'Ask over a shorter timeframe or another instrument, or again when there are more bars.',
});

const tooFewDecisions = ({ bars, decisions }: Certificate): Fault => ({
  code: 'TOO_FEW_DECISIONS',
  text: `Over ${bars} bars the rule decided ${decisions} times; with fewer than ${decisionsMin} there is nothing to examine.`,
  next: 'Ask over more bars, a shorter timeframe or another instrument.',
});

const failed = ({ code, text, next }: Fault): JobMessage => ({ kind: 'failed', fault: { code, text, next } });

/** As JSON has it, so that whoever reads it later reads what was written. */
function summaryRow(
  { summary, trades }: BacktestResult,
  { file, spec }: BacktestWork,
  beside: { readonly codeHash: string; readonly trials: { readonly ever: TrialsMade } },
): JsonObject {
  const cut = {
    code: 'TRADES_CUT',
    text: `${trades.length} round trips; the first ${tradesMax} are kept one by one.`,
    next: 'The figures count all of them.',
  };
  const warnings = [...begun(summary.from, summary.to, spec), ...(trades.length > tradesMax ? [cut] : [])];
  const told = { ...summary, warnings: [...summary.warnings, ...warnings] };
  const origin = { path: spec.fast ? 'fast' : 'event-driven', dataHash: file.sha256, ...beside };
  return JSON.parse(JSON.stringify({ ...told, ...origin }));
}

/** A venue may not have all that was asked for. */
function begun(from: string, to: string, { bars }: BacktestWork['spec']): readonly Fault[] {
  const [first, last] = [Date.parse(from) * 1_000, Date.parse(to) * 1_000];
  const length = timeframeLength[bars.timeframe];
  const late = first >= bars.from + length;
  const early = last < bars.to - 2 * length;
  if (!late && !early) return [];
  const text = `The venue has bars from ${from} to ${to} only.`;
  return [{ code: 'DATA_SHORTER', text, next: 'Ask for that time, or read the figures as of that time.' }];
}

function equityRows(bars: BarColumns, { equity }: BarRun): JsonObject[] {
  const step = Math.ceil(bars.length / pointsMax);
  const rows: JsonObject[] = [];
  for (let from = 0; from < bars.length; from += step) {
    const to = Math.min(from + step, bars.length);
    let low = Number.POSITIVE_INFINITY;
    for (let bar = from; bar < to; bar += 1) low = Math.min(low, equity[bar] as number);
    rows.push({ at: timeOf(bars.openedAt[to - 1] as number), equity: equity[to - 1] as number, low });
  }
  return rows;
}

const tradeRow = ({ openedAt, closedAt, openedBar: _o, closedBar: _c, netShare, ...trade }: BarTrade): JsonObject => ({
  openedAt: timeOf(openedAt),
  closedAt: timeOf(closedAt),
  ...trade,
  netPct: 100 * netShare,
});

const timeOf = (micros: number): string => Timestamp.toIso(Timestamp.fromMicros(micros));

/** What ends a rule that takes too long is told as what it is, wherever in the work that was. */
async function workedOut(work: JobWork): Promise<JobMessage> {
  try {
    return await outcomeOf(work);
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code !== 'STRATEGY_LOOPS') throw error;
    return failed(loops(work.spec.strategy, error as Error));
  }
}

standBack();
say(await workedOut(workerData as JobWork));
