import type { Json, JsonObject } from '@scalpstorm/model';
import { type BarColumns, type Strategy, syntheticBars } from '@scalpstorm/strategies';
import { heightOf, instrumentAround, priceUsual } from './market-around.js';
import { momentsOf } from './moments.js';
import { traceOfPlacing } from './placing-trace.js';

/** Of this very text; another number makes every version another one. */
const format = 1;
const barsHeard = 1_000;
const barLength = 60_000_000;

/**
 * What the version of a strategy that places its orders itself is a digest of, as JSON: its id, its parameters with their defaults, and every
 * order and cancel that it asks for over one market that is always the same, but for its height: it is about the prices that the parameters
 * name. The same wherever it runs, another one when it decides otherwise over that market.
 */
export function placingVersionText(strategy: Strategy, parameters: JsonObject): string {
  return JSON.stringify({ format, id: strategy.id, parameters, words: wordsOver(strategy, parameters) });
}

/** Each moment at which it asks for something; what is wrong, where it can not be run there. */
function wordsOver(strategy: Strategy, parameters: JsonObject): Json {
  const price = heightOf(parameters);
  const instrument = instrumentAround(price, parameters);
  const market = { bars: barsAround(price), barLength, instrument };
  const trace = traceOfPlacing({ strategy, parameters, market, moments: momentsOf(market) });
  if (!trace.ok) return trace.error.code;
  return trace.value.words.flatMap((said, moment) => (said === '' ? [] : [[moment, said]]));
}

/** As of rules over bars, so high. */
function barsAround(price: number): BarColumns {
  const rows = [...syntheticBars(barsHeard, barLength)];
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  return {
    length: rows.length,
    openedAt: column(({ openedAt }) => openedAt),
    open: column(({ open }) => (open * price) / priceUsual),
    high: column(({ high }) => (high * price) / priceUsual),
    low: column(({ low }) => (low * price) / priceUsual),
    close: column(({ close }) => (close * price) / priceUsual),
    volume: column(({ volume }) => volume),
  };
}
