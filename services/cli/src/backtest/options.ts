import type { BarMarket, BarSize, Slippage } from '@scalpstorm/backtest';
import type { Command } from 'commander';
import { usageFailure } from '../failure.js';
import { numberIn } from '../number-in.js';

/** What is assumed about money and market, as commander reads it: texts. */
export interface MarketOptions {
  readonly cash: string;
  readonly size: string;
  readonly fill: string;
  readonly feeBps: string;
  readonly makerFeeBps?: string;
  readonly spreadBps: string;
  readonly slippage: string;
  readonly liquidityShare?: string;
  readonly path: string;
}

/** As commander reads them: texts. */
export interface BacktestOptions extends MarketOptions {
  readonly strategy?: string;
  readonly set?: readonly string[];
  readonly data: readonly string[];
  readonly trades?: string;
  readonly equity?: string;
  readonly out?: string;
  readonly report?: string;
  readonly fast?: boolean;
  /** False: the run does not count. */
  readonly trials?: string | false;
}

const sizeHelp = 'all-in, fraction:0.5, quantity:0.1 (of the base asset) or cash:100, at most what the cash pays for';

const slippageHelp = 'none, fixed:2 (basis points), volatility:0.1 (of the range of the bar before) or square-root:1';

/** The flags about money and market, which every command that runs over bars has. */
export function addMarketOptions(command: Command): Command {
  return command
    .option('--cash <amount>', 'at the start, in the quote asset', '10000')
    .option('--size <size>', sizeHelp, 'all-in')
    .option('--fill <when>', 'next-open: at the open of the bar after the decision', 'next-open')
    .option('--fee-bps <bps>', 'of every fill, basis points of its value, 0 to 1000', '10')
    .option('--maker-fee-bps <bps>', 'of a take-profit (default: as --fee-bps)')
    .option('--spread-bps <bps>', 'between bid and ask', '0')
    .option('--slippage <model>', slippageHelp, 'none')
    .option('--liquidity-share <share>', 'take at most this share of the volume of a bar (default: no limit)')
    .option('--path <first>', 'where both are inside a bar: stop-first or take-profit-first', 'stop-first');
}

/** What the flags say about money and market. @throws Failure */
export function marketOf(options: MarketOptions): BarMarket {
  if (options.fill !== 'next-open') {
    throw usageFailure('INVALID_OPTION', `--fill cannot be "${options.fill}".`, 'next-open');
  }
  const takerFeeBps = feeBpsOf('fee-bps', options.feeBps);
  return {
    cash: numberOf('cash', options.cash),
    size: sizeOf(options.size),
    takerFeeBps,
    makerFeeBps: options.makerFeeBps === undefined ? takerFeeBps : feeBpsOf('maker-fee-bps', options.makerFeeBps),
    spreadBps: numberOf('spread-bps', options.spreadBps),
    slippage: slippageOf(options.slippage),
    liquidityShare: options.liquidityShare === undefined ? null : numberOf('liquidity-share', options.liquidityShare),
    path: pathOf(options.path),
  };
}

/** Beyond it a percent was meant, or a mistake. */
const feeBpsMax = 1_000;

/** Basis points of the value of a fill. @param least below 0 where a rebate may be meant @throws Failure */
export function feeBpsOf(flag: string, text: string, least: 0 | -1_000 = 0): number {
  const bps = numberOf(flag, text);
  if (bps >= least && bps <= feeBpsMax) return bps;
  throw usageFailure(
    'INVALID_OPTION',
    `--${flag} cannot be "${text}".`,
    `${least} to ${feeBpsMax} basis points, e.g. 10 or 7.5`,
  );
}

export function numberOf(flag: string, text: string): number {
  const value = numberIn(text);
  if (Number.isFinite(value)) return value;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'a number, e.g. 10');
}

function sizeOf(text: string): BarSize {
  const [kind, value] = split(text);
  if (kind === 'all-in' && value === null) return { kind };
  if (kind === 'fraction' && value !== null) return { kind, of: numberOf('size', value) };
  if (kind === 'quantity' && value !== null) return { kind, quantity: numberOf('size', value) };
  if (kind === 'cash' && value !== null) return { kind, amount: numberOf('size', value) };
  throw usageFailure('INVALID_OPTION', `--size cannot be "${text}".`, sizeHelp);
}

export function slippageOf(text: string): Slippage {
  const [kind, value] = split(text);
  if (kind === 'none' && value === null) return { kind };
  if (kind === 'fixed' && value !== null) return { kind, bps: numberOf('slippage', value) };
  if ((kind === 'volatility' || kind === 'square-root') && value !== null)
    return { kind, factor: numberOf('slippage', value) };
  throw usageFailure('INVALID_OPTION', `--slippage cannot be "${text}".`, slippageHelp);
}

function pathOf(text: string): BarMarket['path'] {
  if (text === 'stop-first' || text === 'take-profit-first') return text;
  throw usageFailure('INVALID_OPTION', `--path cannot be "${text}".`, 'stop-first or take-profit-first');
}

function split(text: string): readonly [kind: string, value: string | null] {
  const at = text.indexOf(':');
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
