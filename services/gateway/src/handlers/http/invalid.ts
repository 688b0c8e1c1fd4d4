import { nearest } from '@scalpstorm/kernel';
import type { z } from 'zod';
import { type ProblemDetail, ProblemRaised, problems } from '../../domain/problem.js';
import { knownFields } from './known-fields.js';

type Issue = z.core.$ZodIssue;

const faultsMax = 20;

/** @throws ProblemRaised naming every value that is not accepted */
export function parsed<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  // With what was sent, to tell a field that is missing from one of the wrong type; it is never shown.
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new ProblemRaised(
    problems.invalid(result.error.issues.slice(0, faultsMax).map((issue) => detailOf(issue, schema))),
  );
}

function detailOf(issue: Issue, schema: z.ZodType): ProblemDetail {
  // The field itself, not the object that it should not be in.
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const pointer = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return { pointer, ...(issue.code === 'unrecognized_keys' ? unknownField(issue, schema) : explained(issue)) };
}

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
    case 'too_small': {
      const allowed = `at least ${issue.minimum}${unitOf(issue.origin)}`;
      return { code: 'TOO_SMALL', detail: `must be ${allowed}.`, allowed, next: 'Send more.' };
    }
    case 'too_big': {
      const allowed = `at most ${issue.maximum}${unitOf(issue.origin)}`;
      return { code: 'TOO_LARGE', detail: `must be ${allowed}.`, allowed, next: 'Send less.' };
    }
    default:
      return { code: 'INVALID', detail: `${issue.message}.`, allowed: allowedOf(issue), next: 'Correct this value.' };
  }
}

/** With what there is, and the one that was probably meant: what is ignored in silence does less than was asked. */
function unknownField(
  { keys, path }: Extract<Issue, { code: 'unrecognized_keys' }>,
  schema: z.ZodType,
): Omit<ProblemDetail, 'pointer'> {
  const known = knownFields(schema, path);
  const meant = nearest(keys[0] ?? '', known);
  return {
    code: 'UNKNOWN_FIELD',
    detail: `has unknown fields: ${keys.slice(0, faultsMax).join(', ')}.`,
    allowed: known.join(', '),
    next: meant === null ? 'Remove them.' : `Did you mean ${meant}?`,
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
const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '');

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
