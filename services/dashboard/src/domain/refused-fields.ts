import type { Problem } from './problem.js';
import { sentence } from './words.js';

/** Refusals sorted to the fields of a form; what no field of the form is to blame for is told above it. */
export interface SortedRefusals {
  readonly byField: Readonly<Record<string, string>>;
  readonly others: readonly { readonly code: string; readonly text: string }[];
}

/** @param pointers of the fields that are on the screen; a refusal of something inside a field counts for the field */
export function sortRefusals(problem: Problem, pointers: readonly string[]): SortedRefusals {
  const byField: Record<string, string> = {};
  const others: { code: string; text: string }[] = [];
  for (const { pointer, code, detail, allowed, next } of problem.errors) {
    const isSaid = allowed === '' || detail.includes(allowed);
    const text = [sentence(detail), isSaid ? '' : `Allowed: ${allowed}.`, next].filter(Boolean).join(' ');
    const field = ownerOf(pointer, pointers);
    if (field === null) others.push({ code, text });
    else byField[field] = [byField[field], text].filter(Boolean).join(' ');
  }
  if (problem.errors.length === 0) others.push({ code: problem.code, text: problem.detail });
  return { byField, others };
}

/** The field itself, or the nearest one around or directly below it. */
function ownerOf(pointer: string, pointers: readonly string[]): string | null {
  if (pointer === '') return null;
  for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    if (pointers.includes(path)) return path;
  }
  return pointers.find((candidate) => candidate.startsWith(`${pointer}/`)) ?? null;
}

/** What was left empty, before anybody is asked; null when nothing was. */
export function missingFields(fields: Readonly<Record<string, unknown>>): Problem | null {
  const empty = Object.keys(fields).filter((name) => fields[name] === '');
  if (empty.length === 0) return null;
  const title = 'Something is missing.';
  return {
    ...{ status: 422, code: 'REQUIRED', title, detail: title, members: {} },
    errors: empty.map((name) => ({
      ...{ pointer: `/${name}`, code: 'REQUIRED', detail: 'This is missing.', allowed: '', next: 'Type it in.' },
    })),
  };
}
