import { formatDecimal, type Instrument, type Price, parseDecimal } from '@scalpstorm/model';

// What a level earns: q is bought at b, a fee of f is taken of it, and the rest is sold at s, less a fee of f of the proceeds.
//
//   profit = q × ((1 − f)² × s − b)      > 0   where   s ÷ b > 1 ÷ (1 − f)²
//
// f is the maker's fee: both orders rest.

const one = 10n ** 12n;
/** 10^-4 percent. */
const percentScale = 10n ** 6n;

/** The first rung whose two fees take all that it earns, or that is none on the tick; null: there is none. */
export function tooClose(levels: readonly Price[], instrument: Instrument): number | null {
  const kept = keptOf(instrument);
  for (let rung = 0; rung + 1 < levels.length; rung += 1) {
    const [buy, sell] = [levels[rung] ?? 0n, levels[rung + 1] ?? 0n];
    if (sell <= buy || sell * kept * kept <= buy * one * one) return rung;
  }
  return null;
}

/** The smallest distance of two levels that earns nothing, rounded up. */
export function leastSpacingPercent(instrument: Instrument): string {
  const kept = keptOf(instrument);
  const square = kept * kept;
  const excess = one * one - square;
  return formatDecimal((excess * percentScale + square - 1n) / square, 4);
}

export const spacingPercent = (buy: Price, sell: Price): string =>
  formatDecimal(((sell - buy) * percentScale) / buy, 4);

function keptOf({ makerFeeRate }: Instrument): bigint {
  const rate = parseDecimal(makerFeeRate, 12);
  return one - (rate.ok ? rate.value : 0n);
}
