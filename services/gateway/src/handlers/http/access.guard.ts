import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { mayActAs } from '../../domain/principal.js';
import { ProblemRaised, problems } from '../../domain/problem.js';
import { AccessTokens } from '../../ports/access-tokens.js';
import { type GatewayRequest, routeOf } from './serves.js';

const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;

/** Lets a request in when its route is public or its user may act in the role that the route needs. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly accessTokens: AccessTokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const route = routeOf(context);
    if (route === null || route.access === 'public') return true;
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    const token = bearer.exec(request.headers.authorization ?? '')?.[1];
    const identified = token === undefined ? null : await this.accessTokens.identify(token);
    if (identified === null) throw new ProblemRaised(problems.unauthenticated());
    if (!mayActAs(identified.principal.role, route.access)) throw new ProblemRaised(problems.forbidden(route.access));
    request.principal = identified.principal;
    return true;
  }
}
