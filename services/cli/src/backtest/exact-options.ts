import {
  type CandlePath,
  candlePaths,
  type FeeTier,
  type LaneMarketRules,
  type LanePlan,
  type Latency,
  laneInstrument,
  usualBounds,
} from '@scalpstorm/backtest';
import { limitNames, type TightLimits } from '@scalpstorm/engine';
import { Currency, type Instrument, type JsonObject, Money } from '@scalpstorm/model';
import type { Strategy } from '@scalpstorm/strategies';
import { usageFailure } from '../failure.js';
import { assignmentsIn, refuseTwice, type Schema, withAssignments } from '../parameters.js';
import { type BacktestOptions, feeBpsOf, numberOf, slippageOf } from './options.js';

/** Beside the options of the plain path. */
export interface ExactOptions extends BacktestOptions {
  readonly exact?: boolean;
  readonly symbol?: string;
  readonly tick?: readonly string[];
  readonly step?: readonly string[];
  readonly minNotional: string;
  readonly balance?: readonly string[];
  readonly market: string;
  readonly feeTier?: readonly string[];
  readonly feeIn: string;
  readonly touch?: boolean;
  readonly queue?: string;
  readonly orderLatencyMs: string;
  readonly dataLatencyMs: string;
  readonly fundingRate?: string;
  readonly limit?: readonly string[];
  readonly seed: string;
  readonly equityEvery: string;
  readonly fills?: string;
}

/** A bot of the strategy on each market. @throws Failure */
export function planOf(options: ExactOptions, strategy: Strategy, symbols: readonly string[]): LanePlan {
  const instruments = [...new Set(symbols)].map((symbol) => instrumentOf(options, symbol));
  const [first] = instruments;
  if (first === undefined) throw usageFailure('NO_DATA', 'there is no data.', '--data FILE');
  return {
    instruments,
    bots: instruments.map(({ symbol }) => ({
      strategy: strategy.id,
      symbol,
      parameters: parametersOf(strategy, options.set ?? []),
    })),
    strategies: new Map([[strategy.id, strategy]]),
    balances: [money('cash', options.cash, first.quote), ...assignmentsIn('balance', options.balance).map(balanceOf)],
    rules: rulesOf(options, first),
    limits: limitsOf(options.limit ?? [], first),
    equityEvery: 1e6 * numberOf('equity-every', options.equityEvery),
    seed: whole('seed', options.seed),
    bounds: usualBounds,
  };
}

function parametersOf({ schema }: Strategy, set: readonly string[]): JsonObject {
  return withAssignments({}, assignmentsIn('set', set), schema as Schema) as JsonObject;
}

function instrumentOf({ tick, step, minNotional }: ExactOptions, symbol: string): Instrument {
  const made = laneInstrument({
    symbol,
    tick: ofSymbol(symbol, { flag: 'tick', usual: '0.01' }, tick),
    step: ofSymbol(symbol, { flag: 'step', usual: '0.00001' }, step),
    notionalMin: minNotional,
  });
  if (made.ok) return made.value;
  const { code, text, next } = made.error;
  throw usageFailure(code, text, next);
}

/** `BTC-USDT=0.1` for one market, `0.1` for all that have none of their own. */
function ofSymbol(
  symbol: string,
  { flag, usual }: { readonly flag: string; readonly usual: string },
  texts: readonly string[] = [],
): string {
  const sizes = texts.map((text) => {
    const at = text.indexOf('=');
    return { of: text.slice(0, Math.max(at, 0)), size: text.slice(at + 1) };
  });
  refuseTwice(
    `--${flag}`,
    sizes.map(({ of }) => of || 'for all markets'),
  );
  const sizeOf = (one: string): string | undefined => sizes.find(({ of }) => of === one)?.size;
  return sizeOf(symbol) ?? sizeOf('') ?? usual;
}

function rulesOf(options: ExactOptions, { quote }: Instrument): LaneMarketRules {
  return {
    market: oneOf('market', options.market, ['spot', 'perpetual']),
    fees: feesOf(options, quote),
    feeIn: oneOf('fee-in', options.feeIn, ['received', 'quote']),
    spreadBps: numberOf('spread-bps', options.spreadBps),
    slippage: slippageOf(options.slippage),
    liquidityShare: options.liquidityShare === undefined ? null : numberOf('liquidity-share', options.liquidityShare),
    path: pathOf(options.path),
    fillsOnTouch: options.touch === true,
    queueAhead: options.queue === undefined ? null : decimal('queue', options.queue),
    orderLatency: latencyOf('order-latency-ms', options.orderLatencyMs),
    dataLatency: latencyOf('data-latency-ms', options.dataLatencyMs),
    fundingRate: options.fundingRate === undefined ? null : rate('funding-rate', options.fundingRate),
  };
}

