import { seededRng } from '@scalpstorm/kernel';
import fc from 'fast-check';
import type { Columns, Indicator, Input } from '../src/define.js';
import type { Stream } from '../src/stream.js';

/** Every input that there is, so that any indicator can look at it. */
export type Market = Columns<Input>;

interface Manner {
  readonly seed: number;
  readonly start: number;
  /** Standard deviation of a step; 0: the market stands still. */
  readonly step: number;
  /** One row in so many goes to another level altogether. */
  readonly jumpEvery: number;
  /** One row in so many has no trade, and one of them no change. */
  readonly quietEvery: number;
}

export function marketOf(length: number, manner: Manner): Market {
  const rng = seededRng(manner.seed);
  const column = (): Float64Array => new Float64Array(length);
  const market = {
    close: column(),
    high: column(),
    low: column(),
    volume: column(),
    session: column(),
    bidPrice: column(),
    bidQuantity: column(),
    askPrice: column(),
    askQuantity: column(),
  };
  let level = manner.start;
  for (let index = 0; index < length; index += 1) {
    const quiet = rng.below(manner.quietEvery) === 0;
    if (manner.step > 0 && rng.below(manner.jumpEvery) === 0) level = manner.start * (0.001 + 1_000 * rng.next());
    if (!quiet) level = Math.max(manner.start / 1e6, level + manner.step * rng.gaussian());
    const reach = quiet ? 0 : manner.step * rng.next();
    market.close[index] = level;
    market.high[index] = level + reach;
    market.low[index] = Math.max(level / 2, level - manner.step * (quiet ? 0 : rng.next()));
    market.volume[index] = quiet ? 0 : 10 * rng.next();
    market.session[index] = Math.floor(index / 37);
    market.bidPrice[index] = level - rng.below(3);
    market.bidQuantity[index] = rng.below(5);
    market.askPrice[index] = level + rng.below(3);
    market.askQuantity[index] = rng.below(5);
  }
  return market;
}

/** Walks, markets that stand still, jumps over six digits, small noise upon large prices; also shorter than any warm-up. */
export const markets = (lengthMax = 400): fc.Arbitrary<Market> =>
  fc
    .record({
      length: fc.integer({ min: 0, max: lengthMax }),
      seed: fc.integer(),
      start: fc.constantFrom(1e-6, 0.1, 100, 62_000, 1e9),
      step: fc.constantFrom(0, 1e-9, 1e-3, 0.05),
      jumpEvery: fc.constantFrom(15, 100, 10_000),
      quietEvery: fc.constantFrom(2, 5, 1_000),
    })
    .map(({ length, start, step, ...rest }) => marketOf(length, { ...rest, start, step: step * start }));

/** Good parameters of an indicator, with windows short enough to be filled. */
export const parametersFor = (indicator: Indicator): fc.Arbitrary<Record<string, number | string>> =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(indicator.parameters).map(([name, parameter]) => {
          if (parameter.kind === 'choice') return [name, fc.constantFrom<number | string>(...parameter.choices)];
          if (parameter.kind === 'number') return [name, fc.constantFrom<number | string>(parameter.min, 1, 2.5)];
          return [name, fc.integer({ min: parameter.min, max: 40 })];
        }),
      ) as Record<string, fc.Arbitrary<number | string>>,
    )
    .filter((given) => indicator.check(given).ok);

export const rowOf = (indicator: Indicator, market: Market, index: number): number[] =>
  indicator.inputs.map((name) => market[name][index] ?? Number.NaN);

/** All outputs of rows `from` to the end, one array a row. */
export function told(indicator: Indicator, stream: Stream, market: Market, from = 0): number[][] {
  const rows: number[][] = [];
  for (let index = from; index < market.close.length; index += 1) {
    const first = stream.update(...rowOf(indicator, market, index));
    if (!Object.is(first, stream.outputs[0])) throw new Error(`row ${index}: ${first} is not ${stream.outputs[0]}`);
    rows.push([...stream.outputs]);
  }
  return rows;
}

export function batchRows(indicator: Indicator, market: Market, given: object, into?: Columns<string>): number[][] {
  const columns = Object.values(indicator.batch(market, given, into));
  return Array.from(market.close, (_, index) => columns.map((column) => column[index] ?? Number.NaN));
}

export const cut = (market: Market, length: number): Market =>
  Object.fromEntries(Object.entries(market).map(([name, column]) => [name, column.slice(0, length)])) as Market;

/** The first row in which two tables are not the same bit for bit; null when there is none. */
export function firstDifference(left: readonly number[][], right: readonly number[][]): string | null {
  if (left.length !== right.length) return `${left.length} rows and ${right.length}`;
  const row = left.findIndex((values, index) =>
    values.some((value, place) => !Object.is(value, right[index]?.[place])),
  );
  return row < 0 ? null : `row ${row}: ${left[row]} and ${right[row]}`;
}
