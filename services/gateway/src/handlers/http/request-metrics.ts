import type { Metrics } from '@scalpstorm/observability';
import type { FastifyInstance } from 'fastify';

const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'];

/** How long every route takes, by the outcome; the route's pattern and never its ids, so that the series stay few. */
export function measureRequests(server: FastifyInstance, metrics: Metrics): void {
  const durations = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labels: ['method', 'route', 'status'],
  });
  const answers = metrics.counter({
    name: 'http_responses_total',
    help: 'Answers by the class of their status; a class that was never answered is 0.',
    labels: ['class'],
  });
  for (const known of classes) answers.inc({ class: known }, 0);
  server.addHook('onResponse', (request, reply, done) => {
    answers.inc({ class: `${Math.floor(reply.statusCode / 100)}xx` });
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode };
    durations.observe(labels, reply.elapsedTime / 1_000);
    done();
  });
  // Answers about a user's money are nobody else's to keep; the page's own files say otherwise of themselves.
  server.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
}
