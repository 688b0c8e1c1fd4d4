import {
  type BacktestFault,
  type Certificate,
  certify,
  certifyPlacing,
  examinedBarsMax,
  laneInstrument,
  placingVersionText,
  rulesAround,
} from '@scalpstorm/backtest';
import type { Result } from '@scalpstorm/kernel';
import type { Instrument, JsonObject } from '@scalpstorm/model';
import { placingStrategies, type Strategy, withDefaults } from '@scalpstorm/strategies';
import { codeHash, versionOf as codeHashOf, ruleVersion, versionDigest } from '@scalpstorm/strategy-files';
import type { Command } from 'commander';
import { type BarData, readData } from '../backtest/read-data.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { numberIn } from '../number-in.js';
import { assignmentsIn, type Schema, withAssignments } from '../parameters.js';
import { refuseUnwritable } from '../refuse-unwritable.js';
import type { Runner } from '../runner.js';
import { chosenParameters } from '../strategies/chosen-parameters.js';
import { configureStrategy, findStrategy } from '../strategies/load-strategy.js';
import { withinTime } from '../strategies/within-time.js';
import { writeText } from '../write-text.js';

interface CertifyOptions {
  readonly strategy?: string;
  readonly set?: readonly string[];
  readonly data?: string;
  readonly seed: string;
  readonly bars?: string;
  readonly tick?: string;
  readonly step?: string;
  readonly out?: string;
}

/** It is run some two hundred times. */
const limitMs = 120_000;
/** One that places orders some thirty times, with the life of every order. */
const placingLimitMs = 600_000;
const barsMin = 20;
const seedMax = 2 ** 31 - 1;

/** Runs here, without a platform: nothing is sent anywhere. */
export function registerCertify(program: Command, run: Runner): void {
  program
    .command('certify')
    .description('look whether a strategy knows what nobody can know: later bars, an earlier run, too short a warm-up')
    .requiredOption('--strategy <id|file>', 'as for backtest')
    .requiredOption('--data <file>', 'CSV with a header, or the same compressed with gzip')
    .option('--set <name=value>', 'a parameter of the strategy; may be repeated', collect)
    .option('--seed <number>', 'which bars are tried; the same seed gives the same certificate', '1')
    .option('--bars <number>', 'the first so many of the file (default: 30000; 2000 of one that places its orders)')
    .option('--tick <size>', 'of prices, of one that places its orders (default: of eight digits)')
    .option('--step <size>', 'of quantities, of the same (default: 0.00000001)')
    .option('--out <file>', 'write the certificate there, as JSON')
    .action(run<CertifyOptions>((context, { options }) => certifyFile(context, options)));
}

async function certifyFile(context: Context, options: CertifyOptions): Promise<void> {
  const wish: Wish = { options, seed: seedOf(options.seed), barsMax: barsOf(options.bars) };
  await refuseUnwritable({ files: [options.out], read: [options.data] });
  const placing = placingStrategies.get(options.strategy ?? '');
  const certificate = placing === undefined ? await certifyRule(context, wish) : await certifyOrders(placing, wish);
  if (options.out !== undefined) await writeText(options.out, `${JSON.stringify(certificate, null, 2)}\n`);
  tellCertificate(context, certificate);
  if (certificate.valid) return;
  const wrong = certificate.checks.filter(({ passed }) => !passed).map(({ name }) => name);
  throw new Failure('CERTIFICATE_REFUSED', `${certificate.strategy} is not to be believed: ${wrong.join(', ')}.`, {
    next: 'mend what the checks name, and certify again',
  });
}

interface Wish {
  readonly options: CertifyOptions;
  readonly seed: number;
  /** Null: as many as usual. */
  readonly barsMax: number | null;
}

