import type { z } from 'zod';

/** The fields that a schema knows at a place within a value; empty when there is no object of ours. */
export function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: z.core.$ZodType | undefined = bare(schema);
  for (const step of path) at = at && bare(inner(at, step));
  const shape = at && shapeOf(at);
  return shape === undefined ? [] : Object.keys(shape);
}

type Definition = Readonly<Record<string, unknown>> & { readonly type: string };
const definitionOf = (schema: z.core.$ZodType): Definition => schema._zod.def as unknown as Definition;

/** Without what only says that it may be missing, or what is made of it afterwards. */
function bare(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema === undefined) return undefined;
  const { innerType, in: input } = definitionOf(schema);
  const within = (innerType ?? input) as z.core.$ZodType | undefined;
  return within === undefined ? schema : bare(within);
}

function inner(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType | undefined {
  if (typeof step === 'number') return definitionOf(schema)['element'] as z.core.$ZodType | undefined;
  return shapeOf(schema)?.[String(step)];
}

const shapeOf = (schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined =>
  definitionOf(schema)['shape'] as Readonly<Record<string, z.core.$ZodType>> | undefined;
