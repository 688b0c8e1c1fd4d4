import { fail, nearest, ok, type Result } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import { barBot } from '../bar-bot/bar-bot.js';
import { barBotSchema } from '../bar-bot/schema.js';
import { type BarStrategy, defineBarStrategy } from '../bars/bar-strategy.js';
import { isTable } from '../bars/check-declared.js';
import type { Strategy } from '../sdk/define.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { fingerprint } from './fingerprint.js';
import { shown } from './rule-reader.js';
import { strategyOfFile } from './strategy-of-rule.js';

const own = ['rule', 'ruleParameters'] as const;

/** What every bot over bars has; a rule cannot call a parameter so. */
const common = barBotSchema(
  defineBarStrategy({
    id: 'rule',
    title: 'Rule without code',
    description: '',
    source: '',
    parameters: {},
    warmUp: () => 0,
    decider: () => ({ onClose: () => undefined, snapshot: () => ({}), restore: () => undefined }),
  }),
);
const taken = Object.keys(common['properties'] as JsonObject);

const properties: JsonObject = {
  rule: {
    title: 'Rule',
    description: 'A file of the strategy builder: conditions as data, as an object or as the text of the file.',
    type: ['object', 'string'],
    examples: ['{"format":1,"id":"my-rule",…}'],
  },
  ruleParameters: {
    title: 'Parameters of the rule',
    description: 'Where they are to differ from the defaults in the file, e.g. {"fast":12}.',
    type: ['object', 'string', 'null'],
    default: null,
  },
};

/** Runs a rule without code live: the same file that is backtested, with the same wishes at the same bars. */
export const ruleBot: Strategy = {
  id: 'rule',
  title: 'Rule without code',
  description: 'Runs a file of the strategy builder. Decides at the close of a bar; long only.',
  schema: {
    ...common,
    properties: { ...properties, ...(common['properties'] as JsonObject) },
    required: ['rule', ...(common['required'] as readonly string[])],
  },
  configure(parameters, instrument, lastPrice) {
    const rest = Object.fromEntries(Object.entries(parameters).filter(([name]) => !own.some((one) => one === name)));
    const rule = readTable(parameters['rule'], '/rule');
    if (!rule.ok) return rule;
    const strategy = strategyIn(rule.value);
    if (!strategy.ok) return strategy;
    const given = readTable(parameters['ruleParameters'] ?? {}, '/ruleParameters');
    if (!given.ok) return given;
    const names = Object.keys(strategy.value.parameters);
    const faults = [
      ...Object.keys(given.value)
        .filter((name) => !names.includes(name))
        .map((name) => unknown(`/ruleParameters/${name}`, name, names)),
      ...Object.keys(rest)
        .filter((name) => !taken.includes(name))
        .map((name) => unknown(`/${name}`, name, [...own, ...taken])),
    ];
    if (faults.length > 0) return fail(faults);
    const configured = barBot(strategy.value).configure({ ...rest, ...given.value }, instrument, lastPrice);
    return configured.ok ? configured : fail(configured.error.map((fault) => atItsPlace(fault, names)));
  },
};

/** A bot forgets what its rule has heard when the rule itself was changed: its id says what is in it. */
export function strategyIn(rule: JsonObject): Result<BarStrategy, readonly ParameterFault[]> {
  const read = strategyOfFile(rule);
  if (!read.ok) return fail(read.error.map((fault) => ({ ...fault, field: `/rule${fault.field}` })));
  const clashing = Object.keys(read.value.parameters).filter((name) => taken.includes(name));
  if (clashing.length === 0) return ok({ ...read.value, id: `${read.value.id} ${fingerprint(rule)}` });
  return fail(
    clashing.map((name) => ({
      code: 'NOT_ALLOWED',
      field: `/rule/parameters/${name}`,
      text: `Every bot over bars has a parameter ${name}.`,
      allowed: `names that are none of ${taken.join(', ')}`,
      next: 'Give it another name.',
    })),
  );
}

/** An object, or the text of one. */
export function readTable(value: Json | undefined, field: string): Result<JsonObject, readonly ParameterFault[]> {
  const read = typeof value === 'string' ? parsed(value) : value;
  if (isTable(read)) return ok(read as JsonObject);
  const text = value === undefined ? 'There is none.' : `${shown(value)} stands here.`;
  const next = 'See examples/strategies, or scalpstorm strategy check FILE.';
  return fail([{ code: 'RULE_MALFORMED', field, text, allowed: 'a JSON object, or the text of one', next }]);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function unknown(field: string, name: string, known: readonly string[]): ParameterFault {
  const near = nearest(name, known);
  const next = near === null ? 'Remove it.' : `Did you mean ${near}?`;
  return { code: 'UNKNOWN_FIELD', field, text: `There is no parameter ${name}.`, allowed: known.join(', '), next };
}

const atItsPlace = (fault: ParameterFault, ofRule: readonly string[]): ParameterFault => {
  if (ofRule.some((name) => fault.field === `/${name}`)) return { ...fault, field: `/ruleParameters${fault.field}` };
  return /^\/(enter|exit|stop|takeProfit|warmUp)(\/|$)/.test(fault.field)
    ? { ...fault, field: `/rule${fault.field}` }
    : fault;
};
