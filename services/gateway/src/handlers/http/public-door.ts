import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { problems } from '../../domain/problem.js';
import type { RateLimits } from '../../ports/rate-limits.js';
import { isBrake } from './brake.js';
import { sendProblem } from './problem.filter.js';
import { tellRate } from './rate-headers.js';
import { limitRequestsAtOnce, probePath } from './requests-at-once.js';
import { securityHeaders } from './security-headers.js';

const preflightSecondsMax = 600;
/** Requests that are being answered at once, of all clients together. */
const requestsAtOnceMax = 512;

/** What every request meets before any route: headers, the list of origins, and the limit of its address. */
export async function guardDoor(
  app: NestFastifyApplication,
  { rateLimits, allowedOrigins, encrypted }: PublicDoor,
): Promise<void> {
  await app.register(helmet, securityHeaders(encrypted));
  await app.register(cors, {
    // Bearer tokens are no cookies, so no page can use what the browser would send by itself.
    origin: allowedOrigins.length === 0 ? false : [...allowedOrigins],
    credentials: false,
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'traceparent'],
    exposedHeaders: [
      'x-request-id',
      'retry-after',
      'ratelimit',
      'ratelimit-policy',
      'idempotent-replayed',
      'etag',
      'www-authenticate',
    ],
    maxAge: preflightSecondsMax,
  });
  const server = app.getHttpAdapter().getInstance();
  limitAddresses(server, rateLimits);
  limitRequestsAtOnce(server, requestsAtOnceMax);
}

export interface PublicDoor {
  readonly rateLimits: RateLimits;
  readonly allowedOrigins: readonly string[];
  /** Served over TLS by this very process. */
  readonly encrypted: boolean;
}

function limitAddresses(server: FastifyInstance, rateLimits: RateLimits): void {
  server.addHook('onRequest', async (request, reply) => {
    // By the route that was found, never by how the path was spelled: escapes, case and absolute forms lead there too.
    if (request.routeOptions.url === probePath) return;
    const standing = await rateLimits.enter(
      'address',
      request.ip,
      isBrake(request.method, request.routeOptions.url) ? 'brake' : 'usual',
    );
    tellRate(reply, standing);
    if (standing.exceeded) {
      sendProblem(reply, request, problems.rateLimited(standing.resetSeconds));
      return reply;
    }
  });
}
