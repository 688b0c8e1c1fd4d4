import type { Certificate } from '@scalpstorm/backtest';
import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import { numberIn } from '../number-in.js';
import { type JobKind, queued, registerJobs } from '../research/jobs.js';
import { platformStrategyHelp, ruleOfPlatform } from '../research/rule-of-platform.js';
import { showFields, textOf } from '../rows.js';
import type { Runner } from '../runner.js';
import { tellCertificate } from './certify.js';

interface RequestOptions {
  readonly strategy: string;
  readonly set?: readonly string[];
  readonly instrument: string;
  readonly timeframe: string;
  readonly bars?: string;
  readonly seed?: string;
  readonly name?: string;
  readonly wait?: boolean;
}

const kind: JobKind = {
  path: '/v1/certificates',
  noun: 'examination',
  nouns: 'examinations',
  columns: [
    {
      title: 'CERTIFICATE',
      of: (row: Row) => (row['valid'] === null ? '' : row['valid'] === true ? 'valid' : 'refused'),
    },
    { title: 'VERSION', of: (row: Row) => textOf(row['version'] ?? '').slice(0, 12) },
  ],
  tell: told,
};

const examples = `
  scalpstorm certificates request --strategy ema-cross --set fast=10 --set slow=30 --instrument sim:BTC-USDT --timeframe 1m --wait
  scalpstorm certificates request --strategy my-rule.json --instrument sim:BTC-USDT --timeframe 1m
  scalpstorm certificates request --strategy dca --set quantity=0.01 --instrument sim:BTC-USDT --timeframe 1m

The same over a file, here and without a platform: scalpstorm certify. A live bot goes by what the platform itself found.`;

/** Examinations of strategies by the platform; no live bot runs one over bars without. */
export function registerCertificates(program: Command, run: Runner): void {
  const certificates = program
    .command('certificates')
    .description('have strategies examined by the platform: a live bot over bars is asked for that');
  certificates.addHelpText('after', examples);
  certificates
    .command('request')
    .description('have a strategy examined over the newest candles of an instrument')
    .requiredOption('--strategy <id|file>', platformStrategyHelp)
    .requiredOption('--instrument <id>', 'e.g. sim:BTC-USDT; see scalpstorm instruments')
    .requiredOption('--timeframe <timeframe>', '1s, 1m, 5m, 15m, 1h, 4h or 1d')
    .option('--set <name=value>', 'a parameter of the strategy, as the bot has it; may be repeated', collect)
    .option(
      '--bars <number>',
      'the newest so many (default: 10000, of one that places its orders 2000, or what the warm-up needs)',
    )
    .option('--seed <number>', 'which bars are tried', '1')
    .option('--name <text>', 'to find it again')
    .option('--wait', 'until it is over; fails unless it is certified')
    .action(run<RequestOptions>((context, { options }) => request(context, options)));
  registerJobs(certificates, run, kind);
}

async function request(context: Context, options: RequestOptions): Promise<void> {
  const { instrument, timeframe, name, bars, seed, wait = false } = options;
  const counts = { ...numbered('bars', bars), ...numbered('seed', seed) };
  const rule = await ruleOfPlatform(context, options);
  const over = await queued(context, kind, { ...rule, instrument, timeframe, ...(name && { name }), ...counts }, wait);
  if (over === null) return;
  told(context, over);
  if (over['valid'] === true) return;
  throw new Failure('CERTIFICATE_REFUSED', `${textOf(over['strategy'])} is not to be believed: see its checks.`, {
    next: `scalpstorm certificates show ${textOf(over['id'])}; mend what the checks name, and request another one`,
  });
}

/** Check by check where there is a certificate; as JSON the whole job. */
function told(context: Context, job: Row): void {
  const certificate = (job['certificate'] ?? null) as Certificate | null;
  if (context.output.json || certificate === null) showFields(context, job);
  // One that is kept from before there were warnings has none.
  else tellCertificate(context, { ...certificate, warnings: certificate.warnings ?? [] });
}

function numbered(name: string, text: string | undefined): Row {
  if (text === undefined) return {};
  const value = numberIn(text);
  if (Number.isInteger(value) && value >= 0) return { [name]: value };
  throw usageFailure('INVALID_OPTION', `--${name} cannot be "${text}".`, 'a whole number');
}
