import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Admission } from '../../use-cases/admission.js';
import { tellRate } from './rate-headers.js';
import { type GatewayRequest, routeOf } from './serves.js';

/** Lets a request in when its route is public or its user or key may pass. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly admission: Admission) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const route = routeOf(context);
    if (route === null || route.access === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<GatewayRequest>();
    const { access, personOnly } = route;
    const door = { access, personOnly, isCommand: route.method !== 'GET' };
    const { headers, ip } = request;
    request.principal = await this.admission.admit(headers.authorization, ip, door, (standing) =>
      tellRate(http.getResponse<FastifyReply>(), standing),
    );
    return true;
  }
}
