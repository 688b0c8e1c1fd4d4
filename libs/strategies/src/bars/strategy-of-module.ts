import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import type { BarStrategy } from './bar-strategy.js';
import { declaredFaults, isTable, malformed } from './check-declared.js';

/** Why a module gives no strategy. */
export interface ModuleFault {
  readonly code: 'STRATEGY_NOT_EXPORTED' | 'STRATEGY_MALFORMED';
  readonly text: string;
  readonly next: string;
  /** `field` begins with the name of the export. */
  readonly faults: readonly ParameterFault[];
}

type Candidate = Readonly<Record<string, unknown>>;

const fieldsMax = 10;
const telling = ['id', 'parameters', 'configure', 'decider', 'warmUp'] as const;
const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const isStrategyId = (text: string): boolean => text.length <= 40 && idPattern.test(text);
export const strategyIdAllowed = 'small letters, digits and single hyphens, a letter first, at most 40, e.g. my-cross';

/** The one strategy that a module exports, under any name, looked at closely: whoever wrote it is told which field is wrong. */
export function strategyOfModule(exported: Readonly<Record<string, unknown>>): Result<BarStrategy, ModuleFault> {
  const found = Object.entries(exported).filter((entry): entry is [string, Candidate] => looksLikeOne(entry[1]));
  const [first, ...others] = found.length > 1 ? found.filter(([name]) => name === 'strategy') : found;
  if (first === undefined || others.length > 0)
    return fail(
      notOne(
        Object.keys(exported),
        found.map(([name]) => name),
      ),
    );
  const [name, candidate] = first;
  const faults = strategyFaults(candidate, name);
  if (faults.length === 0) return ok(candidate as unknown as BarStrategy);
  const isBare = candidate['configure'] === undefined && typeof candidate['decider'] === 'function';
  const next = isBare
    ? `export const ${name} = defineBarStrategy({ … }), from @scalpstorm/strategies`
    : 'mend these fields';
  return fail({ code: 'STRATEGY_MALFORMED', text: `what it exports as ${name} is no strategy yet.`, next, faults });
}

const looksLikeOne = (value: unknown): value is Candidate =>
  isTable(value) && telling.filter((name) => value[name] !== undefined).length >= 2;

function notOne(names: readonly string[], found: readonly string[]): ModuleFault {
  const text =
    found.length > 1
      ? `it exports ${found.length} strategies: ${found.join(', ')}.`
      : names.length === 0
        ? 'it exports nothing.'
        : `it exports no strategy, only ${names.slice(0, fieldsMax).join(', ')}.`;
  const next =
    found.length > 1
      ? 'export one a module, or name the one that counts: export const strategy = …'
      : 'export const strategy = defineBarStrategy({ … }), from @scalpstorm/strategies';
  return { code: 'STRATEGY_NOT_EXPORTED', text, next, faults: [] };
}

function strategyFaults(candidate: Candidate, at: string): readonly ParameterFault[] {
  const faults = [...textFaults(candidate, at), ...declaredFaults(candidate['parameters'], `/${at}/parameters`)];
  if (typeof candidate['configure'] !== 'function') {
    faults.push(malformed(`/${at}/configure`, 'configure is missing.', 'what defineBarStrategy makes'));
  }
  if (!isTable(candidate['schema']))
    faults.push(malformed(`/${at}/schema`, 'schema is missing.', 'what defineBarStrategy makes'));
  return faults.length > 0 ? faults : configuredFaults(candidate as unknown as BarStrategy, at);
}

function textFaults(candidate: Candidate, at: string): readonly ParameterFault[] {
  const { id } = candidate;
  const faults = ['title', 'description', 'source']
    .filter((name) => typeof candidate[name] !== 'string' || candidate[name] === '')
    .map((name) => malformed(`/${at}/${name}`, `${name} is missing.`, 'a text'));
  if (typeof id === 'string' && isStrategyId(id)) return faults;
  return [
    malformed(`/${at}/id`, id === undefined ? 'id is missing.' : `${JSON.stringify(id)} is no id.`, strategyIdAllowed),
    ...faults,
  ];
}

/** What it does with its own defaults: they must run. */
function configuredFaults(strategy: BarStrategy, at: string): readonly ParameterFault[] {
  try {
    const read = strategy.configure({});
    if (!read.ok) {
      return read.error.map((fault) => ({ ...fault, field: `/${at}/parameters${fault.field}` }));
    }
    const { warmUp } = read.value;
    if (!Number.isSafeInteger(warmUp) || warmUp < 0) {
      return [malformed(`/${at}/warmUp`, `With its defaults it gives ${warmUp}.`, 'a whole number of bars, 0 or more')];
    }
    return deciderFaults(read.value.decider(), at);
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return [malformed(`/${at}`, `With its defaults it throws ${text}.`, 'a strategy that its own defaults can run')];
  }
}

function deciderFaults(decider: unknown, at: string): readonly ParameterFault[] {
  const made: Candidate = isTable(decider) ? decider : {};
  return ['onClose', 'snapshot', 'restore']
    .filter((name) => typeof made[name] !== 'function')
    .map((name) =>
      malformed(`/${at}/decider/${name}`, `The decider has no ${name}.`, 'a function; deciderOver gives all three'),
    );
}
