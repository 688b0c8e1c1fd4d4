import type { Answer } from '@scalpstorm/contracts';
import { type Problem, ProblemRaised, problems } from '../domain/problem.js';
import { sentence } from '../domain/problem-form.js';

/** The value of an answer. @throws ProblemRaised with every refusal, when the other service refused */
export function accepted<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value;
  throw new ProblemRaised(
    problemOf(
      answer.refusals.map((refusal) => ({
        pointer: refusal.field,
        code: refusal.code,
        detail: sentence(refusal.text),
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
  if (only?.code === 'VENUE_ACCOUNT_NOT_FOUND') return problems.notFound('venue account');
  if (only?.code === 'EXTERNAL_ORDER_NOT_FOUND') return problems.notFound('external order');
  if (only?.code === 'PLAN_NOT_FOUND') return problems.notFound('plan');
  if (only?.code === 'PLAN_FORGOTTEN') return problems.idempotencyKeyReused(only.detail);
  if (only?.code === 'LINK_NOT_FOUND') return problems.notFound('linked chat');
  if (only?.code === 'DELIVERY_NOT_FOUND') return problems.notFound('failed message');
  if (only?.code === 'JOB_NOT_FOUND') return problems.notFound('job');
  if (only?.code === 'JOB_KEY_REUSED') return problems.idempotencyKeyReused(only.detail);
  if (only?.code === 'VERSION_CHANGED') return { ...problems.versionChanged(only.detail), errors };
  const problem = problems.invalid(errors);
  return only
    ? {
        ...problem,
        status: statuses[only.code] ?? problem.status,
        code: only.code,
        title: only.detail.replace(/\.$/, ''),
        detail: only.detail,
      }
    : problem;
}

/** What is wrong with the state of things and not with the request. */
const statuses: Readonly<Record<string, number>> = {
  RELEASE_NEEDS_OPERATOR: 403,
  DEAD_MAN_NEEDS_OPERATOR: 403,
  RELEASE_WAITS_FOR_SECOND_PERSON: 409,
  LIMITS_VERSION_CHANGED: 412,
  COOL_DOWN_NOT_OVER: 409,
  VAULT_NOT_CONFIGURED: 409,
  VENUE_ACCOUNT_EXISTS: 409,
  VENUE_ACCOUNT_IN_USE: 409,
  TOO_MANY_VENUE_ACCOUNTS: 409,
  TOO_MANY_CHANGES: 429,
  VENUE_UNREACHABLE: 502,
  VENUE_CIRCUIT_OPEN: 503,
  EXTERNAL_ORDER_DECIDED: 409,
  EXTERNAL_ORDER_GONE: 409,
  EXTERNAL_ORDER_NOT_ADOPTABLE: 409,
  EXTERNAL_ORDER_NOT_LISTED: 409,
  ACCOUNT_NOT_CONNECTED: 409,
  PLAN_OVER: 409,
  TOO_MANY_PLANS: 409,
  STRATEGY_NOT_CERTIFIED: 409,
  JOB_OVER: 409,
  JOB_NOT_DONE: 409,
  TOO_MANY_JOBS: 409,
  JOB_QUEUE_FULL: 503,
  CHANNEL_NOT_CONFIGURED: 409,
  NO_DESTINATION: 409,
  TOO_MANY_MESSAGES: 429,
  NAME_TAKEN: 409,
  TOO_MANY_BOTS: 409,
  BOT_NOT_STOPPED: 409,
  BOT_NOT_FLAT: 409,
  BOT_NOT_RUNNING: 409,
  BOT_STOPPING: 409,
  BOT_NOT_READY: 409,
  BOT_QUARANTINED: 409,
  STRATEGY_RESTS: 409,
  COMMAND_EXPIRED: 503,
};
