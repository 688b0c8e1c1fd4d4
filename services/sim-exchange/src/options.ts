import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { nearest } from '@scalpstorm/kernel';
import { isSymbol } from '@scalpstorm/model';
import type { Credentials } from './domain/account.js';
import { defaultFeeRate, type Fees } from './domain/fees.js';
import { defaultSymbols } from './domain/synthetic/default-markets.js';
import { defaultRateLimits, type RateLimitSettings } from './handlers/rate-limits.js';
import { defaultFeeBalance, readFees } from './options-fees.js';
import { UsageError } from './options-usage.js';

export interface SimExchangeOptions {
  readonly host: string;
  readonly port: number;
  readonly seed: number;
  readonly symbols: readonly string[];
  readonly accounts: readonly Credentials[];
  /** A capture to replay instead of the synthetic market. */
  readonly file: string | null;
  /** Times real time; Infinity for `max`. */
  readonly speed: number;
  /** Candles are told of so many days before today. */
  readonly historyDays: number;
  readonly fees: Fees;
  readonly limits: RateLimitSettings;
  readonly admin: boolean;
  /** Hold a replay until somebody listens to a market stream. */
  readonly waitForSubscriber: boolean;
  readonly waitForOrder: boolean;
  /** Where the state is kept from one start to the next; null keeps it in memory. */
  readonly state: string | null;
  /** Begin anew in {@link state}. */
  readonly reset: boolean;
  /** Ids of orders and trades that no earlier life has told are above this; the clock says it unless a test does. */
  readonly idBase?: number;
}

export { UsageError };

const historyDaysUsual = 30;
const historyDaysMax = 90;

export const help = `scalpstorm sim-exchange: a simulated exchange that speaks the Binance spot protocol

  --port N               port to listen on, 0 for a free one                (0)
  --host ADDRESS         address to listen on                               (127.0.0.1)
  --seed N               whole number; the same seed gives the same market  (1)
  --symbols A,B          synthetic markets, BASE-QUOTE                      (${defaultSymbols.join(',')})
  --accounts N           accounts with funds, 1 to 1000                     (1)
  --file CAPTURE         replay a capture (.gz or plain) of one symbol instead of the synthetic market
  --speed N|max          times real time, 0.01 to 100000                    (1)
  --history-days N       days of candles before today that are told, 0 to ${historyDaysMax}; 0 for none from before the start  (${historyDaysUsual})
  --maker-fee RATE       share of what is received that a resting order pays, 0 to 0.1   (${defaultFeeRate})
  --taker-fee RATE       the same for an order that meets a resting one                  (${defaultFeeRate})
  --fee-asset ASSET      pay commissions in this asset (BNB) while an account has enough of it
  --fee-asset-balance N  how much of it a new account has                                (${defaultFeeBalance})
  --fee-asset-price P    what one is worth in every quote currency that has no market for it
  --state DIR            keep accounts, orders and fills in this directory: they outlive the process, however it ends
  --reset                with --state: forget what is there and begin anew
  --weight-limit N       weight of requests a minute and address, 1 to 1000000000   (${defaultRateLimits.weightPerMinute})
  --orders-10s-limit N   orders without a fill in 10 seconds, an account            (${defaultRateLimits.ordersPer10Seconds})
  --orders-1d-limit N    the same in a day                                          (${defaultRateLimits.ordersPerDay})
  --wait-for-subscriber  hold the replay until somebody listens to a market stream
  --wait-for-order       then play until the first trade, and hold again until the first order comes in
  --admin                open /sim/faults, /sim/limits, /sim/filters, /sim/orders and /sim/market/step for tests
  --json                 accepted for scripts; the first line of stdout is JSON either way
  --help                 this text

environment: SIM_API_KEY and SIM_SECRET set the first account's key, else it is derived from the seed`;

