import type { InstrumentRules } from '../../lane/lane-instrument.js';

/** Of a market that no venue lists. */
const symbol = 'BASE-QUOTE';
/** Digits of a price. */
const [digitsUsual, digitsMax] = [8, 9];
/** Tick and step have at most so many decimals together, and each at most so many. */
const [decimalsTogether, tickDecimalsMax, stepDecimalsMax] = [18, 11, 8];

/**
 * A market of prices about this high: ticks by which prices have eight digits, or finer ones where somebody names such prices; steps so
 * fine that every quantity is one of them, and no least value.
 * @param named decimal texts
 */
export function rulesAround(price: number, named: readonly string[] = []): InstrumentRules {
  const digits = Math.floor(Math.log10(price)) + 1;
  const finest = Math.max(0, ...named.map(decimalsOf));
  const wanted = Math.max(digitsUsual - digits, Math.min(finest, digitsMax - digits));
  const tickDecimals = Math.min(Math.max(wanted, 0), tickDecimalsMax);
  const stepDecimals = Math.min(stepDecimalsMax, decimalsTogether - tickDecimals);
  return { symbol, tick: unitOf(tickDecimals), step: unitOf(stepDecimals), notionalMin: '0' };
}

/** `0.001` has three. */
const decimalsOf = (text: string): number => /\.(\d*?)0*$/.exec(text)?.[1]?.length ?? 0;

const unitOf = (decimals: number): string => (decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`);
