import { shown } from './decimal.js';
import type { Field, Variant } from './schema-fields.js';

/** What stands in a form, by JSON pointer: texts as typed, `true` or `false`, and for variants the title that is chosen. */
export type Draft = Readonly<Record<string, string>>;
export type Faults = Readonly<Record<string, string>>;
type Values = { readonly [name: string]: unknown };

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

/** The draft of parameters that exist, or of a new bot when there are none. */
export function draftOf(fields: readonly Field[], values: Values | null): Draft {
  const draft: Record<string, string> = {};
  for (const field of fields) {
    const value = values?.[field.name];
    if (field.kind === 'variants') {
      const chosen = variantFor(field.variants, value);
      draft[field.pointer] = chosen?.title ?? '';
      Object.assign(draft, draftOf(chosen?.fields ?? [], isValues(value) ? value : null));
    } else if (field.kind !== 'constant') {
      const given = value === undefined || value === null ? null : typedText(value);
      draft[field.pointer] = given ?? (values === null ? initial(field) : isTyped(field) ? '' : field.fallback);
    }
  }
  return draft;
}

/** As somebody would have typed it. */
const typedText = (value: unknown): string => (isValues(value) ? JSON.stringify(value, null, 2) : String(value));
const isTyped = ({ kind }: Field): boolean => kind === 'text' || kind === 'document';

/** A choice always has a value; what may be left out stays out until somebody wants it. */
function initial(field: Field): string {
  if (field.fallback !== '') return field.fallback;
  return field.kind === 'choice' ? (field.options[0] ?? '') : '';
}

/** The variant whose required names the value has; the first one for a value that is not there. */
function variantFor(variants: readonly Variant[], value: unknown): Variant | undefined {
  if (!isValues(value)) return variants[0];
  const fits = ({ fields }: Variant) => fields.every(({ name, required }) => !required || name in value);
  return variants.find(fits) ?? variants[0];
}

export const chosenVariant = (field: Extract<Field, { kind: 'variants' }>, draft: Draft): Variant | undefined =>
  field.variants.find(({ title }) => title === draft[field.pointer]) ?? field.variants[0];

/** The parameters that a draft means. What is left empty is left out: the strategy's own default holds. */
export function valuesOf(fields: readonly Field[], draft: Draft): Values {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const value = parameterOf(field, draft);
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}

function parameterOf(field: Field, draft: Draft): unknown {
  const text = (draft[field.pointer] ?? '').trim();
  switch (field.kind) {
    case 'constant':
      return field.value;
    case 'variants':
      return valuesOf(chosenVariant(field, draft)?.fields ?? [], draft);
    case 'switch':
      return text === 'true';
    case 'document':
      return documentIn(text) ?? undefined;
    case 'whole':
    case 'number':
      return isNumber(field, text) ? Number(text) : undefined;
    default:
      return text === '' ? undefined : text;
  }
}

function documentIn(text: string): Values | null {
  try {
    const value: unknown = JSON.parse(text);
    return isValues(value) && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

type Counted = Extract<Field, { kind: 'whole' | 'number' }>;

const isNumber = ({ kind }: Counted, text: string): boolean =>
  (kind === 'whole' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d{1,12})?$/).test(text);

/** `Whole number from 1 to 10.` */
export const numberText = (field: Counted): string =>
  `${field.kind === 'whole' ? 'Whole number' : 'Number'}${rangeOf(field)}.`;

/** What is wrong with a draft before anybody is asked. The strategy has the last word. */
export function faultsOf(fields: readonly Field[], draft: Draft): Faults {
  const faults: Record<string, string> = {};
  for (const field of fields) {
    if (field.kind === 'variants') {
      Object.assign(faults, faultsOf(chosenVariant(field, draft)?.fields ?? [], draft));
      continue;
    }
    const fault = faultOf(field, (draft[field.pointer] ?? '').trim());
    if (fault !== null) faults[field.pointer] = fault;
  }
  return faults;
}

function faultOf(field: Field, text: string): string | null {
  if (field.kind === 'constant' || field.kind === 'switch') return null;
  if (text === '') return field.required ? 'This is needed.' : null;
  if (field.kind === 'text')
    return field.pattern === null || new RegExp(field.pattern, 'u').test(text) ? null : formOf(field);
  if (field.kind === 'document') return documentIn(text) === null ? 'This is no JSON object.' : null;
  if (field.kind !== 'whole' && field.kind !== 'number') return null;
  const wanted = `A ${field.kind === 'whole' ? 'whole number' : 'number'}${rangeOf(field)}.`;
  if (!isNumber(field, text)) return wanted;
  const value = Number(text);
  const fits = (field.min === null || value >= field.min) && (field.max === null || value <= field.max);
  return fits ? null : wanted;
}

const formOf = ({ example }: { readonly example: string }): string =>
  example === '' ? 'This is not in the expected form.' : `A decimal number with a point, as in ${example}.`;

/** ` from 5 to 86,400`, ` of at least 1`. */
export function rangeOf({ min, max: given }: { readonly min: number | null; readonly max: number | null }): string {
  // Where a schema names no bound, the largest whole number stands for none.
  const max = given === Number.MAX_SAFE_INTEGER ? null : given;
  if (min !== null && max !== null) return ` from ${shown(String(min))} to ${shown(String(max))}`;
  if (min !== null) return ` of at least ${shown(String(min))}`;
  return max === null ? '' : ` of at most ${shown(String(max))}`;
}

/** The change that turns what is stored into what the draft means; null takes a value away. */
export function patchOf(stored: Values, wanted: Values): Values {
  const removed = Object.keys(stored).filter((name) => !(name in wanted));
  const changed = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(stored[name]) !== JSON.stringify(value),
  );
  return { ...Object.fromEntries(changed), ...Object.fromEntries(removed.map((name) => [name, null])) };
}
