import { z } from 'zod';

/** A schema of the document as a client would read it: with what it refers to. */
export function readSchema(schema: object, document: unknown): z.ZodType {
  const { components } = document as { readonly components: { readonly schemas: object } };
  const whole = JSON.stringify({ ...schema, $defs: components.schemas }).replaceAll(
    '#/components/schemas/',
    '#/$defs/',
  );
  return z.fromJSONSchema(JSON.parse(whole) as z.core.JSONSchema.JSONSchema);
}