const known = {
  port: { type: 'string' },
  host: { type: 'string' },
  seed: { type: 'string' },
  symbols: { type: 'string' },
  accounts: { type: 'string' },
  file: { type: 'string' },
  speed: { type: 'string' },
  'history-days': { type: 'string' },
  'maker-fee': { type: 'string' },
  'taker-fee': { type: 'string' },
  'fee-asset': { type: 'string' },
  'fee-asset-balance': { type: 'string' },
  'fee-asset-price': { type: 'string' },
  state: { type: 'string' },
  reset: { type: 'boolean' },
  'weight-limit': { type: 'string' },
  'orders-10s-limit': { type: 'string' },
  'orders-1d-limit': { type: 'string' },
  'wait-for-subscriber': { type: 'boolean' },
  'wait-for-order': { type: 'boolean' },
  admin: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;
export const optionNames: readonly string[] = Object.keys(known);

const accountsMax = 1_000;
const limitMax = 1_000_000_000;
const symbolsMax = 50;

/** Reads the command line and the two variables; throws {@link UsageError}. Null asks for the help text. */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SimExchangeOptions | null {
  const values = parse(argv);
  if (values.help === true) return null;
  const seed = wholeNumber('--seed', values.seed ?? '1', { min: 0, max: 2 ** 32 - 1 });
  const symbols = readSymbols(values.symbols);
  const count = wholeNumber('--accounts', values.accounts ?? '1', { min: 1, max: accountsMax });
  return {
    host: values.host ?? '127.0.0.1',
    port: wholeNumber('--port', values.port ?? '0', { min: 0, max: 65_535 }),
    seed,
    symbols,
    accounts: Array.from({ length: count }, (_, index) => credentials(seed, index, env)),
    file: values.file ?? null,
    speed: readSpeed(values.speed ?? '1'),
    historyDays: wholeNumber('--history-days', values['history-days'] ?? String(historyDaysUsual), {
      min: 0,
      max: historyDaysMax,
    }),
    fees: readFees({
      maker: values['maker-fee'],
      taker: values['taker-fee'],
      asset: values['fee-asset'],
      assetBalance: values['fee-asset-balance'],
      assetPrice: values['fee-asset-price'],
      symbols: values.file === undefined ? symbols : null,
    }),
    limits: {
      ...defaultRateLimits,
      weightPerMinute: readLimit('--weight-limit', values['weight-limit'], defaultRateLimits.weightPerMinute),
      ordersPer10Seconds: readLimit(
        '--orders-10s-limit',
        values['orders-10s-limit'],
        defaultRateLimits.ordersPer10Seconds,
      ),
      ordersPerDay: readLimit('--orders-1d-limit', values['orders-1d-limit'], defaultRateLimits.ordersPerDay),
    },
    admin: values.admin ?? false,
    waitForSubscriber: values['wait-for-subscriber'] ?? false,
    waitForOrder: values['wait-for-order'] ?? false,
    ...readState(values.state, values.reset ?? false),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: known, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const name = /'(?:-\w, )?([\w-]+)/.exec(text)?.[1] ?? 'arguments';
    const near = nearest(name.replace(/^-+/, ''), optionNames);
    const hint = near === null ? `one of --${optionNames.join(', --')}` : `a known option; did you mean --${near}?`;
    const isKnown = optionNames.includes(name.replace(/^-+/, ''));
    throw new UsageError(
      isKnown ? 'OPTION_VALUE_MISSING' : 'UNKNOWN_OPTION',
      name,
      isKnown ? `followed by its value, as in --${name.replace(/^-+/, '')}=VALUE (a switch takes none)` : hint,
    );
  }
}

function wholeNumber(
  field: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError('OPTION_OUT_OF_RANGE', field, `a whole number from ${min} to ${max}, not '${text}'`);
}

function readState(state: string | undefined, reset: boolean): Pick<SimExchangeOptions, 'state' | 'reset'> {
  if (state?.trim() === '') throw new UsageError('BAD_STATE_DIRECTORY', '--state', 'the path of a directory');
  if (reset && state === undefined)
    throw new UsageError('OPTION_NEEDS_ANOTHER', '--reset', 'given together with --state DIR');
  return { state: state ?? null, reset };
}

const readLimit = (field: string, text: string | undefined, usual: number): number =>
  text === undefined ? usual : wholeNumber(field, text, { min: 1, max: limitMax });

function readSpeed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const value = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0.01 && value <= 100_000) return value;
  throw new UsageError('OPTION_OUT_OF_RANGE', '--speed', `a number from 0.01 to 100000 or max, not '${text}'`);
}

function readSymbols(text: string | undefined): readonly string[] {
  const symbols = text === undefined ? defaultSymbols : text.split(',').map((one) => one.trim().toUpperCase());
  const bad = symbols.find((one) => !isSymbol(one));
  if (bad !== undefined)
    throw new UsageError('BAD_SYMBOL', '--symbols', `BASE-QUOTE names in capitals, comma between, not '${bad}'`);
  const wire = new Set(symbols.map((one) => one.replace('-', '')));
  if (wire.size !== symbols.length || symbols.length > symbolsMax) {
    throw new UsageError('BAD_SYMBOL', '--symbols', `1 to ${symbolsMax} different symbols`);
  }
  return symbols;
}

/** Keys of the simulation are no secrets: everybody with the seed may know them. Your own come from the environment. */
function credentials(seed: number, index: number, env: Readonly<Record<string, string | undefined>>): Credentials {
  const derive = (what: string): string =>
    createHash('sha256').update(`scalpstorm sim ${what} ${seed} ${index}`).digest('hex');
  const { SIM_API_KEY, SIM_SECRET } = env;
  if (index > 0 || (SIM_API_KEY === undefined && SIM_SECRET === undefined))
    return { apiKey: derive('key'), secret: derive('secret') };
  if (SIM_API_KEY === undefined || !/^[A-Za-z0-9_-]{1,128}$/.test(SIM_API_KEY)) {
    throw new UsageError(
      'BAD_SIM_API_KEY',
      'SIM_API_KEY',
      '1 to 128 letters, digits, _ or -, set together with SIM_SECRET',
    );
  }
  if (SIM_SECRET === undefined || SIM_SECRET === '')
    throw new UsageError('BAD_SIM_SECRET', 'SIM_SECRET', 'set together with SIM_API_KEY');
  return { apiKey: SIM_API_KEY, secret: SIM_SECRET };
}
