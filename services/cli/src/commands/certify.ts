import { type Certificate, certify } from '@scalpstorm/backtest';
import { versionOf as codeHashOf, ruleVersion } from '@scalpstorm/strategy-files';
import type { Command } from 'commander';
import { readData } from '../backtest/read-data.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import { refuseUnwritable } from '../refuse-unwritable.js';
import type { Runner } from '../runner.js';
import { configureStrategy, findStrategy } from '../strategies/load-strategy.js';
import { withinTime } from '../strategies/within-time.js';
import { writeText } from '../write-text.js';

interface CertifyOptions {
  readonly strategy?: string;
  readonly set?: readonly string[];
  readonly data?: string;
  readonly seed: string;
  readonly out?: string;
}

/** It is run some two hundred times. */
const limitMs = 120_000;
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
    .option('--out <file>', 'write the certificate there, as JSON')
    .action(run<CertifyOptions>((context, { options }) => certifyFile(context, options)));
}

async function certifyFile(context: Context, options: CertifyOptions): Promise<void> {
  const seed = seedOf(options.seed);
  await refuseUnwritable({ files: [options.out], read: [options.data] });
  const loaded = await findStrategy(options.strategy ?? '', context.environment);
  const strategy = configureStrategy(loaded.strategy, options.set);
  const { bars, dataHash } = await readData(options.data ?? '');
  const version = () => ruleVersion(strategy);
  const examine = () => certify({ strategy, version, codeHash: codeHashOf(loaded), bars, dataHash, seed });
  const result = withinTime(strategy.id, bars.length, examine, limitMs);
  if (!result.ok) {
    const { code, text, next } = result.error;
    throw new Failure(code, text, { next });
  }
  const certificate = result.value;
  if (options.out !== undefined) await writeText(options.out, `${JSON.stringify(certificate, null, 2)}\n`);
  tellCertificate(context, certificate);
  if (certificate.valid) return;
  const wrong = certificate.checks.filter(({ passed }) => !passed).map(({ name }) => name);
  throw new Failure('CERTIFICATE_REFUSED', `${strategy.id} is not to be believed: ${wrong.join(', ')}.`, {
    next: 'mend what the checks name, and certify again',
  });
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (text.trim() !== '' && Number.isInteger(seed) && seed >= 0 && seed <= seedMax) return seed;
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
