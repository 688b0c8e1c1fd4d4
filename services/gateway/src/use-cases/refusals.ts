import type { Answer } from '@scalpstorm/contracts';
import { type Problem, ProblemRaised, problems } from '../domain/problem.js';

/** The value of an answer. @throws ProblemRaised with every refusal, when the other service refused */
export function accepted<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value;
  throw new ProblemRaised(
    problemOf(
      answer.refusals.map((refusal) => ({
        pointer: refusal.field,
        code: refusal.code,
        detail: refusal.text,
        allowed: refusal.allowed,
        next: refusal.next,
      })),
    ),
  );
}

/** One refusal gives its own code to the whole; what another service does not know is not found here either. */
function problemOf(errors: Problem['errors']): Problem {
  const only = errors.length === 1 ? errors[0] : undefined;
  if (only?.code === 'BOT_NOT_FOUND') return problems.notFound('bot');
  const problem = problems.invalid(errors);
  return only ? { ...problem, code: only.code, title: only.detail, detail: only.detail } : problem;
}
