import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import { NoAnswer, SendFailed } from '@scalpstorm/bus';
import { riskQuestion } from '@scalpstorm/contracts';
import { Log, stopOnBrokenInvariant } from '@scalpstorm/observability';
import { CommitUnknown, isConflict, isConnectionFailure, StoreBusy, StoreUnavailable } from '@scalpstorm/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answererOf } from '../../domain/answerers.js';
import { haltUnconfirmed, type Problem, ProblemRaised, problems, type Repeat } from '../../domain/problem.js';
import { HaltUnconfirmed } from '../../use-cases/emergency.js';
import { methodsAt } from './methods-at.js';

export const bodyBytesMax = 1_048_576;

/** Turns everything that can go wrong into problem+json; what nobody expected is logged with the request's id. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const known = problemOf(error, request);
    if (known === null) {
      this.log.error(
        { error, requestId: request.id, method: request.method, path: pathOf(request) },
        'a request failed',
      );
    }
    stopOnBrokenInvariant(error);
    if (!reply.sent) sendProblem(reply, request, known ?? problems.internal());
  }
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): void {
  const { status, code, title, detail, errors, retryAfterSeconds, allow, swept } = problem;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (allow !== undefined) reply.header('allow', allow);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.status(status).type('application/problem+json');
  reply.send(
    JSON.stringify({
      type: problemType(code),
      title,
      status,
      code,
      detail,
      instance: pathOf(request),
      request_id: request.id,
      errors,
      ...swept,
    }),
  );
}

export const problemType = (code: string): string => `/problems/${code.toLowerCase().replaceAll('_', '-')}`;

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

/** Null for what nobody expected. */
function problemOf(error: unknown, request: FastifyRequest): Problem | null {
  return (
    expectedProblemOf(error, repeatOf(request)) ??
    problemOfStatus(statusOf(error), { request, text: error instanceof Error ? error.message : '' })
  );
}

/** What use cases are expected to throw, the same at every door; null for everything else. */
export function expectedProblemOf(error: unknown, repeat: Repeat): Problem | null {
  if (error instanceof ProblemRaised) return error.problem;
  if (error instanceof HaltUnconfirmed) return haltUnconfirmed(answererOf(riskQuestion.name), repeat, error.swept);
  if (error instanceof NoAnswer) return problems.unavailable(answererOf(error.question), repeat);
  if (error instanceof SendFailed) return problems.unavailable('The message stream', repeat);
  if (isWeatherOfStore(error)) return problems.unavailable('The database', repeat);
  return null;
}

function repeatOf({ method, headers }: FastifyRequest): Repeat {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return headers['idempotency-key'] === undefined ? 'unkeyed' : 'keyed';
}

/** Postgres is away or behind: no fault of ours, and worth another try. */
function isWeatherOfStore(error: unknown): boolean {
  const kinds = [StoreUnavailable, StoreBusy, CommitUnknown];
  return kinds.some((kind) => error instanceof kind) || isConflict(error) || isConnectionFailure(error);
}

/** Nest hands on what Fastify found wrong with a request as a status and a text. */
function problemOfStatus(
  status: number | null,
  { request, text }: { request: FastifyRequest; text: string },
): Problem | null {
  if (status === 404) return unrouted(request.method, pathOf(request));
  if (status === 413) return problems.payloadTooLarge(bodyBytesMax);
  if (status === 415) return problems.unsupportedMediaType();
  if (status === 400 && request.method !== 'GET' && request.body === undefined)
    return problems.malformedJson(`${text}.`);
  return status !== null && status >= 400 && status < 500 ? problems.badRequest(text) : null;
}

function unrouted(method: string, path: string): Problem {
  const allowed = methodsAt(path);
  return allowed.length === 0
    ? problems.routeNotFound(method, path)
    : problems.methodNotAllowed(method, path, allowed.join(', '));
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const given = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : null;
  return typeof given === 'number' ? given : null;
}
