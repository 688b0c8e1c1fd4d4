import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import { NoAnswer, SendFailed } from '@scalpstorm/bus';
import { Log, stopOnBrokenInvariant } from '@scalpstorm/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, ProblemRaised, problems } from '../../domain/problem.js';

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
  const { status, code, title, detail, errors, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.status(status).type('application/problem+json');
  const type = `/problems/${code.toLowerCase().replaceAll('_', '-')}`;
  reply.send(
    JSON.stringify({ type, title, status, code, detail, instance: pathOf(request), request_id: request.id, errors }),
  );
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

/** Null for what nobody expected. */
function problemOf(error: unknown, request: FastifyRequest): Problem | null {
  if (error instanceof ProblemRaised) return error.problem;
  if (error instanceof NoAnswer) return problems.unavailable(error.question);
  if (error instanceof SendFailed) return problems.unavailable('The message stream');
  const { code, statusCode } = faultOf(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return problems.payloadTooLarge(bodyBytesMax);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return problems.unsupportedMediaType();
  if (error instanceof SyntaxError || code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return problems.malformedJson('It could not be parsed.');
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return problems.malformedJson('It is empty.');
  if (statusCode === 404) return problems.routeNotFound(request.method, pathOf(request));
  if (statusCode !== null && statusCode >= 400 && statusCode < 500)
    return problems.badRequest(error instanceof Error ? error.message : '');
  return null;
}

function faultOf(error: unknown): { code: string; statusCode: number | null } {
  if (typeof error !== 'object' || error === null) return { code: '', statusCode: null };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof HttpException) return { code, statusCode: error.getStatus() };
  const statusCode = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null;
  return { code, statusCode };
}
