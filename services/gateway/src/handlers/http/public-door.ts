import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { problems } from '../../domain/problem.js';
import type { RateLimits } from '../../ports/rate-limits.js';
import { sendProblem } from './problem.filter.js';
import { securityHeaders } from './security-headers.js';

const preflightSecondsMax = 600;
/** Answers without looking at anything; whoever restarts us must not be told to wait. */
const probe = '/health/live';

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
    exposedHeaders: ['x-request-id', 'retry-after', 'idempotent-replayed', 'etag', 'www-authenticate'],
    maxAge: preflightSecondsMax,
  });
  limitAddresses(app.getHttpAdapter().getInstance(), rateLimits);
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
    if (request.routeOptions.url === probe) return;
    const seconds = await rateLimits.enter('address', request.ip);
    if (seconds !== null) {
      sendProblem(reply, request, problems.rateLimited(seconds));
      return reply;
    }
  });
}
