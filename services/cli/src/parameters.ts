import { usageFailure } from './failure.js';
import { didYouMean } from './nearest.js';

/** JSON Schema, as far as parameters need it. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
}
export type Parameters = Readonly<Record<string, unknown>>;

const depthMax = 8;

/** `--buy-price.fixed 10` → `buyPrice.fixed`. */
const camel = (kebab: string): string => kebab.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
export const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The flags that a strategy's schema gives, e.g. `--buy-price.fixed`. */
export function flagsOf(schema: Schema, prefix = ''): readonly string[] {
  const branches = [schema, ...(schema.oneOf ?? [])];
  return [
    ...new Set(
      branches.flatMap((branch) =>
        Object.entries(branch.properties ?? {}).flatMap(([name, inner]) => {
          const flag = `${prefix}${kebab(name)}`;
          const below = flagsOf(inner, `${flag}.`);
          return below.length > 0 ? below : [flag];
        }),
      ),
    ),
  ];
}

/** `['--quantity', '0.1', '--loop', '--buy-price.fixed=10']` → assignments. @throws Failure */
export function assignmentsOf(words: readonly string[], schema: Schema): readonly (readonly [string, string])[] {
  const known = flagsOf(schema);
  const left = [...words];
  const found: (readonly [string, string])[] = [];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, flag = '', given] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!known.includes(flag)) {
      const near = didYouMean(flag, known);
      const next = near === '' ? `parameters: ${known.map((one) => `--${one}`).join(' ')}` : near.replace("'", "'--");
      throw usageFailure('UNKNOWN_OPTION', `there is no option "${word}".`, next);
    }
    const path = camel(flag);
    const isSwitch =
      given === undefined && isBoolean(schemaAt(schema, path.split('.'))) && !/^(true|false)$/.test(left[0] ?? '');
    const value = isSwitch ? 'true' : (given ?? left.shift());
    if (value === undefined) throw usageFailure('VALUE_MISSING', `--${flag} needs a value.`, `--${flag} VALUE`);
    found.push([path, value]);
  }
  refuseTwice(
    'the parameter',
    found.map(([path]) => path),
  );
  return found;
}

/**
 * What a flag that may be repeated assigns: `buyPrice.fixed=10` → `['buyPrice.fixed', '10']`, each name once.
 * @param flag `set`, for what is told
 * @throws Failure
 */
export function assignmentsIn(flag: string, texts: readonly string[] = []): readonly (readonly [string, string])[] {
  const assignments = texts.map((text) => {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const;
    throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, `write --${flag} name=value`);
  });
  refuseTwice(
    `--${flag}`,
    assignments.map(([name]) => name),
  );
  return assignments;
}

/** Nobody knows which of two values was meant. @throws Failure */
export function refuseTwice(flag: string, names: readonly string[]): void {
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw usageFailure('OPTION_TWICE', `${flag} ${twice} is given twice.`, 'give it once');
}

/** Puts typed values in; what is there already stays. Objects on the way are made. */
export function withAssignments(
  parameters: Parameters,
  assignments: readonly (readonly [path: string, text: string])[],
  schema: Schema,
): Parameters {
  return assignments.reduce<Parameters>((whole, [path, text]) => {
    const steps = path.split('.');
    if (steps.length > depthMax || steps.includes('__proto__')) {
      throw usageFailure('INVALID_OPTION', `"${path}" names no parameter.`, 'see scalpstorm strategies show');
    }
    return put(whole, steps, typed(text, schemaAt(schema, steps)));
  }, parameters);
}

function put(whole: Parameters, [first = '', ...rest]: readonly string[], value: unknown): Parameters {
  if (rest.length === 0) return { ...whole, [first]: value };
  const inner = Object.hasOwn(whole, first) ? whole[first] : undefined;
  const object = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Parameters) : {};
  return { ...whole, [first]: put(object, rest, value) };
}

function schemaAt(schema: Schema, [first, ...rest]: readonly string[]): Schema | null {
  if (first === undefined) return schema;
  for (const branch of [schema, ...(schema.oneOf ?? [])]) {
    const inner = branch.properties?.[first];
    if (inner !== undefined) return schemaAt(inner, rest);
  }
  return null;
}

const typesOf = (schema: Schema | null): readonly string[] => [schema?.type ?? []].flat();
const isBoolean = (schema: Schema | null): boolean => typesOf(schema).includes('boolean');

/** A text as its schema wants it; without one, JSON when it is JSON and a text when not. */
function typed(text: string, schema: Schema | null): unknown {
  const types = typesOf(schema);
  if (text === 'null' && types.includes('null')) return null;
  if (types.includes('string') || schema?.enum?.every((value) => typeof value === 'string') === true) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
