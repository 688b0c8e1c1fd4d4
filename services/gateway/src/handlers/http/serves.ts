import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../domain/principal.js';
import { ProblemRaised, problems } from '../../domain/problem.js';
import { withVersion } from './if-match.js';
import { assertStorable, parsed } from './invalid.js';
import type { AnyRoute, Call } from './route.js';

const routeKey = 'scalpstorm:route';

/** What the guard and the interceptor learn about a request on its way in. */
export interface GatewayRequest extends FastifyRequest {
  principal?: Principal;
  commandId?: string;
}

const methods = {
  GET: RequestMethod.GET,
  POST: RequestMethod.POST,
  PUT: RequestMethod.PUT,
  PATCH: RequestMethod.PATCH,
  DELETE: RequestMethod.DELETE,
} as const;

/** Makes a method answer a route of the table. */
export function Serves(route: {
  readonly method: AnyRoute['method'];
  readonly path: string;
  readonly status: number;
}): MethodDecorator {
  return applyDecorators(
    RequestMapping({ method: methods[route.method], path: route.path }),
    HttpCode(route.status),
    SetMetadata(routeKey, route),
  );
}

/** Null for routes of other modules, e.g. health. */
export function routeOf(context: ExecutionContext): AnyRoute | null {
  return (Reflect.getMetadata(routeKey, context.getHandler()) as AnyRoute | undefined) ?? null;
}

/** The parsed call; runs after the guard, so a stranger learns nothing about the form of a body. */
export const Asked = createParamDecorator((_: unknown, context: ExecutionContext): unknown => {
  const request = context.switchToHttp().getRequest<GatewayRequest>();
  const route = routeOf(context);
  if (route === null) return null;
  return callOf(route, request);
});

/** What of a request a call is made of, whichever door it came through. */
export type RequestParts = Pick<GatewayRequest, 'params' | 'query' | 'body' | 'ip' | 'principal' | 'commandId'> & {
  readonly headers: Pick<GatewayRequest['headers'], 'origin' | 'if-match'>;
};

/** @throws ProblemRaised naming everything that is not accepted */
export function callOf(route: AnyRoute, request: RequestParts) {
  const params = route.params.safeParse(request.params);
  if (!params.success) throw new ProblemRaised(problems.notFound('object'));
  assertStorable(request.body);
  const body = route.ifMatch ? withVersion(request.body, request.headers['if-match']) : request.body;
  const call = {
    params: params.data,
    query: parsed(route.query, request.query, 'query parameter'),
    body: parsed(route.body, body),
    commandId: request.commandId ?? '',
    clientAddress: request.ip,
    origin: request.headers.origin ?? null,
  };
  return request.principal ? ({ ...call, user: request.principal } satisfies Call<AnyRoute>) : call;
}
