import { createHash, randomUUID } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { NoAnswer, SendFailed } from '@scalpstorm/bus';
import type { FastifyReply } from 'fastify';
import { firstValueFrom, from, type Observable, of } from 'rxjs';
import { ProblemRaised, problems } from '../../domain/problem.js';
import { type Claim, IdempotencyLedger, type KeyedRequest } from '../../ports/idempotency-ledger.js';
import { type GatewayRequest, routeOf } from './serves.js';

const keyPattern = /^[\x21-\x7e]{1,255}$/;
/** Larger answers are not kept; none of the keyed routes has one. */
const answerCharactersMax = 256_000;

/**
 * The same Idempotency-Key and the same request get the same answer and the same command id, for a day. A failure that
 * changed nothing frees the key; an unknown outcome keeps it, so that the repeat carries the same command id.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly ledger: IdempotencyLedger) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const route = context.getType() === 'http' ? routeOf(context) : null;
    if (route === null) return next.handle();
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    const keyed = route.idempotent ? keyedRequest(request) : null;
    request.commandId = keyed === null ? randomUUID() : commandIdOf(keyed);
    if (keyed === null) return next.handle();
    const claim = await this.ledger.claim(keyed);
    if (claim.kind !== 'claimed') return of(replay(claim, context.switchToHttp().getResponse<FastifyReply>()));
    return from(this.#run(keyed, route.status, next));
  }

  async #run(keyed: KeyedRequest, status: number, next: CallHandler): Promise<unknown> {
    try {
      const body: unknown = await firstValueFrom(next.handle());
      if (JSON.stringify(body ?? null).length <= answerCharactersMax) await this.ledger.keep(keyed, { status, body });
      return body;
    } catch (error) {
      const unknown = error instanceof NoAnswer || error instanceof SendFailed || !(error instanceof ProblemRaised);
      await (unknown ? this.ledger.release(keyed) : this.ledger.forget(keyed));
      throw error;
    }
  }
}

function keyedRequest(request: GatewayRequest): KeyedRequest | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.principal === undefined) return null;
  if (typeof key !== 'string' || !keyPattern.test(key)) throw new ProblemRaised(problems.idempotencyKeyMalformed());
  const content = JSON.stringify([request.method, request.url, request.body ?? null]);
  return { userId: request.principal.userId, key, requestHash: sha256(content) };
}

/** A function of user and key alone, so that it is the same even if the ledger forgot. */
const commandIdOf = (keyed: KeyedRequest): string => sha256(JSON.stringify([keyed.userId, keyed.key])).slice(0, 32);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function replay(claim: Exclude<Claim, { kind: 'claimed' }>, reply: FastifyReply): unknown {
  if (claim.kind === 'reused') throw new ProblemRaised(problems.idempotencyKeyReused());
  if (claim.kind === 'busy') throw new ProblemRaised(problems.idempotencyKeyBusy());
  reply.status(claim.answer.status).header('idempotent-replayed', 'true');
  return claim.answer.body;
}
