import type { Swept } from './halt-tally.js';

/** One thing that is wrong: where, why, what would be accepted and what to do next. */
export interface ProblemDetail {
  /** JSON pointer into the body, the query or the path; empty when no single field is to blame. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** Accepted values or range as text; empty when there is no list. */
  readonly allowed: string;
  readonly next: string;
}

/** An answer that is not the wanted one; the HTTP layer turns it into RFC 9457 problem+json. */
export interface Problem {
  readonly status: number;
  /** Stable: its meaning never changes. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly ProblemDetail[];
  readonly retryAfterSeconds?: number;
  /** Methods that the path has, for the header of that name. */
  readonly allow?: string;
  /** Of a halt that is not confirmed: what was done all the same, told as members of the document. */
  readonly swept?: Swept;
}

/** Carries a {@link Problem} out of a handler. Expected, so it is answered and counted but not logged as an error. */
export class ProblemRaised extends Error {
  override readonly name = 'ProblemRaised';

  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.code}`);
  }
}

/** With a full stop, so that several can stand one after the other. */
export const sentence = (text: string): string => (/[.!?:…]$/.test(text) || text === '' ? text : `${text}.`);

/** With one next step, or none. */
export const simple = (status: number, code: string, title: string, detail: string, next = ''): Problem => ({
  status,
  code,
  title,
  detail,
  errors: next === '' ? [] : [{ pointer: '', code, detail, allowed: '', next }],
});
