import { ok, type Result } from '@scalpstorm/kernel';
import type { Instrument, JsonObject, Price } from '@scalpstorm/model';
import type { ConfiguredBarStrategy } from '../bars/bar-strategy.js';
import { type MeasureWish, noMeasures } from './measures.js';
import type { ParameterFault } from './parameter-fault.js';
import type { Checked, StrategyContext, StrategyDefinition, StrategyEvent, StrategyStep } from './strategy.js';
import type { Withheld } from './withheld.js';

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
  /** The same, but that it opens nothing: what is held is looked after as before. Absent: it can not be kept from opening. */
  withhold?(withheld: Withheld): ConfiguredStrategy;
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
      return checked.ok ? ok(bind(definition, checked.value)) : checked;
    },
  };
}

function bind<Parameters, State extends JsonObject>(
  definition: StrategyDefinition<Parameters, State>,
  { parameters, warnings }: Checked<Parameters>,
): ConfiguredStrategy {
  const { lanes, rule, withhold } = definition;
  return {
    warnings,
    measures: definition.measures?.(parameters) ?? noMeasures,
    ...(lanes !== undefined && { lanes }),
    ...(rule !== undefined && { rule: rule(parameters) }),
    ...(withhold !== undefined && {
      withhold: (withheld) => bind(definition, { parameters: withhold(parameters, withheld), warnings }),
    }),
    init: () => definition.init(parameters),
    heedsMarket: (state) => definition.heedsMarket?.(state as State, parameters) ?? true,
    // The one place where a strategy's own state type is recovered: it left through this same door.
    step: (state, event, context) => definition.step(state as State, event, context, parameters),
  };
}
