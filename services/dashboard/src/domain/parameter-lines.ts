import { fieldsOf } from './schema-fields.js';

export interface ParameterLine {
  readonly label: string;
  readonly text: string;
}

/** Parameters in the strategy's own words and order; what it does not describe comes last, as it is. */
export function parameterLines(
  schema: unknown,
  parameters: { readonly [name: string]: unknown },
): readonly ParameterLine[] {
  const fields = fieldsOf(schema);
  const described = fields.flatMap(({ name, label, unit, kind }) => {
    if (!(name in parameters)) return [];
    const value = parameters[name];
    const text =
      kind === 'document' && typeof value === 'object' && value !== null ? JSON.stringify(value) : textOf(value);
    return [{ label, text: [text, unit].filter(Boolean).join(' ') }];
  });
  const known = new Set(fields.map(({ name }) => name));
  const others = Object.keys(parameters)
    .filter((name) => !known.has(name))
    .map((name) => ({ label: name, text: textOf(parameters[name]) }));
  return [...described, ...others];
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'object') return String(value);
  // Of a price that is so far from another; the gateway keeps no order of the parts.
  const { offset, unit, from, ...others } = value as Readonly<Record<string, unknown>>;
  const distance =
    offset === undefined || from === undefined ? [offset, unit, from] : [offset, unit, `from ${textOf(from)}`];
  return [...distance.filter((part) => part !== undefined), ...Object.values(others)].map(textOf).join(' ');
}
