// The least that a collector is: takes OTLP over HTTP, as JSON, and keeps the spans.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** @returns {{name: string, service: string, kind: number, traceId: string, spanId: string, parentSpanId: string, ...}[]} */
export function spansOf(body) {
  return (body.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ attributes = [], events = [], links = [], parentSpanId = '', ...span }) => ({
        ...span,
        parentSpanId,
        links,
        service: valuesOf(resource.attributes)['service.name'],
        attributes: valuesOf(attributes),
        events: events.map(({ name }) => name),
      })),
    ),
  );
}

function valuesOf(attributes) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** Listens on a free port. `isDown: true` hangs up on whoever sends. */
export async function startReceiver() {
  const spans = [];
  const texts = [];
  const headers = [];
  const state = { isDown: false };
  const server = createServer((request, response) => {
    if (state.isDown) return request.socket.destroy();
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (request.method !== 'POST' || request.url !== '/v1/traces') return response.writeHead(404).end('{}');
      headers.push(request.headers);
      texts.push(text);
      spans.push(...spansOf(JSON.parse(text)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    spans,
    /** What was sent, as it was sent. */
    texts,
    headers,
    state,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The spans from this one to the beginning of its trace; the last has a parent that is not there, or none. */
export function chainOf(span, spans) {
  const byId = new Map(spans.map((one) => [one.spanId, one]));
  const chain = [];
  for (let next = span; next !== undefined && chain.length < spans.length; next = byId.get(next.parentSpanId))
    chain.push(next);
  return chain;
}
