import type { z } from 'zod';

/** The fields that a schema knows at a place within a value; empty when there is no object of ours. */
export function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: z.core.$ZodType | undefined = bare(schema);
  for (const step of path) at = at && bare(inner(at, step));
  const shape = at && shapeOf(at);
  return shape === undefined ? [] : Object.keys(shape);
}

/** The known field that was probably meant by an unknown one; null when none is near. */
export function meantField(name: string, known: readonly string[]): string | null {
  const [best] = known
    .map((field) => ({ field, distance: editDistance(name.slice(0, comparedMax), field) }))
    .toSorted((left, right) => left.distance - right.distance);
  return best !== undefined && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.field : null;
}

/** What is longer is no slip of the finger. */
const comparedMax = 40;

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

/** Levenshtein distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const swapped = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
