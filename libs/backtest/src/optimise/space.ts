import { fail, nearest, ok, type Result } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import { type DeclaredParameter, type DeclaredParameters, isAllowed, valueOfText } from '@scalpstorm/strategies';
import type { BacktestFault } from '../fault.js';

/** A parameter that is searched over, and the values that it may take. */
export interface Axis {
  readonly name: string;
  /** Whether a value lies between its neighbours: then the search may learn from them. */
  readonly isOrdered: boolean;
  readonly values: readonly Json[];
  /** Whether there is nothing beyond its first and its last value: the strategy declares no more. */
  readonly endsThere: readonly [first: boolean, last: boolean];
}

/**
 * All combinations of the axes' values: a lattice. A place in it is one number: the values' indices as digits, the last axis the
 * fastest.
 */
export interface Space {
  readonly axes: readonly Axis[];
  /** Parameters that stay as they are. */
  readonly fixed: JsonObject;
  /** Places. */
  readonly size: number;
}

const valuesMax = 100_000;
const sizeMax = Number.MAX_SAFE_INTEGER;
/** A number without a step is looked at in so many equal ones at most, each 1, 2 or 5 of a power of ten. */
const stepsOfNumber = 100;

export const spaceHelp = 'name=from..to, name=from..to:step, name=a,b,c, or name for all that is declared';

/**
 * @param wanted see `spaceHelp`; none: every declared parameter that is not fixed, over all that is declared
 */
export function readSpace(
  declared: DeclaredParameters,
  wanted: readonly string[],
  fixed: JsonObject = {},
): Result<Space, BacktestFault> {
  const checked = checkFixed(declared, fixed);
  if (!checked.ok) return checked;
  const names = Object.keys(declared);
  const texts = wanted.length > 0 ? wanted : names.filter((name) => !Object.hasOwn(fixed, name));
  const axes: Axis[] = [];
  let size = 1;
  for (const text of texts) {
    const [name = '', range = null] = split(text, '=');
    const one = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (one === undefined) return fail(unknown(name, names));
    if (Object.hasOwn(fixed, name) || axes.some((axis) => axis.name === name)) return fail(twice(name));
    const values = range === null ? whole(one) : valuesOf(one, range);
    if (!values.ok) return fail({ ...values.error, text: `${name}: ${values.error.text}` });
    axes.push(axisOf(name, one, values.value));
    size *= values.value.length;
    if (size > sizeMax) return fail(tooLarge(`${size.toExponential(1)} combinations or more can not be counted.`));
  }
  return ok({ axes, fixed, size });
}

/** Whether parameters may stay as they are: each is declared, and may be what it is. */
export function checkFixed(declared: DeclaredParameters, fixed: JsonObject): Result<JsonObject, BacktestFault> {
  for (const [name, value] of Object.entries(fixed)) {
    const one = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (one === undefined) return fail(unknown(name, Object.keys(declared)));
    if (!isAllowed(one, value)) return fail(notAllowed(`${name} can not be "${value}".`, one));
  }
  return ok(fixed);
}

function axisOf(name: string, declared: DeclaredParameter, values: readonly Json[]): Axis {
  if (declared.kind !== 'integer' && declared.kind !== 'number') {
    return { name, isOrdered: false, values, endsThere: [true, true] };
  }
  return { name, isOrdered: true, values, endsThere: [values[0] === declared.min, values.at(-1) === declared.max] };
}

export function parametersAt({ axes, fixed }: Space, indices: readonly number[]): JsonObject {
  const values = axes.map(({ name, values: of }, axis) => [name, of[indices[axis] as number] as Json] as const);
  return { ...fixed, ...Object.fromEntries(values) };
}

