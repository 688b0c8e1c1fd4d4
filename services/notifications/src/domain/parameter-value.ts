import type { Json, JsonObject } from '@scalpstorm/model';

/** What was typed as the schema wants it, or what could be typed instead. */
export type TypedValue = { readonly value: Json } | { readonly allowed: string };

const decimalPattern = /^[0-9]{1,18}(\.[0-9]{1,12})?$/;
const offsetPattern = /^\+?(-?[0-9]{1,9}(?:\.[0-9]{1,6})?)([a-z]{1,12}):([a-z]{1,12})$/;
const countPattern = /^-?[0-9]{1,15}$/;
const numberPattern = /^-?[0-9]{1,15}(\.[0-9]{1,12})?$/;
const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/**
 * One value of `key=value`, by the JSON Schema of the parameter: amounts stay decimal texts, counts become numbers; a price is a fixed
 * number or `OFFSET UNIT:FROM` written together, e.g. `-10bps:mid`; what else has several shapes is `name:value,name:value`, e.g.
 * `riskPercent:1`. Bounds are for the strategy to check.
 */
export function typedValue(text: string, schema: JsonObject): TypedValue {
  const types = typesOf(schema);
  if (text === 'null' && types.includes('null')) return { value: null };
  if (schema['oneOf'] !== undefined) return isPrice(schema) ? priceValue(text) : namedValue(text, schema);
  const choices = textsOf(schema['enum']);
  if (choices.length > 0) {
    const chosen = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    return chosen === undefined ? { allowed: choices.join(', ') } : { value: chosen };
  }
  if (types.includes('boolean')) {
    const value = booleans.get(text.toLowerCase());
    return value === undefined ? { allowed: 'true or false' } : { value };
  }
  if (types.includes('integer')) {
    return countPattern.test(text) ? { value: Number(text) } : { allowed: 'a whole number, e.g. 30' };
  }
  if (types.includes('number')) {
    return numberPattern.test(text) ? { value: Number(text) } : { allowed: 'a number, e.g. 2.5' };
  }
  return { value: text };
}

function priceValue(text: string): TypedValue {
  if (decimalPattern.test(text)) return { value: { fixed: text } };
  const [, offset, unit, from] = offsetPattern.exec(text.toLowerCase()) ?? [];
  return offset === undefined || unit === undefined || from === undefined
    ? { allowed: 'a number such as 61800.10, or an offset such as -10bps:mid' }
    : { value: { offset, unit, from } };
}

const shapesOf = (schema: JsonObject): readonly JsonObject[] =>
  (Array.isArray(schema['oneOf']) ? schema['oneOf'] : []).map((shape: Json) => objectOf(objectOf(shape)['properties']));

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

const isPrice = (schema: JsonObject): boolean => shapesOf(schema).some((shape) => 'offset' in shape);

/** One of several shapes by the names of its fields; which of them belong together the strategy knows. */
function namedValue(text: string, schema: JsonObject): TypedValue {
  const shapes = shapesOf(schema);
  const value: Record<string, Json> = {};
  for (const part of text.split(',')) {
    const at = part.indexOf(':');
    const name = part.slice(0, Math.max(at, 0));
    const field = shapes.find((shape) => Object.hasOwn(shape, name))?.[name];
    const typed = field === undefined ? null : typedValue(part.slice(at + 1), objectOf(field));
    if (typed === null || 'allowed' in typed) {
      const names = [...new Set(shapes.flatMap((shape) => Object.keys(shape)))];
      return {
        allowed: `name:value, more than one after a comma, e.g. riskPercent:1; the names are ${names.join(', ')}`,
      };
    }
    value[name] = typed.value;
  }
  return { value };
}

/** As it would be typed. */
export function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value !== 'object') return String(value);
  const { fixed, offset, unit, from } = value as JsonObject;
  if (typeof fixed === 'string' && decimalPattern.test(fixed)) return fixed;
  if (typeof offset === 'string') return `${offset}${String(unit)}:${String(from)}`;
  return Object.entries(value)
    .map(([name, one]) => `${name}:${typeof one === 'object' ? JSON.stringify(one) : String(one)}`)
    .join(',');
}

const typesOf = (schema: JsonObject): readonly string[] => textsOf([schema['type'] ?? []].flat() as readonly Json[]);

const textsOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
