import { ok, type Result } from '@scalpstorm/kernel';
import type { Instrument, JsonObject, Price } from '@scalpstorm/model';
import type { ConfiguredBarStrategy } from '../bars/bar-strategy.js';
import { type MeasureWish, noMeasures } from './measures.js';
import type { ParameterFault } from './parameter-fault.js';
import type { StrategyContext, StrategyDefinition, StrategyEvent, StrategyStep } from './strategy.js';

/** A strategy with its own types sealed inside, so that many kinds fit in one list. */
export interface Strategy {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly schema: JsonObject;
  /**
   * Checks the parameters and binds them; all faults at once.
   * @param lastPrice what is wrong only at this price is refused, too; absent or null when a stored bot is run again, which must
   * not fail because the market has moved
   */
  configure(
    parameters: JsonObject,
    instrument: Instrument,
    lastPrice?: Price | null,
  ): Result<ConfiguredStrategy, readonly ParameterFault[]>;
}

export interface ConfiguredStrategy {
  readonly warnings: readonly ParameterFault[];
  /** The caller keeps these for it, and hands them over in the context. */
  readonly measures: MeasureWish;
  /** Of each remainder of the cycle's number by this, order ids only ever grow; 1 when absent. */
  readonly lanes?: number;
  /** The rule over bars that decides for it; absent: it hears events only, and has no columns to look ahead in. */
  readonly rule?: ConfiguredBarStrategy;
  init(): JsonObject;
  /** False: in this state no quote and no trade would change anything. */
  heedsMarket(state: JsonObject): boolean;
  /** `state` is what `init` or an earlier step of the same strategy id gave, possibly written down and read again. */
  step(state: JsonObject, event: StrategyEvent, context: StrategyContext): StrategyStep<JsonObject>;
}

export function defineStrategy<Parameters, State extends JsonObject>(
  definition: StrategyDefinition<Parameters, State>,
): Strategy {
  const { id, title, description, schema } = definition;
  return {
    id,
    title,
    description,
    schema,
    configure(parameters, instrument, lastPrice = null) {
      const checked = definition.check(parameters, instrument, lastPrice);
      if (!checked.ok) return checked;
      const { parameters: bound, warnings } = checked.value;
      return ok({
        warnings,
        measures: definition.measures?.(bound) ?? noMeasures,
        ...(definition.lanes !== undefined && { lanes: definition.lanes }),
        ...(definition.rule !== undefined && { rule: definition.rule(bound) }),
        init: () => definition.init(bound),
        heedsMarket: (state) => definition.heedsMarket?.(state as State, bound) ?? true,
        // The one place where a strategy's own state type is recovered: it left through this same door.
        step: (state, event, context) => definition.step(state as State, event, context, bound),
      });
    },
  };
}