/** `--fee-tier 1000000:8:9`: from so much in thirty days on, maker and taker in basis points. */
function feesOf({ feeBps, makerFeeBps, feeTier = [] }: ExactOptions, quote: Currency): readonly FeeTier[] {
  const lowest: FeeTier = {
    volumeMin: Money.zero(quote),
    makerRate: makerFeeBps === undefined ? takerRate('fee-bps', feeBps) : makerRate('maker-fee-bps', makerFeeBps),
    takerRate: takerRate('fee-bps', feeBps),
  };
  const higher = feeTier.map((text): FeeTier => {
    const [volume = '', maker = '', taker = '', ...rest] = text.split(':');
    if (rest.length > 0) throw usageFailure('INVALID_OPTION', `--fee-tier cannot be "${text}".`, 'volume:maker:taker');
    return {
      volumeMin: money('fee-tier', volume, quote),
      makerRate: makerRate('fee-tier', maker),
      takerRate: takerRate('fee-tier', taker),
    };
  });
  refuseTwice(
    '--fee-tier from',
    higher.map(({ volumeMin }) => Money.format(volumeMin)),
  );
  return [lowest, ...higher].toSorted((left, right) => Money.compare(left.volumeMin, right.volumeMin));
}

const takerRate = (flag: string, text: string): string => rateOfBps(flag, text, 0);

/** Who rests may be paid for it. */
const makerRate = (flag: string, text: string): string => rateOfBps(flag, text, -1_000);

/** Basis points as an exact share: 7.5 is 0.00075. */
function rateOfBps(flag: string, text: string, least: 0 | -1_000): string {
  feeBpsOf(flag, text, least);
  const exact = /^(-?)(\d{1,4})(?:\.(\d{1,6}))?$/.exec(text);
  if (exact === null)
    throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'a decimal of six digits behind the point');
  const [, sign = '', digits = '', fraction = ''] = exact;
  const padded = digits.padStart(5, '0');
  return `${sign}${padded.slice(0, -4)}.${padded.slice(-4)}${fraction}`;
}

function latencyOf(flag: string, text: string): Latency {
  const [fixed = '', spread = '0', ...rest] = text.split(':');
  const [first, second] = [numberOf(flag, fixed), numberOf(flag, spread)];
  if (rest.length === 0 && first >= 0 && second >= 0)
    return { fixed: Math.round(first * 1_000), spread: Math.round(second * 1_000) };
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'milliseconds, e.g. 20, or 20:5 for 20 to 25');
}

function limitsOf(texts: readonly string[], { quote }: Instrument): TightLimits {
  const entries = assignmentsIn('limit', texts).map(([name, value]) => {
    const known = limitNames.find((one) => one === name);
    if (known === undefined)
      throw usageFailure('INVALID_OPTION', `there is no limit "${name}".`, limitNames.join(', '));
    const isMoney = /(Notional|Position|Exposure)Max$/.test(known);
    return [known, isMoney ? money('limit', value, quote) : whole('limit', value)] as const;
  });
  return Object.fromEntries(entries) as TightLimits;
}

function balanceOf([asset, amount]: readonly [string, string]): Money {
  if (!Currency.is(asset)) throw usageFailure('INVALID_OPTION', `"${asset}" is no asset.`, '--balance BTC=0.5');
  return money('balance', amount, Currency.of(asset));
}

function money(flag: string, text: string, currency: Currency): Money {
  const parsed = Money.parse(text, currency);
  if (parsed.ok && parsed.value.amount >= 0n) return parsed.value;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'a decimal from 0 on, e.g. 10000');
}

const decimal = (flag: string, text: string): string => {
  if (/^\d{1,12}(\.\d{1,12})?$/.test(text)) return text;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'a decimal from 0 on, e.g. 1.5');
};

const rate = (flag: string, text: string): string => {
  if (/^-?0?(\.\d{1,12})$|^0$/.test(text)) return text.replace(/^(-?)\./, '$10.');
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'a share of the value, e.g. 0.0001');
};

function whole(flag: string, text: string): number {
  const value = numberOf(flag, text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'a whole number from 0 on');
}

function oneOf<Choice extends string>(flag: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, choices.join(' or '));
}

/** The plain path's words mean the same here. */
function pathOf(text: string): CandlePath {
  if (text === 'stop-first') return 'pessimistic';
  if (text === 'take-profit-first') return 'optimistic';
  return oneOf('path', text, candlePaths);
}
