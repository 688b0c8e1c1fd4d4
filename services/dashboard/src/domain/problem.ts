import { sentence } from './words.js';

/** One thing that is wrong: where, why, what would be accepted, what to do next. */
export interface ProblemDetail {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly allowed: string;
  readonly next: string;
}

/** What the gateway says no with (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly request_id?: string;
  readonly errors: readonly ProblemDetail[];
  /** What is told beyond that, as it came; whoever reads it looks at its form first. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** A request that was refused or got no answer; `problem` says which. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly problem: Problem) {
    super(problem.detail === '' ? problem.title : problem.detail);
  }
}

const problem = (status: number, code: string, title: string, next: string): Problem => ({
  status,
  code,
  title,
  detail: title,
  errors: [{ pointer: '', code, detail: title, allowed: '', next }],
  members: {},
});

export const offline = (): Problem =>
  problem(0, 'OFFLINE', 'The gateway cannot be reached.', 'Check that the platform runs and that you are connected.');

export const timedOut = (): Problem =>
  problem(0, 'TIMED_OUT', 'The gateway did not answer in time.', 'Look at the state before you try again.');

export const notLoggedIn = (): Problem => problem(401, 'UNAUTHENTICATED', 'You are not logged in.', 'Log in.');

/** Each fault in a sentence of its own, with the field that it is about; what is told of the whole where no fault is named. */
export function toldOf({ detail, errors }: Problem): string {
  if (errors.length === 0 || errors.some((error) => !error.detail)) return detail;
  const told = errors.map((error) => {
    const field = error.pointer.split('/').at(-1) ?? '';
    return field === '' ? sentence(error.detail) : sentence(`${field}: ${error.detail}`);
  });
  return [...new Set(told)].join(' ');
}

/** What an answer with a bad status says, whatever it is. */
export function problemOf(status: number, body: unknown): Problem {
  const { title: told, code, detail, request_id, errors, ...members }: Partial<Problem> = isObject(body) ? body : {};
  const title = told ?? `The gateway answered with ${status}.`;
  return {
    status,
    code: code ?? `HTTP_${status}`,
    title,
    detail: detail ?? title,
    ...(request_id === undefined ? {} : { request_id }),
    errors: Array.isArray(errors) ? errors : [],
    members,
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The gateway's word that the first press of the same is still under way. */
const busyCode = 'IDEMPOTENCY_KEY_BUSY';

/** Whether what was asked for may have been done all the same. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof Refused)) return true;
  const { status, code } = error.problem;
  return status === 0 || status >= 500 || code === busyCode;
}

/** Any thrown thing as a problem; what is no refusal is a fault of the page. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  const text = error instanceof Error ? error.message : String(error);
  return problem(0, 'PAGE_FAULT', text, 'Reload the page; if it stays, report it with this text.');
}

/** The next step of a problem, if it names one. */
export const nextStepOf = ({ errors }: Problem): string => errors.find(({ next }) => next !== '')?.next ?? '';