/** The same for the same combination, whichever of its values were fixed, searched over or left to their defaults. */
export const combinationText = (declared: DeclaredParameters, parameters: JsonObject): string =>
  JSON.stringify(
    Object.entries({
      ...Object.fromEntries(Object.entries(declared).map(([name, one]) => [name, one.default])),
      ...parameters,
    }).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

/** Of the value of each axis. */
export function indicesAt({ axes }: Space, place: number): readonly number[] {
  const indices: number[] = new Array(axes.length).fill(0);
  let left = place;
  for (let axis = axes.length - 1; axis >= 0; axis -= 1) {
    const { length } = (axes[axis] as Axis).values;
    indices[axis] = left % length;
    left = Math.floor(left / length);
  }
  return indices;
}

export const placeOf = ({ axes }: Space, indices: readonly number[]): number =>
  axes.reduce((place, { values }, axis) => place * values.length + (indices[axis] as number), 0);

function whole(declared: DeclaredParameter): Result<readonly Json[], BacktestFault> {
  switch (declared.kind) {
    case 'integer':
      return lattice(declared.min, declared.max, 1);
    case 'number':
      return lattice(declared.min, declared.max, defaultStep(declared, declared.max - declared.min));
    case 'choice':
      return ok(declared.options);
    case 'flag':
      return ok([false, true]);
  }
}

function valuesOf(declared: DeclaredParameter, range: string): Result<readonly Json[], BacktestFault> {
  const [, from, to, step] = /^(.+?)\.\.(.+?)(?::(.+))?$/.exec(range) ?? [];
  const texts = from === undefined || to === undefined ? range.split(',') : [from, to];
  const ends = texts.map((text) => valueOfText(declared, text));
  const wrong = ends.findIndex((value) => !isAllowed(declared, value));
  if (wrong >= 0) return fail(notAllowed(`"${texts[wrong]}" is not allowed.`, declared));
  if (from === undefined) return ok([...new Set(ends)]);
  const [low, high] = ends;
  if (typeof low !== 'number' || typeof high !== 'number')
    return fail(notAllowed(`"${range}" has no order to go through.`, declared));
  if (low > high) return fail(notAllowed(`${low} is above ${high}.`, declared));
  const by = step === undefined ? defaultStep(declared, high - low) : Number(step);
  if (!(by > 0) || (declared.kind === 'integer' && !Number.isInteger(by)))
    return fail(notAllowed(`a step can not be "${step}".`, declared));
  return lattice(low, high, by);
}

function defaultStep({ kind }: DeclaredParameter, length: number): number {
  if (kind === 'integer' || length === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(length / stepsOfNumber));
  const times = [1, 2, 5].find((one) => one * power * stepsOfNumber >= length * (1 - 1e-9)) ?? 10;
  return times * power;
}

/** Rounded to what a person would write, so that 0.1 + 0.2 is 0.3. */
function lattice(from: number, to: number, step: number): Result<readonly number[], BacktestFault> {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  // Also where the ends are too far apart to say how far.
  if (!(count <= valuesMax)) return fail(tooLarge(`more than ${valuesMax} values.`));
  return ok(Array.from({ length: count }, (_, at) => Number((from + at * step).toPrecision(12))));
}

function split(text: string, mark: string): readonly (string | undefined)[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

function unknown(name: string, known: readonly string[]): BacktestFault {
  const near = nearest(name, known);
  const next = near === null ? `Parameters: ${known.join(', ')}.` : `Did you mean ${near}?`;
  return { code: 'UNKNOWN_PARAMETER', text: `There is no parameter "${name}".`, next };
}

const twice = (name: string): BacktestFault => ({
  code: 'PARAMETER_TWICE',
  text: `${name} is given twice.`,
  next: 'Either it is fixed or it is searched over, once.',
});

const tooLarge = (text: string): BacktestFault => ({
  code: 'SPACE_TOO_LARGE',
  text,
  next: 'Use larger steps, fewer parameters or narrower ranges.',
});

function notAllowed(text: string, declared: DeclaredParameter): BacktestFault {
  const allowed =
    declared.kind === 'choice'
      ? declared.options.join(', ')
      : declared.kind === 'flag'
        ? 'true, false'
        : `${declared.min}..${declared.max}`;
  return { code: 'SPACE_NOT_ALLOWED', text, next: `Stay within ${allowed}; written as ${spaceHelp}.` };
}
