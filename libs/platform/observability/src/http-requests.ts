import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { extractForeignTrace, inContext, startSpan } from './tracing.js';

const probe = '/health/live';

type Carried = (work: () => void) => void;

/** Gives every HTTP request an id (also answered as `x-request-id`) and a span; log lines in between carry both. */
export function traceRequests(server: FastifyInstance): void {
  const requests = new WeakMap<FastifyRequest, Carried>();
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (request.routeOptions.url === probe) {
      done();
      return;
    }
    const traceparent = request.headers['traceparent'];
    const parent = extractForeignTrace({ traceparent: typeof traceparent === 'string' ? traceparent : undefined });
    const route = request.routeOptions.url ?? 'unknown';
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    const span = startSpan(`${request.method} ${route}`, attributes, { kind: 'server', parent });
    reply.raw.once('close', () => {
      span.setAttribute('http.response.status_code', reply.statusCode);
      span.end();
    });
    const place = trace.setSpan(ROOT_CONTEXT, span);
    const carried: Carried = (work) => inContext(place, { requestId: request.id }, work);
    requests.set(request, carried);
    carried(done);
  });
  // Reading a body goes on where the connection is, and that is in no request.
  server.addHook('preValidation', (request, _reply, done) => {
    const carried = requests.get(request);
    if (carried === undefined) done();
    else carried(done);
  });
}
