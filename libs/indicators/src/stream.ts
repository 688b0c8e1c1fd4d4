import { assert, BrokenInvariant } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';

type Json = JsonObject[string];

/** An indicator that is fed one row after the other. An update allocates nothing, but for what a caller's own boxing of numbers does. */
export interface Stream {
  readonly parameters: object;
  /** The newest outputs, in the order of the definition; the same array each time. All are NaN until it is warm. */
  readonly outputs: Float64Array;
  /**
   * @param inputs one number an input, in the order of the definition
   * @returns the first output; NaN until it is warm
   * @throws BrokenInvariant for a number that is refused; nothing has changed then
   */
  update(...inputs: number[]): number;
}

// Not exported itself: V8 reads an export anew at every use, and this is used at every number.
const limit = 1e100;

/** Larger inputs are refused, so that squares and products of a full window stay finite. */
export const magnitudeMax = limit;

/**
 * NaN, infinities and what is beyond `magnitudeMax` are refused: a recursive average would never be rid of them, and the value after a
 * gap would look like any other. Who has a gap decides what it means: leave the row out, or begin a new stream.
 */
export function requireUsable(value: number, what: string): void {
  if (!(Math.abs(value) <= limit)) throw refusal(value, what, 'of either sign');
}

/** {@link requireUsable} for a whole series, by sums: what is no number, or too large, stays in a sum and shows at the end. */
export function requireUsableSeries(values: Float64Array, what: string): void {
  // Four of them, because each waits for itself.
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let index = 0;
  for (; index + 3 < values.length; index += 4) {
    first += Math.abs(values[index] as number);
    second += Math.abs(values[index + 1] as number);
    third += Math.abs(values[index + 2] as number);
    fourth += Math.abs(values[index + 3] as number);
  }
  // NaN is not less than anything. Many that are large each for itself are looked at one by one.
  if (!(first + second + third + fourth <= limit)) index = 0;
  for (; index < values.length; index += 1) requireUsable(values[index] as number, what);
}

/**
 * {@link requireUsableSeries} for who summed the magnitudes on its way: a loop that waits for its own last value does so for nothing. Such a
 * loop is a function of its own and ends with it: V8 goes over to optimised code in the middle of a long loop, knows nothing there of what
 * follows it, and would leave that code for the slow way at the end of every batch.
 */
export function requireUsableSum(magnitudes: number, series: Readonly<Record<string, Float64Array>>): void {
  if (magnitudes <= limit) return;
  for (const [name, values] of Object.entries(series)) requireUsableSeries(values, name);
}

/** For what is counted or weighed: not below zero either. */
export function requireAmount(value: number, what: string): void {
  if (!(value >= 0 && value <= limit)) throw refusal(value, what, 'from 0');
}

/** For prices that are divided by. */
export function requirePositive(value: number, what: string): void {
  if (!(value > 0 && value <= limit)) throw refusal(value, what, 'above 0');
}

/** Thrown where it is made: after a call that might come back, V8 would read everything that a loop holds anew, at every number. */
function refusal(value: number, what: string, which: string): BrokenInvariant {
  return new BrokenInvariant(
    `an indicator was given ${value} as ${what}; it takes numbers ${which}, at most ${magnitudeMax} in size`,
  );
}

/** Closes of which those before `from` are read already. */
export interface Rows {
  readonly close: Float64Array;
  readonly from: number;
}

/**
 * Feeds the first rows up to `to` (exclusive), of which the last one may be the first that is warm, and writes what has come out then; the
 * rows before it get NaN. Batches begin with it, in code that is cold still: so its loop makes nothing, and does nothing twice.
 */
export function feed(
  stream: Stream,
  { inputs, outputs }: { readonly inputs: readonly Float64Array[]; readonly outputs: readonly Float64Array[] },
  to: number,
): void {
  // An indicator takes no more than it has inputs; those that it does not have are the first one again.
  const [first, second = first, third = first, fourth = first] = inputs as readonly [Float64Array, ...Float64Array[]];
  assert(inputs.length <= 4, `an indicator of ${inputs.length} inputs can not be fed`);
  for (let row = 0; row < to; row += 1)
    stream.update(first[row] as number, second[row] as number, third[row] as number, fourth[row] as number);
  for (const [place, output] of outputs.entries()) {
    output.fill(Number.NaN, 0, to - 1);
    output[to - 1] = stream.outputs[place] as number;
  }
}

/**
 * The state of a stream or of a part of one as plain JSON: its own fields, by name. Numbers that JSON does not know are texts.
 * `parameters` is left out; they are the definition's to write.
 */
export function saveState(part: object): JsonObject {
  const fields = Object.entries(part).filter(([name]) => name !== 'parameters');
  return Object.fromEntries(fields.map(([name, value]) => [name, saveValue(value)]));
}

function saveValue(value: unknown): Json {
  if (typeof value === 'number') return saveNumber(value);
  if (value instanceof Float64Array) return Array.from(value, saveNumber);
  assert(typeof value === 'object' && value !== null, `a stream holds a ${typeof value}, which can not be saved`);
  return saveState(value);
}

const saveNumber = (value: number): number | string => {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
};

/** Puts a saved state into a fresh stream of the same parameters. */
export function loadState(part: object, saved: JsonObject): void {
  const fields = Object.entries(part).filter(([name]) => name !== 'parameters');
  const names = fields.map(([name]) => name);
  const found = Object.keys(saved);
  assert(
    names.length === found.length && names.every((name) => Object.hasOwn(saved, name)),
    `a saved state has the fields ${found.join(', ')}; ${names.join(', ')} are wanted`,
  );
  for (const [name, value] of fields) loadField(part, { name, value }, saved[name]);
}

function loadField(part: object, { name, value }: { name: string; value: unknown }, saved: unknown): void {
  if (typeof value === 'number') {
    assert(Reflect.set(part, name, loadNumber(saved, name)), `${name} can not be restored`);
  } else if (value instanceof Float64Array) {
    assert(Array.isArray(saved) && saved.length === value.length, `saved ${name} must be ${value.length} numbers`);
    for (const [index, one] of saved.entries()) value[index] = loadNumber(one, name);
  } else {
    assert(typeof saved === 'object' && saved !== null && !Array.isArray(saved), `saved ${name} must be an object`);
    loadState(value as object, saved as JsonObject);
  }
}

const texts = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

function loadNumber(saved: unknown, name: string): number {
  const value = typeof saved === 'string' ? texts.get(saved) : saved;
  assert(typeof value === 'number', `saved ${name} must be a number, not ${JSON.stringify(saved)}`);
  return value;
}
