import type { Json, JsonObject } from '@scalpstorm/model';
import {
  type BarStrategy,
  type ConfiguredBarStrategy,
  type ParameterReader,
  ruleBot,
  ruleNamed,
} from '@scalpstorm/strategies';

/** The strategies over bars that there are, by id. */
export interface KnownRules {
  readonly rules: ReadonlyMap<string, BarStrategy>;
}

/** A rule over bars in the words of a bot: see `ruleNamed`. */
export interface RuleWords {
  /** Of a strategy of the platform, or `rule`. */
  readonly strategy: string;
  /** As they were sent; of a rule without code `rule` and `ruleParameters`. */
  readonly parameters: JsonObject;
}

/** Null: its faults are with the reader. Only strategies that the platform has, and rules without code: a job names no file. */
export function readRule(
  reader: ParameterReader,
  { rules }: KnownRules,
): { readonly words: RuleWords; readonly rule: ConfiguredBarStrategy } | null {
  const words = readRuleWords(reader);
  if (words === null) return null;
  const rule = ruleNamed(words.strategy, words.parameters, rules);
  if (rule.ok) return { words, rule: rule.value };
  const placed = (field: string) => (field === '/strategy' ? field : `/parameters${field}`);
  reader.faults.push(...rule.error.map((fault) => ({ ...fault, field: placed(fault.field) })));
  return null;
}

/** Null: the parameters are no object, which the reader was told. */
export function readRuleWords(reader: ParameterReader): RuleWords | null {
  const strategy = String(reader.get('strategy') ?? '');
  const parameters = reader.get('parameters') ?? {};
  if (isObject(parameters)) return { strategy, parameters };
  reader.fault('WRONG_TYPE', 'parameters', 'The parameters are no object.', 'an object');
  return null;
}

/** Whose trials are counted together: those of one strategy, and of rules without code those of one name. */
export const countedAs = ({ strategy }: RuleWords, id: string): string =>
  strategy === ruleBot.id ? `rule:${id}` : strategy;

export const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
