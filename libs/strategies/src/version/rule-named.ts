import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { barStrategies } from '../bars/bar-strategies.js';
import type { BarStrategy, ConfiguredBarStrategy } from '../bars/bar-strategy.js';
import { readTable, ruleBot, strategyIn } from '../builder/rule-bot.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';

type Rules = ReadonlyMap<string, BarStrategy>;

/**
 * The rule of a bot over bars by the bot's own words: the id of its strategy, and of its parameters those of the rule; of one without
 * code `rule` and `ruleParameters`. Fields of faults are JSON pointers into the parameters, `/strategy` apart from them.
 * @param rules those that there are, by id
 */
export function ruleNamed(
  id: string,
  parameters: JsonObject,
  rules: Rules = barStrategies,
): Result<ConfiguredBarStrategy, readonly ParameterFault[]> {
  const named = strategyNamed(id, parameters, rules);
  if (!named.ok) return named;
  const { strategy, given, at } = named.value;
  const configured = strategy.configure(given);
  if (configured.ok) return ok(configured.value);
  return fail(configured.error.map((fault) => ({ ...fault, field: `${at}${fault.field}` })));
}

/** A strategy over bars, and what is said of its own parameters. */
export interface NamedStrategy {
  readonly strategy: BarStrategy;
  readonly given: JsonObject;
  /** Where they are among the parameters of the bot: a JSON pointer. */
  readonly at: string;
}

/** The strategy of the same words, without looking at what is said of its parameters. */
export function strategyNamed(
  id: string,
  parameters: JsonObject,
  rules: Rules = barStrategies,
): Result<NamedStrategy, readonly ParameterFault[]> {
  if (id === ruleBot.id) return strategyOfRule(parameters);
  const strategy = rules.get(id);
  if (strategy !== undefined) return ok({ strategy, given: parameters, at: '' });
  const allowed = [...rules.keys(), ruleBot.id].join(', ');
  const text = `There is no strategy ${id} over bars.`;
  return fail([{ code: 'UNKNOWN_STRATEGY', field: '/strategy', text, allowed, next: 'Choose one of these.' }]);
}

function strategyOfRule(parameters: JsonObject): Result<NamedStrategy, readonly ParameterFault[]> {
  const unknown = Object.keys(parameters).filter((name) => name !== 'rule' && name !== 'ruleParameters');
  if (unknown.length > 0) {
    const next = 'Remove it: the size and the exits of a bot are no part of its rule.';
    const allowed = 'rule, ruleParameters';
    const faultOf = (name: string) => `There is no parameter ${name}.`;
    return fail(
      unknown.map((name) => ({ code: 'UNKNOWN_FIELD', field: `/${name}`, text: faultOf(name), allowed, next })),
    );
  }
  const rule = readTable(parameters['rule'], '/rule');
  if (!rule.ok) return rule;
  const strategy = strategyIn(rule.value);
  if (!strategy.ok) return strategy;
  const given = readTable(parameters['ruleParameters'] ?? {}, '/ruleParameters');
  if (!given.ok) return given;
  // By its own name: that of the bot also says what is in it.
  const named = { ...strategy.value, id: String(rule.value['id']) };
  return ok({ strategy: named, given: given.value, at: '/ruleParameters' });
}
