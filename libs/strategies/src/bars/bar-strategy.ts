import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import type { Bar, BarColumns } from './bar.js';
import { type DeclaredParameters, type ParameterValues, readParameters, schemaOf } from './declared-parameters.js';
import type { DataNeeds } from './higher-bars.js';
import type { Plot } from './plots.js';
import type { SeriesOf } from './series.js';

export { AsksForTomorrow, type Bar, type BarColumns } from './bar.js';

/**
 * What a strategy may want at the close of a bar, and what it may know of its own standing. Long only. A wish that is in force already
 * is not made twice, so saying it at each bar is harmless; before the declared warm-up is over nothing is taken.
 */
export interface Desk {
  /** In the base asset; 0 when flat. */
  readonly held: number;
  /** What the position cost, fees aside; NaN when flat. */
  readonly entryPrice: number;
  /** Wants to be long. */
  enter(tag?: string): void;
  /** Wants to be flat. */
  exit(tag?: string): void;
  /**
   * Sells what is held when the market falls to this price; takes the place of an earlier one. Over with the position.
   * @throws {NotAPrice} unless it is above 0, once the warm-up is over
   */
  stopAt(price: number): void;
  /** The same when the market rises to this price. @throws {NotAPrice} */
  takeProfitAt(price: number): void;
}

/** One run of a strategy over one market. */
export interface BarDecider {
  /** Hears every bar in order, also while it warms up. No clock, no randomness, nothing from outside. */
  onClose(bar: Bar, desk: Desk): void;
  /** All that it remembers, as plain JSON; a decider that was given it back decides as this one would. */
  snapshot(): JsonObject;
  restore(snapshot: JsonObject): void;
}

/** What is wanted at the close of a bar, whatever is held: the wishes of a rule that does not look at its own standing. */
export const wishes = { none: 0, enter: 1, exit: -1 } as const;

/**
 * The whole rule at once: writes a wish for each bar. Only for rules that do not look at what they hold.
 * It must say what the decider says; a spec compares the two over the same market.
 * `series` is where a sweep keeps the series that its combinations have in common; who runs alone gives none.
 */
export type BarKernel = (bars: BarColumns, into: Int8Array, series?: SeriesOf) => void;

/**
 * A strategy that decides at the close of bars. The same object runs in a backtest, on paper and live; the platform sees to orders,
 * fills, restarts and risk.
 */
export interface BarStrategyDefinition<Declared extends DeclaredParameters> {
  /** Small letters, digits, hyphens. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Where the rule comes from. */
  readonly source: string;
  readonly parameters: Declared;
  /** The text of the file that it was read from; absent: it is code. */
  readonly file?: string;
  /** What must hold between parameters; each for itself is checked already. */
  check?(values: ParameterValues<Declared>): readonly ParameterFault[];
  /** Bars before the first wish that is taken: the first one is that of the bar with this index. */
  warmUp(values: ParameterValues<Declared>): number;
  decider(values: ParameterValues<Declared>): BarDecider;
  /** Longer bars that it looks at; absent: it decides by its own bars, of whatever length. */
  needs?(values: ParameterValues<Declared>): DataNeeds;
  /** What a chart of it shows; no part of the decision. */
  plots?(values: ParameterValues<Declared>): readonly Plot[];
  /** Null: these values look at what is held. */
  kernel?(values: ParameterValues<Declared>): BarKernel | null;
}

/** A strategy with its own types sealed inside, so that many kinds fit in one list. */
export interface BarStrategy {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly parameters: DeclaredParameters;
  /** JSON Schema (2020-12) of the parameters. */
  readonly schema: JsonObject;
  /** Binds parameters, the default where one is not given; every fault at once. */
  configure(parameters: JsonObject): Result<ConfiguredBarStrategy, readonly ParameterFault[]>;
}

export interface ConfiguredBarStrategy {
  readonly id: string;
  /** With every default filled in. */
  readonly parameters: JsonObject;
  /** The text of the file that it was read from; absent: it is code. */
  readonly file?: string;
  /** SHA-256 of the code of a module that does not come with the platform, hex; absent: it is no such module. */
  readonly code?: string;
  readonly warmUp: number;
  /** Null: bars of any length do. */
  readonly needs: DataNeeds | null;
  readonly plots: readonly Plot[];
  decider(): BarDecider;
  /** Null: there is none. */
  readonly kernel: BarKernel | null;
  /**
   * Ends what a decider does when that takes too long; absent: nobody looks. Whoever runs a decider beside other work calls it in here.
   * @throws what `work` throws, and something whose `code` is `STRATEGY_LOOPS`
   */
  within?<Value>(work: () => Value): Value;
}

/** Runs a decider's work as its strategy wants it to be run. */
export const runWithin = <Value>({ within }: Pick<ConfiguredBarStrategy, 'within'>, work: () => Value): Value =>
  within === undefined ? work() : within(work);

export function defineBarStrategy<Declared extends DeclaredParameters>(
  definition: BarStrategyDefinition<Declared>,
): BarStrategy {
  const { id, title, description, source, parameters } = definition;
  return {
    id,
    title,
    description,
    source,
    parameters,
    schema: schemaOf(title, parameters),
    configure(given) {
      const read = readParameters(parameters, given);
      if (!read.ok) return read;
      const values = read.value;
      const faults = definition.check?.(values) ?? [];
      if (faults.length > 0) return fail(faults);
      return ok({
        id,
        parameters: values,
        ...(definition.file !== undefined && { file: definition.file }),
        warmUp: definition.warmUp(values),
        needs: definition.needs?.(values) ?? null,
        plots: definition.plots?.(values) ?? [],
        decider: () => definition.decider(values),
        kernel: definition.kernel?.(values) ?? null,
      });
    },
  };
}
