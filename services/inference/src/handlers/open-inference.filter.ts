import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import type { Refusal } from '@scalpstorm/contracts';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refused } from '../domain/tensor-checks.js';
import { Infer } from './infer.js';
import { writeError } from './open-inference.js';

/** Requests carry tensors; larger ones are refused with 413. */
export const bodyBytesMax = 4 * 1024 * 1024;

/** Gives what fails before or beside a handler the form of the protocol, too, and counts it like every other refusal. */
@Catch()
@Injectable()
export class OpenInferenceFilter implements ExceptionFilter {
  constructor(
    private readonly infer: Infer,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = statusOf(error);
    if (status >= 500) this.log.error({ error, method: request.method, path: pathOf(request) }, 'a request failed');
    stopOnBrokenInvariant(error);
    const refusal = refusalOf(status, request, error instanceof Error ? error.message : '');
    const model = modelOf(request);
    if (model !== null) {
      const arrivedAt = Timestamp.plus(this.clock.now(), -Math.round(reply.elapsedTime * millisecond));
      this.infer.count(model, refusal.code, arrivedAt);
    }
    if (!reply.sent) reply.status(status).send(writeError(refusal));
  }
}

function refusalOf(status: number, request: FastifyRequest, text: string): Refusal {
  const form = 'an InferenceRequest of the Open Inference Protocol v2';
  if (status === 404) {
    const asked = `${request.method} ${pathOf(request)} does not exist`;
    return refused(
      'ROUTE_NOT_FOUND',
      '',
      asked,
      'the paths of the Open Inference Protocol v2',
      'Check method and path.',
    );
  }
  if (status === 413) {
    return refused('INPUT_TOO_LARGE', '', 'the body is too large', `${bodyBytesMax} bytes`, 'Send fewer rows at once.');
  }
  if (status === 415) return refused('INPUT_INVALID', '', 'the body is not JSON', 'content-type: application/json');
  if (status < 500) return refused('INPUT_INVALID', '', text || 'the request cannot be read', form);
  return refused('INTERNAL', '', 'something broke on our side', '', 'Look into the log of the inference service.');
}

/** Of a request for a run, whose outcome is counted; null for every other. */
function modelOf({ method, params }: FastifyRequest): string | null {
  const named = typeof params === 'object' && params !== null && 'model' in params ? params.model : null;
  return method === 'POST' && typeof named === 'string' ? named : null;
}

/** Nest hands on what Fastify found wrong with a request as a status. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const given = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : null;
  return typeof given === 'number' && given >= 400 ? given : 500;
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';
