import type { Problem } from './problem.js';

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
    const text = [sentence(detail), allowed === '' ? '' : `Allowed: ${allowed}.`, next].filter(Boolean).join(' ');
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

const sentence = (text: string): string => {
  const started = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(started) ? started : `${started}.`;
};
