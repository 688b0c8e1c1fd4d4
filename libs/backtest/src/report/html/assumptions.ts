import type { Json, JsonObject } from '@scalpstorm/model';
import { duration, plain } from './numbers.js';

/** In words, of what a runner may assume; what is not here is told by its name. */
const known: Readonly<Record<string, (value: Json) => readonly [name: string, text: string]>> = {
  cash: (value) => [
    'Cash at the start',
    `${typeof value === 'number' ? plain(value) : said(value)} of the quote asset`,
  ],
  size: (value) => ['Size of an entry', sizeText(value)],
  takerFeeBps: (value) => ['Fee of an order that takes', `${said(value)} basis points`],
  makerFeeBps: (value) => ['Fee of an order that rested', `${said(value)} basis points`],
  spreadBps: (value) => ['Spread', `${said(value)} basis points, half of it paid by an order at the market`],
  slippage: (value) => ['Slippage', slippageText(value)],
  liquidityShare: (value) => [
    'Liquidity',
    value === null ? 'no limit: every order is filled whole' : `at most ${said(value)} of the volume of a bar`,
  ],
  candles: (value) => ['Candles of the charts', candlesText(value)],
  path: (value) => ['Inside a bar', pathText(value)],
};

export const assumptionRows = (assumptions: JsonObject): readonly (readonly [name: string, text: string])[] =>
  Object.entries(assumptions).map(([name, value]) => assumptionRow(name, value ?? null));

export const assumptionRow = (name: string, value: Json): readonly [name: string, text: string] =>
  known[name]?.(value) ?? [wordsOf(name), said(value)];

/** Objects as `name value, name value`, lists as `one; another`. */
export function said(value: Json): string {
  if (value === null) return 'none';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(said).join('; ');
  const entries = Object.entries(value).map(([name, one]) => `${wordsOf(name)} ${said(one)}`);
  return entries.length === 0 ? 'none' : entries.join(', ');
}

/** `orderLatencyMs` → `order latency ms`. */
export const wordsOf = (name: string): string =>
  name.replaceAll(/(?<=[a-z])[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`);

function pathText(path: Json): string {
  if (path === 'stop-first') return 'the stop before the take-profit (pessimistic)';
  if (path === 'take-profit-first') return 'the take-profit before the stop';
  return said(path);
}

const fieldsOf = (value: Json): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

function sizeText(size: Json): string {
  const { kind, of, quantity, amount } = fieldsOf(size);
  if (kind === 'all-in') return 'all cash, the fee included';
  if (kind === 'fraction') return `${said(of ?? null)} of the cash, the fee included`;
  if (kind === 'quantity') return `${said(quantity ?? null)} of the base asset`;
  return kind === 'cash' ? `${said(amount ?? null)} of the quote asset` : said(size);
}

function candlesText(candles: Json): string {
  const { seconds, symbols } = fieldsOf(candles);
  return typeof seconds === 'number' && Array.isArray(symbols)
    ? `of ${duration(seconds)}, made of the trades of ${symbols.map(said).join(', ')}: no bars were among the data`
    : said(candles);
}

function slippageText(slippage: Json): string {
  const { kind, bps, factor } = fieldsOf(slippage);
  if (kind === 'none') return 'none';
  if (kind === 'fixed') return `${said(bps ?? null)} basis points`;
  if (kind === 'volatility') return `${said(factor ?? null)} × range of the bar before`;
  if (kind === 'square-root') return `${said(factor ?? null)} × range of the bar before × √(quantity ÷ its volume)`;
  return said(slippage);
}
