import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { ParameterFault } from '../sdk/strategy.js';
import { type DeclaredParameters, type ParameterValues, readParameters, schemaOf } from './declared-parameters.js';

/** A bar at its close. Indicators and conditions are statistics, so its prices are plain numbers; no money is made of them. */
export interface Bar {
  /** Counts the bars that were heard, from 0. */
  readonly index: number;
  /** When it opened, microseconds since the epoch. */
  readonly openedAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In the base asset. */
  readonly volume: number;
  /**
   * The close of so many bars before this one: 0 is this one's own.
   * @throws {AsksForTomorrow} for a bar that is not over yet
   */
  closeAgo(bars: number): number;
}

/** A strategy asked for what nobody could have known at that time. */
export class AsksForTomorrow extends Error {
  override readonly name = 'AsksForTomorrow';
  readonly code = 'ASKS_FOR_TOMORROW';

  constructor(bars: number) {
    super(`asked for the close of ${-bars} bars after the newest one`);
  }
}

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
  /** Sells what is held when the market falls to this price; takes the place of an earlier one. Over with the position. */
  stopAt(price: number): void;
  /** Sells what is held when the market rises to this price; takes the place of an earlier one. Over with the position. */
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

/** A market as columns, oldest first; all of the same length. */
export interface BarColumns {
  readonly length: number;
  /** Microseconds since the epoch. */
  readonly openedAt: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** What is wanted at the close of a bar, whatever is held: the wishes of a rule that does not look at its own standing. */
export const wishes = { none: 0, enter: 1, exit: -1 } as const;

/**
 * The whole rule at once: writes a wish for each bar. Only for rules that do not look at what they hold.
 * It must say what the decider says; a spec compares the two over the same market.
 */
export type BarKernel = (bars: BarColumns, into: Int8Array) => void;

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
  /** What must hold between parameters; each for itself is checked already. */
  check?(values: ParameterValues<Declared>): readonly ParameterFault[];
  /** Bars before the first wish that is taken: the first one is that of the bar with this index. */
  warmUp(values: ParameterValues<Declared>): number;
  decider(values: ParameterValues<Declared>): BarDecider;
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
  readonly warmUp: number;
  decider(): BarDecider;
  /** Null: there is none. */
  readonly kernel: BarKernel | null;
}

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
        warmUp: definition.warmUp(values),
        decider: () => definition.decider(values),
        kernel: definition.kernel?.(values) ?? null,
      });
    },
  };
}
