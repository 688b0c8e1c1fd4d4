import { context, trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { withLogContext } from './log-context.js';
import { extractTrace } from './tracing.js';

const probe = '/health/live';

/** Gives every HTTP request an id (also answered as `x-request-id`) and a span; log lines in between carry both. */
export function traceRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (request.routeOptions.url === probe) {
      done();
      return;
    }
    const traceparent = request.headers['traceparent'];
    const parent = extractTrace({ traceparent: typeof traceparent === 'string' ? traceparent : undefined });
    const route = request.routeOptions.url ?? 'unknown';
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    const span = trace.getTracer('scalpstorm').startSpan(`${request.method} ${route}`, { attributes, kind: 1 }, parent);
    reply.raw.once('close', () => {
      span.setAttribute('http.response.status_code', reply.statusCode);
      span.end();
    });
    context.with(trace.setSpan(parent, span), () => withLogContext({ requestId: request.id }, done));
  });
}
