// A strategy describes its parameters by JSON Schema; the form is made of that and of nothing else.

export interface FieldText {
  /** JSON pointer of the value, the same that refusals name. */
  readonly pointer: string;
  readonly name: string;
  readonly label: string;
  /** Told in the schema's title after a comma: `Cool-down, s`. */
  readonly unit: string;
  readonly help: string;
  readonly required: boolean;
  readonly fallback: string;
}

export type Field = FieldText &
  (
    | { readonly kind: 'text'; readonly pattern: string | null; readonly example: string }
    /** An object that is written as JSON. */
    | { readonly kind: 'document'; readonly example: string }
    | { readonly kind: 'whole' | 'number'; readonly min: number | null; readonly max: number | null }
    | { readonly kind: 'switch' }
    | { readonly kind: 'choice'; readonly options: readonly string[] }
    | { readonly kind: 'constant'; readonly value: unknown }
    | { readonly kind: 'variants'; readonly variants: readonly Variant[] }
  );

export interface Variant {
  readonly title: string;
  readonly fields: readonly Field[];
}

type Schema = { readonly [key: string]: unknown };

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The fields of an object's schema, in its own order. */
export function fieldsOf(schema: unknown, path = '/parameters'): readonly Field[] {
  if (!isSchema(schema) || !isSchema(schema['properties'])) return [];
  const required = listOf(schema['required']);
  return Object.entries(schema['properties']).flatMap(([name, property]) =>
    isSchema(property) ? [fieldOf(property, { name, path, required: required.includes(name) })] : [],
  );
}

function fieldOf(schema: Schema, { name, path, required }: { name: string; path: string; required: boolean }): Field {
  const pointer = `${path}/${name}`;
  const [label = '', unit = ''] = (textOf(schema['title']) || wordsOf(name)).split(', ');
  const fallback = schema['default'] ?? null;
  const common = {
    pointer,
    name,
    label,
    unit,
    help: textOf(schema['description']),
    required,
    fallback: fallback === null ? '' : String(fallback),
  };
  if (schema['const'] !== undefined) return { ...common, kind: 'constant', value: schema['const'] };
  const options = listOf(schema['enum']).filter((value) => value !== null);
  if (options.length > 0) return { ...common, kind: 'choice', options: options.map(String) };
  const variants = listOf(schema['oneOf']).filter(isSchema);
  if (variants.length > 0)
    return { ...common, kind: 'variants', variants: variants.map((each) => variantOf(each, pointer)) };
  const types = [schema['type']].flat();
  if (types.includes('boolean')) return { ...common, kind: 'switch' };
  if (types.includes('integer') || types.includes('number')) {
    const kind = types.includes('integer') ? 'whole' : 'number';
    return { ...common, kind, min: numberOf(schema['minimum']), max: numberOf(schema['maximum']) };
  }
  const example = textOf(listOf(schema['examples'])[0]);
  if (types.includes('object')) return { ...common, kind: 'document', example };
  return { ...common, kind: 'text', pattern: textOf(schema['pattern']) || null, example };
}

const variantOf = (schema: Schema, pointer: string): Variant => ({
  title: textOf(schema['title']),
  fields: fieldsOf(schema, pointer),
});

/** `entryTimeoutSeconds` → `Entry timeout seconds`. */
function wordsOf(name: string): string {
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