async function certifyRule(context: Context, { options, seed, barsMax }: Wish): Promise<Certificate> {
  const own = (['tick', 'step'] as const).find((name) => options[name] !== undefined);
  if (own !== undefined)
    throw usageFailure('OTHER_WAY', `--${own} says nothing to a strategy over bars.`, 'leave it out');
  const loaded = await findStrategy(options.strategy ?? '', context.environment);
  const strategy = configureStrategy(loaded.strategy, options.set);
  const data = await readData(options.data ?? '');
  const version = () => ruleVersion(strategy);
  const examine = () => certify({ strategy, version, codeHash: codeHashOf(loaded), ...data, barsMax, seed });
  return certified(withinTime(strategy.id, data.bars.length, examine, limitMs));
}

async function certifyOrders(strategy: Strategy, { options, seed, barsMax }: Wish): Promise<Certificate> {
  const data = await readData(options.data ?? '');
  const price = data.bars.open[0] as number;
  const given = withAssignments({}, assignmentsIn('set', options.set), strategy.schema as Schema) as JsonObject;
  const chosen = chosenParameters(strategy, given, price);
  const parameters = withDefaults(strategy, { ...given, ...chosen });
  const instrument = instrumentOf(options, data, parameters);
  const version = () => versionDigest(placingVersionText(strategy, parameters));
  const examination = { strategy, parameters, instrument, version, codeHash: codeHash(), ...data, barsMax, seed };
  const examine = () => certifyPlacing(examination);
  const certificate = certified(withinTime(strategy.id, 0, examine, placingLimitMs));
  const names = Object.keys(chosen);
  if (names.length === 0) return certificate;
  return { ...certificate, warnings: [...certificate.warnings, parametersChosen(names)] };
}

const parametersChosen = (names: readonly string[]): BacktestFault => ({
  code: 'PARAMETERS_CHOSEN',
  text: `${names.join(', ')} were not given, and are chosen by the first price of the data: the certificate is of these.`,
  next: `Say yours: ${names.map((name) => `--set ${name}=…`).join(' ')}.`,
});

/** Of no venue: sizes as they were given, else so fine that nothing is refused. */
function instrumentOf({ tick, step }: CertifyOptions, { bars }: BarData, parameters: JsonObject): Instrument {
  const usual = rulesAround(bars.open[0] as number, parameters);
  const made = laneInstrument({ ...usual, ...(tick && { tick }), ...(step && { step }) });
  if (made.ok) return made.value;
  throw usageFailure(made.error.code, made.error.text, made.error.next);
}

/** @throws Failure */
function certified(result: Result<Certificate, BacktestFault>): Certificate {
  if (result.ok) return result.value;
  const { code, text, next } = result.error;
  throw new Failure(code, text, { next, ...(code === 'INVALID_PARAMETERS' && { exitCode: exitCodes.usage }) });
}

function barsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const bars = numberIn(text);
  if (Number.isInteger(bars) && bars >= barsMin && bars <= examinedBarsMax) return bars;
  throw usageFailure(
    'INVALID_OPTION',
    `--bars cannot be "${text}".`,
    `a whole number from ${barsMin} to ${examinedBarsMax}`,
  );
}

function seedOf(text: string): number {
  const seed = numberIn(text);
  if (Number.isInteger(seed) && seed >= 0 && seed <= seedMax) return seed;
  throw usageFailure('INVALID_OPTION', `--seed cannot be "${text}".`, `a whole number from 0 to ${seedMax}`);
}

/** Check by check, what must be known beside them, and what came of it. */
export function tellCertificate({ output }: Context, certificate: Certificate): void {
  if (output.json) {
    output.value(certificate);
    return;
  }
  for (const { name, passed, text, next } of certificate.checks) {
    output.line(`${passed ? output.paint('passed', 'green') : output.paint('FAILED', 'red')}  ${name}: ${text}`);
    if (next !== null) output.line(`        → ${next}`);
  }
  for (const { code, text, next } of certificate.warnings) output.line(`! ${code}: ${text}\n  → ${next}`);
  const { strategy, version, bars, from, to, valid } = certificate;
  output.line(
    `${strategy}, version ${version.slice(0, 12)}, over ${bars} bars from ${from} to ${to}: ${valid ? 'certified' : 'refused'}`,
  );
}
