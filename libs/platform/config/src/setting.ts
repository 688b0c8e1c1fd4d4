import { z } from 'zod';

/** What a person needs to know to set a variable. */
export interface Setting {
  /** Completes "Expected: …". */
  readonly expected: string;
  readonly example: string;
}

const settings = z.registry<Setting>();
const secrets = z.registry<{ readonly secret: true }>();

/** Attaches the words of the error message; wrapping the result in `.optional()` or `.default()` keeps them. */
export function setting<Schema extends z.ZodType>(schema: Schema, description: Setting): Schema {
  settings.add(schema, description);
  return schema;
}

/** Marks a setting whose value must never be shown; wrapping the result in `.optional()` or `.default()` keeps the mark. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  secrets.add(schema, { secret: true });
  return schema;
}

export function settingOf(schema: unknown): Setting | undefined {
  return findMark(schema, (inner) => settings.get(inner));
}

export function isSecret(schema: unknown): boolean {
  return findMark(schema, (inner) => secrets.get(inner)) !== undefined;
}

/** Deep enough for every wrapper that a setting can sensibly have. */
const wrappersMax = 8;

function findMark<Mark>(schema: unknown, markOf: (inner: z.ZodType) => Mark | undefined): Mark | undefined {
  let pending: unknown[] = [schema];
  for (let depth = 0; depth < wrappersMax && pending.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const candidate of pending) {
      if (!(candidate instanceof z.ZodType)) continue;
      const mark = markOf(candidate);
      if (mark !== undefined) return mark;
      const definition = candidate.def as { innerType?: unknown; in?: unknown; out?: unknown };
      next.push(definition.innerType, definition.in, definition.out);
    }
    pending = next;
  }
  return undefined;
}
