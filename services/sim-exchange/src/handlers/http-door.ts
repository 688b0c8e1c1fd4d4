import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { venueErrors } from '../domain/venue-error.js';
import type { AdminApi } from './admin-api.js';
import type { FaultAnswer } from './fault-answer.js';
import { carryOut } from './fault-request.js';
import { operationOf } from './fault-rule.js';
import type { FaultSwitch } from './fault-switch.js';
import type { LimitedRest } from './rate-limit-rest.js';
import type { RestAnswer, RestRequest } from './rest-api.js';

/** No call of the venue needs more; a larger body is read to its end, up to a bound, and refused. */
export const bodyBytesMax = 64 * 1024;
const discardedBytesMax = 64 * 1024 * 1024;
const connectionsMax = 4_096;

export interface HttpDoorOptions {
  readonly rest: LimitedRest;
  /** Null unless the service runs with `--admin`. */
  readonly admin: AdminApi | null;
  readonly faults: FaultSwitch;
  readonly now: () => number;
  readonly isReady: () => boolean;
}

type Headers = Readonly<Record<string, string>>;

/** A connection may rest so long between two requests. */
const restingMsMax = 75_000;

/** The HTTP side of the venue: reads requests within bounds, answers JSON. */
export function createHttpDoor(options: HttpDoorOptions): Server {
  const server = createServer((request, response) => receive(options, request, response));
  server.maxConnections = connectionsMax;
  // Longer than a client keeps one that rests: whoever closes first must not be the side that gets the next request.
  server.keepAliveTimeout = restingMsMax;
  // A client that breaks HTTP itself gets 400 and is gone; the others do not notice.
  server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n'));
  return server;
}

function receive(options: HttpDoorOptions, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('error', () => response.destroy());
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > discardedBytesMax) request.destroy();
  });
  request.on('end', () => {
    if (bytes <= bodyBytesMax) {
      route(options, request, response, Buffer.concat(chunks).toString());
      return;
    }
    const { status, code, msg } = venueErrors.tooManyParameters(bodyBytesMax);
    response.setHeader('connection', 'close');
    answer(response, { status, body: { code, msg } });
  });
}

function route(options: HttpDoorOptions, incoming: IncomingMessage, response: ServerResponse, body: string): void {
  const request = restRequest(incoming, body, options.now());
  const { method, path, apiKey } = request;
  if (path.startsWith('/health/')) {
    answer(response, health(path, options.isReady()));
    return;
  }
  if (path.startsWith('/sim/') && options.admin !== null) {
    answer(response, options.admin.handle(request));
    return;
  }
  const operation = operationOf(`${method} ${path}`);
  const plan = options.faults.plan({ door: 'rest', route: path, method, operation, apiKey });
  const ip = addressOf(incoming);
  carryOut(plan, {
    // The delay comes before everything, as on a slow network: a request that is late by then is refused for its time.
    execute: () =>
      options.rest.handle(plan === null ? request : { ...request, now: options.now(), staleMs: plan.staleMs }, ip),
    answer: (result) => answer(response, result, result.headers),
    answerInstead: (result) => answerInstead(response, result),
    cut: () => response.destroy(),
  });
}

/** The address whose requests count together. */
export const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? 'unknown';

function restRequest(incoming: IncomingMessage, body: string, now: number): RestRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const apiKey = incoming.headers['x-mbx-apikey'];
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    body,
    apiKey: typeof apiKey === 'string' ? apiKey : null,
    now,
  };
}

function health(path: string, isReady: boolean): RestAnswer {
  if (path === '/health/live') return { status: 200, body: { status: 'ok' } };
  if (path === '/health/ready') return { status: isReady ? 200 : 503, body: { status: isReady ? 'ok' : 'starting' } };
  const { status, code, msg } = venueErrors.unknownEndpoint(path);
  return { status, body: { code, msg } };
}

function answerInstead(response: ServerResponse, { status, code, msg, retryAfterSeconds, html }: FaultAnswer): void {
  const headers: Headers = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };
  if (html === null) answer(response, { status, body: { code, msg } }, headers);
  else write(response, status, html, { ...headers, 'content-type': 'text/html' });
}

function answer(response: ServerResponse, { status, body }: RestAnswer, headers: Headers = {}): void {
  write(response, status, JSON.stringify(body), { ...headers, 'content-type': 'application/json;charset=UTF-8' });
}

function write(response: ServerResponse, status: number, text: string, headers: Headers): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
