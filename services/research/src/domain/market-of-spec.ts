import { type BarMarket, type BarSize, checkMarket, type Slippage } from '@scalpstorm/backtest';
import type { Json } from '@scalpstorm/model';
import type { ParameterReader } from '@scalpstorm/strategies';
import { numberOf } from './numbers-of-spec.js';
import { isObject } from './rule-of-spec.js';

/** The fields of a request that say what is assumed about money and market. */
export const marketFields = [
  'cash',
  'size',
  'feeBps',
  'makerFeeBps',
  'spreadBps',
  'slippage',
  'liquidityShare',
  'path',
] as const;
const paths = ['stop-first', 'take-profit-first'] as const;
const fee = 10;

/** Null: its faults are with the reader. */
export function readMarket(reader: ParameterReader): BarMarket | null {
  const before = reader.faults.length;
  const takerFeeBps = numberOf(reader, 'feeBps', fee);
  const share = reader.get('liquidityShare') ?? null;
  const market: BarMarket = {
    cash: numberOf(reader, 'cash', 10_000),
    size: sizeOf(reader),
    takerFeeBps,
    makerFeeBps: numberOf(reader, 'makerFeeBps', takerFeeBps),
    spreadBps: numberOf(reader, 'spreadBps', 0),
    slippage: slippageOf(reader),
    liquidityShare: share === null ? null : numberOf(reader, 'liquidityShare', 1),
    path: reader.oneOf('path', paths, 'stop-first'),
  };
  const checked = checkMarket(market);
  if (checked.ok) return reader.faults.length > before ? null : market;
  const { code, text, next } = checked.error;
  reader.faults.push({ code, field: '', text, allowed: '', next });
  return null;
}

const sizeForms = '{"kind":"all-in"}, or kind fraction, quantity or cash with a value';

function sizeOf(reader: ParameterReader): BarSize {
  const { kind, value } = kindOf(reader.get('size') ?? { kind: 'all-in' });
  if (kind === 'all-in' && value === null) return { kind };
  if (kind === 'fraction' && value !== null) return { kind, of: value };
  if (kind === 'quantity' && value !== null) return { kind, quantity: value };
  if (kind === 'cash' && value !== null) return { kind, amount: value };
  reader.fault('NOT_ALLOWED', 'size', 'That is no size of an entry.', sizeForms);
  return { kind: 'all-in' };
}

const slippageForms = '{"kind":"none"}, or kind fixed, volatility or square-root with a value';

function slippageOf(reader: ParameterReader): Slippage {
  const { kind, value } = kindOf(reader.get('slippage') ?? { kind: 'none' });
  if (kind === 'none' && value === null) return { kind };
  if (kind === 'fixed' && value !== null) return { kind, bps: value };
  if ((kind === 'volatility' || kind === 'square-root') && value !== null) return { kind, factor: value };
  reader.fault('NOT_ALLOWED', 'slippage', 'That is no slippage.', slippageForms);
  return { kind: 'none' };
}

function kindOf(given: Json): { readonly kind: Json; readonly value: number | null } {
  if (!isObject(given)) return { kind: null, value: null };
  const { kind = null, value = null } = given;
  return { kind, value: typeof value === 'number' ? value : null };
}
