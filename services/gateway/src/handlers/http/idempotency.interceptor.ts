import { randomUUID } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { firstValueFrom, from, type Observable } from 'rxjs';
import { ProblemRaised, problems } from '../../domain/problem.js';
import { AuditedCommands } from '../../use-cases/audited-commands.js';
import { Repeats } from '../../use-cases/repeats.js';
import { parsed } from './invalid.js';
import { recordable } from './recordable.js';
import { type GatewayRequest, routeOf } from './serves.js';

/** Reads what stands behind the question mark, gives every request its command id, and a repeated one the answer that it had. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly repeats: Repeats,
    private readonly audited: AuditedCommands,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const route = context.getType() === 'http' ? routeOf(context) : null;
    if (route === null) return next.handle();
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    // Also where the handler reads nothing of it.
    parsed(route.query, request.query, 'query parameter');
    const command = { route, user: request.principal, asked: () => recordable(route, request) };
    const work = () => this.audited.carryOut(command, () => firstValueFrom(next.handle()));
    const key = request.headers['idempotency-key'];
    if (!route.idempotent || key === undefined || request.principal === undefined) {
      request.commandId = randomUUID();
      return from(work());
    }
    if (typeof key !== 'string') throw new ProblemRaised(problems.idempotencyKeyMalformed());
    const { userId } = request.principal;
    const content = [request.method, request.url, this.repeats.contentOf(route, request.body)];
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { status: kept, secretReply } = route;
    const answered = this.repeats
      .answer({ userId, key, content, status: kept, secretReply }, (commandId) => {
        request.commandId = commandId;
        return work();
      })
      .then(({ status, body, replayed }) => {
        if (replayed) reply.status(status).header('idempotent-replayed', 'true');
        return body;
      });
    return from(answered);
  }
}
