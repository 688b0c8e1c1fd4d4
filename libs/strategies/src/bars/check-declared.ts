import type { ParameterFault } from '../sdk/parameter-fault.js';
import { type DeclaredParameter, isAllowed } from './declared-parameters.js';

/** Bounds forms, flags and the optimiser's space. */
export const parametersMax = 32;

const namePattern = /^[a-z][A-Za-z0-9]{0,39}$/;
const kinds = ['integer', 'number', 'choice', 'flag'] as const;

/**
 * What is wrong with parameters as somebody declared them, all at once.
 * @param at JSON pointer of the table
 */
export function declaredFaults(declared: unknown, at: string): readonly ParameterFault[] {
  if (!isTable(declared))
    return [malformed(at, 'parameters is missing.', 'an object of parameters by name, {} for none')];
  const entries = Object.entries(declared);
  if (entries.length > parametersMax) {
    return [malformed(at, `There are ${entries.length} parameters.`, `at most ${parametersMax}`)];
  }
  return entries.flatMap(([name, one]) => {
    const where = `${at}/${name}`;
    if (!namePattern.test(name)) return [malformed(where, `${name} is no name of a parameter.`, 'e.g. fastPeriod')];
    return oneFaults(one, where);
  });
}

export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const malformed = (field: string, text: string, allowed: string): ParameterFault => ({
  code: 'STRATEGY_MALFORMED',
  field,
  text,
  allowed,
  next: '',
});

function oneFaults(one: unknown, at: string): readonly ParameterFault[] {
  const kind = isTable(one) ? kinds.find((known) => known === one['kind']) : undefined;
  if (!isTable(one) || kind === undefined) {
    return [malformed(`${at}/kind`, 'It says not what kind of parameter it is.', `one of ${kinds.join(', ')}`)];
  }
  const texts = ['title', 'description'].filter((name) => typeof one[name] !== 'string');
  const faults = texts.map((name) => malformed(`${at}/${name}`, `${name} is missing.`, 'a text'));
  faults.push(...boundsFaults(one, kind, at));
  if (faults.length > 0 || isAllowed(one as unknown as DeclaredParameter, one['default'] as never)) return faults;
  return [malformed(`${at}/default`, 'The default is not allowed by its own declaration.', 'a value that it allows')];
}

function boundsFaults(one: Readonly<Record<string, unknown>>, kind: string, at: string): readonly ParameterFault[] {
  if (kind === 'choice') {
    const { options } = one;
    const isGood =
      Array.isArray(options) && options.length > 0 && options.every((option) => typeof option === 'string');
    return isGood ? [] : [malformed(`${at}/options`, 'options is missing.', 'a list of texts')];
  }
  if (kind === 'flag') return [];
  const { min, max } = one;
  const unbounded = ['min', 'max'].filter((name) => !Number.isFinite(one[name]));
  if (unbounded.length > 0)
    return unbounded.map((name) => malformed(`${at}/${name}`, `${name} is missing.`, 'a finite number'));
  return (min as number) <= (max as number)
    ? []
    : [malformed(`${at}/max`, `max is below min (${min}).`, 'min or more')];
}
