import { nearest } from '@scalpstorm/kernel';
import type { z } from 'zod';
import { type ProblemDetail, ProblemRaised, problems } from '../../domain/problem.js';
import { knownFields } from './known-fields.js';

type Issue = z.core.$ZodIssue;

const faultsMax = 20;
const nameCharactersMax = 80;

/** Where a value stands, as whoever sent it calls its parts. */
type Part = 'field' | 'query parameter';

/** @throws ProblemRaised naming every value that is not accepted */
export function parsed<Value>(schema: z.ZodType<Value>, value: unknown, part: Part = 'field'): Value {
  // With what was sent, to tell a field that is missing from one of the wrong type; it is never shown.
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const details = result.error.issues.flatMap((issue) => detailsOf(issue, schema, part));
  throw new ProblemRaised(problems.invalid(details.slice(0, faultsMax)));
}

function detailsOf(issue: Issue, schema: z.ZodType, part: Part): readonly ProblemDetail[] {
  if (issue.code !== 'unrecognized_keys') {
    const { detail, ...rest } = explained(issue);
    const isWhole = issue.path.length === 0 && issue.code !== 'custom';
    return [{ pointer: pointerTo(issue.path), detail: isWhole ? `The body ${detail}` : detail, ...rest }];
  }
  // Each by its own name: what is ignored in silence does less than was asked.
  return issue.keys.slice(0, faultsMax).map((key) => {
    const known = knownFields(schema, issue.path);
    return { pointer: pointerTo([...issue.path, key]), ...unknownName(key, known, part) };
  });
}

const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function explained(issue: Issue): Omit<ProblemDetail, 'pointer'> {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) {
        return { code: 'REQUIRED', detail: 'is missing.', allowed: typeName(issue.expected), next: 'Add this field.' };
      }
      return {
        code: 'WRONG_TYPE',
        detail: `must be ${article(typeName(issue.expected))}.`,
        allowed: typeName(issue.expected),
        next: 'Send a value of this type.',
      };
    case 'invalid_value': {
      const allowed = issue.values.map(String).join(', ');
      return { code: 'NOT_ALLOWED', detail: 'is not one of the allowed values.', allowed, next: 'Choose one of them.' };
    }
    case 'too_small':
      return { code: 'TOO_SMALL', ...tooSmall(issue) };
    case 'too_big': {
      const { verb, unit, more } = sizeOf(issue.origin, issue.maximum);
      const allowed = `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit}`;
      return { code: 'TOO_LARGE', detail: `must ${verb} ${allowed}.`, allowed, next: more.less };
    }
    default:
      return { code: 'INVALID', detail: `${issue.message}.`, allowed: allowedOf(issue), next: 'Correct this value.' };
  }
}

function tooSmall({ origin, minimum, inclusive }: Extract<Issue, { code: 'too_small' }>) {
  const { verb, unit, more } = sizeOf(origin, minimum);
  const allowed = `${inclusive === false ? 'more than' : 'at least'} ${minimum}${unit}`;
  return verb === 'have' && Number(minimum) === 1
    ? { detail: 'must not be empty.', allowed, next: more.first }
    : { detail: `must ${verb} ${allowed}.`, allowed, next: more.more };
}

/** How one speaks of the size of a text, of a list and of a number. */
function sizeOf(origin: string, size: number | bigint) {
  const one = Number(size) === 1;
  if (origin === 'string') {
    const more = { first: 'Fill it in.', more: 'Send a longer text.', less: 'Send a shorter text.' };
    return { verb: 'have', unit: one ? ' character' : ' characters', more };
  }
  if (origin === 'array') {
    const more = { first: 'Name at least one.', more: 'Name more.', less: 'Name fewer.' };
    return { verb: 'have', unit: one ? ' entry' : ' entries', more };
  }
  const more = { first: 'Send a larger number.', more: 'Send a larger number.', less: 'Send a smaller number.' };
  return { verb: 'be', unit: '', more };
}

/** With what there is, and the one that was probably meant. */
function unknownName(name: string, known: readonly string[], part: Part): Omit<ProblemDetail, 'pointer'> {
  const meant = nearest(name, known);
  return {
    code: part === 'field' ? 'UNKNOWN_FIELD' : 'UNKNOWN_PARAMETER',
    detail: `there is no ${part} "${name.slice(0, nameCharactersMax)}" here.`,
    allowed: known.join(', '),
    next: meant === null ? 'Remove it.' : `Did you mean ${meant}?`,
  };
}

/** As JSON calls it. */
const typeName = (expected: string): string => (expected === 'record' ? 'object' : expected);

/** What a rule of our own says that it takes. */
function allowedOf(issue: Issue): string {
  const allowed: unknown = issue.code === 'custom' ? issue.params?.['allowed'] : undefined;
  return typeof allowed === 'string' ? allowed : '';
}

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

/** Nothing of ours is nested deeper than a few levels; what reads a value goes down level by level. */
const depthMax = 32;

/** What Postgres and Protobuf cannot keep: a NUL, half of a surrogate pair, or a value nested without end. */
export function assertStorable(value: unknown, pointer = '', depth = 0): void {
  if (depth > depthMax) {
    throw new ProblemRaised(
      problems.invalid([
        {
          pointer,
          code: 'TOO_DEEP',
          detail: `is nested deeper than ${depthMax} levels.`,
          allowed: `at most ${depthMax} levels`,
          next: 'Send a flatter value.',
        },
      ]),
    );
  }
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) {
    throw new ProblemRaised(
      problems.invalid([
        {
          pointer,
          code: 'UNSUPPORTED_CHARACTER',
          detail: 'holds a character that cannot be stored.',
          allowed: 'Unicode text without NUL',
          next: 'Remove it.',
        },
      ]),
    );
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    assertStorable(key, pointer, depth);
    assertStorable(inner, `${pointer}/${key}`, depth + 1);
  }
}
