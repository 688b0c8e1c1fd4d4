import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';

/** No window is longer: it bounds the memory of a stream and the time of its dearest update. */
export const periodMax = 10_000;

export interface NumberParameter {
  readonly kind: 'whole' | 'number';
  readonly title: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** What it is when it is not given. */
  readonly absent: number;
}

export interface ChoiceParameter<Choice extends string = string> {
  readonly kind: 'choice';
  readonly title: string;
  readonly choices: readonly Choice[];
  readonly absent: Choice;
}

export type ParameterTable = Readonly<Record<string, NumberParameter | ChoiceParameter>>;

type ValueOf<Parameter> = Parameter extends ChoiceParameter<infer Choice> ? Choice : number;

export type ParametersOf<Table extends ParameterTable> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** What is wrong with a parameter; `allowed` says what would not be. */
export interface IndicatorFault {
  readonly parameter: string;
  readonly text: string;
  readonly allowed: string;
}

export const period = (title: string, absent: number, min = 1): NumberParameter => ({
  kind: 'whole',
  title,
  unit: 'values',
  min,
  max: periodMax,
  absent,
});

export const multiplier = (title: string, absent: number): NumberParameter => ({
  kind: 'number',
  title,
  unit: 'times',
  min: 0,
  max: 100,
  absent,
});

export const seed: ChoiceParameter<'first' | 'sma'> = {
  kind: 'choice',
  title: 'Start of the exponential average',
  choices: ['first', 'sma'],
  absent: 'first',
};

/** The parameters with what was left out, or everything that is wrong with them. */
export function readParameters<Table extends ParameterTable>(
  table: Table,
  given: JsonObject,
): Result<ParametersOf<Table>, readonly IndicatorFault[]> {
  const names = Object.keys(table);
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(table, name))
    .map((name) => ({
      parameter: name,
      text: `there is no parameter ${name}`,
      allowed: names.join(', ') || 'no parameter',
    }));
  const read = Object.entries(table).map(([name, parameter]) => {
    const value = Object.hasOwn(given, name) ? given[name] : parameter.absent;
    return { name, value, allowed: allowedOf(parameter), good: isAllowed(parameter, value) };
  });
  const wrong = read
    .filter(({ good }) => !good)
    .map(({ name, value, allowed }) => ({
      parameter: name,
      text: `${name} must be ${allowed}, not ${typeof value === 'number' ? String(value) : JSON.stringify(value)}`,
      allowed,
    }));
  if (unknown.length + wrong.length > 0) return fail([...unknown, ...wrong]);
  // Each was checked against its own row just now.
  return ok(Object.freeze(Object.fromEntries(read.map(({ name, value }) => [name, value]))) as ParametersOf<Table>);
}

export function allowedOf(parameter: NumberParameter | ChoiceParameter): string {
  if (parameter.kind === 'choice') return `one of ${parameter.choices.join(', ')}`;
  return `a ${parameter.kind === 'whole' ? 'whole number' : 'number'} from ${parameter.min} to ${parameter.max}`;
}

function isAllowed(parameter: NumberParameter | ChoiceParameter, value: unknown): boolean {
  if (parameter.kind === 'choice') return parameter.choices.some((choice) => choice === value);
  if (typeof value !== 'number' || !(value >= parameter.min && value <= parameter.max)) return false;
  return parameter.kind === 'number' || Number.isInteger(value);
}

/** A JSON Schema of the parameters, for forms and documents. */
export function schemaOf(table: ParameterTable): JsonObject {
  const properties = Object.entries(table).map(([name, parameter]): [string, JsonObject] => {
    const { title, absent } = parameter;
    if (parameter.kind === 'choice') return [name, { title, enum: parameter.choices, default: absent }];
    const { min, max, unit } = parameter;
    const type = parameter.kind === 'whole' ? 'integer' : 'number';
    return [name, { title, description: unit, type, minimum: min, maximum: max, default: absent }];
  });
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
}
