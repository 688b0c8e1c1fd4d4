import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Admission } from '../../use-cases/admission.js';
import { type GatewayRequest, routeOf } from './serves.js';

/** Lets a request in when its route is public or its user or key may pass. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly admission: Admission) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const route = routeOf(context);
    if (route === null || route.access === 'public') return true;
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    const { access, personOnly } = route;
    const door = { access, personOnly, isCommand: route.method !== 'GET' };
    request.principal = await this.admission.admit(request.headers.authorization, request.ip, door);
    return true;
  }
}
