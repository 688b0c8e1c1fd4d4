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
  const faults: IndicatorFault[] = [];
  for (const name of Object.keys(given))
    if (!Object.hasOwn(table, name))
      faults.push({
        parameter: name,
        text: `there is no parameter ${name}`,
        allowed: names.join(', ') || 'no parameter',
      });
  const read: Record<string, unknown> = {};
  for (const name of names) {
    const parameter = table[name] as NumberParameter | ChoiceParameter;
    const value = Object.hasOwn(given, name) ? given[name] : parameter.absent;
    if (!isAllowed(parameter, value)) faults.push(faultOf(name, parameter, value));
    read[name] = value;
  }
  if (faults.length > 0) return fail(faults);
  // Each was checked against its own row just now.
  return ok(Object.freeze(read) as ParametersOf<Table>);
}

function faultOf(name: string, parameter: NumberParameter | ChoiceParameter, value: unknown): IndicatorFault {
  const allowed = allowedOf(parameter);
  const told = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return { parameter: name, text: `${name} must be ${allowed}, not ${told}`, allowed };
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
