import { fail, nearest, ok, type Result } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import type { ParameterFault } from '../sdk/parameter-fault.js';

/** A whole number, both ends included. */
export interface IntegerParameter {
  readonly kind: 'integer';
  readonly title: string;
  readonly description: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** A finite number, both ends included: a statistic that decides, never an amount of money. */
export interface NumberParameter extends Omit<IntegerParameter, 'kind'> {
  readonly kind: 'number';
}

export interface ChoiceParameter {
  readonly kind: 'choice';
  readonly title: string;
  readonly description: string;
  readonly default: string;
  readonly options: readonly string[];
}

export interface FlagParameter {
  readonly kind: 'flag';
  readonly title: string;
  readonly description: string;
  readonly default: boolean;
}

export type DeclaredParameter = IntegerParameter | NumberParameter | ChoiceParameter | FlagParameter;

/** Parameters by name: forms, command-line flags, checks, documents and the optimiser's space are made of this alone. */
export type DeclaredParameters = { readonly [name: string]: DeclaredParameter };

type ValueOf<Declared extends DeclaredParameter> = Declared extends IntegerParameter | NumberParameter
  ? number
  : Declared extends FlagParameter
    ? boolean
    : string;

/** What a strategy is given: a value for each declared name. */
export type ParameterValues<Declared extends DeclaredParameters> = {
  readonly [Name in keyof Declared]: ValueOf<Declared[Name]>;
};

/** JSON Schema (2020-12) of the parameters, every one optional with its default. */
export function schemaOf(title: string, declared: DeclaredParameters): JsonObject {
  const properties = Object.fromEntries(Object.entries(declared).map(([name, one]) => [name, propertyOf(one)]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    type: 'object',
    properties,
    additionalProperties: false,
  };
}

function propertyOf(declared: DeclaredParameter): JsonObject {
  const { title, description } = declared;
  switch (declared.kind) {
    case 'integer':
    case 'number': {
      const { kind: type, min: minimum, max: maximum } = declared;
      return { title, description, type, minimum, maximum, default: declared.default };
    }
    case 'choice':
      return { title, description, type: 'string', enum: declared.options, default: declared.default };
    case 'flag':
      return { title, description, type: 'boolean', default: declared.default };
  }
}

/** A value for each declared name, the default where none is given; every fault at once. */
export function readParameters<Declared extends DeclaredParameters>(
  declared: Declared,
  given: JsonObject,
): Result<ParameterValues<Declared>, readonly ParameterFault[]> {
  const names = Object.keys(declared);
  const faults = Object.keys(given)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => unknownName(name, names));
  const values: Record<string, Json> = {};
  for (const [name, one] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    values[name] = value ?? one.default;
    if (value !== undefined && !isAllowed(one, value)) faults.push(notAllowed(name, one, value));
  }
  return faults.length > 0 ? fail(faults) : ok(values as ParameterValues<Declared>);
}

/** What was typed, as the value that it stands for; a text that stands for none is left as it is, and refused when it is read. */
export function valueOfText(declared: DeclaredParameter | undefined, text: string): Json {
  if (declared?.kind === 'flag') return text === 'true' ? true : text === 'false' ? false : text;
  if (declared?.kind !== 'integer' && declared?.kind !== 'number') return text;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : text;
}

/** Whether a parameter may have this value. */
export function isAllowed(declared: DeclaredParameter, value: Json): boolean {
  switch (declared.kind) {
    case 'integer':
      return Number.isSafeInteger(value) && isWithin(declared, value as number);
    case 'number':
      return Number.isFinite(value) && isWithin(declared, value as number);
    case 'choice':
      return typeof value === 'string' && declared.options.includes(value);
    case 'flag':
      return typeof value === 'boolean';
  }
}

const isWithin = ({ min, max }: { readonly min: number; readonly max: number }, value: number): boolean =>
  value >= min && value <= max;

function unknownName(name: string, known: readonly string[]): ParameterFault {
  const near = nearest(name, known);
  return {
    code: 'UNKNOWN_FIELD',
    field: `/${name}`,
    text: `There is no parameter ${name}.`,
    allowed: known.join(', '),
    next: near === null ? 'Remove it.' : `Did you mean ${near}?`,
  };
}

function notAllowed(name: string, declared: DeclaredParameter, value: Json): ParameterFault {
  const allowed = allowedText(declared);
  return {
    code: 'NOT_ALLOWED',
    field: `/${name}`,
    text: `${name} is ${JSON.stringify(value).slice(0, 60)}.`,
    allowed,
    next: `Use ${allowed}.`,
  };
}

function allowedText(declared: DeclaredParameter): string {
  switch (declared.kind) {
    case 'integer':
      return `a whole number from ${declared.min} to ${declared.max}`;
    case 'number':
      return `a number from ${declared.min} to ${declared.max}`;
    case 'choice':
      return `one of ${declared.options.join(', ')}`;
    case 'flag':
      return 'true or false';
  }
}
