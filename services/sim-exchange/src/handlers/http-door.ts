import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { venueErrors } from '../domain/venue-error.js';
import type { AdminApi } from './admin-api.js';
import type { FaultSwitch, PlaceFault } from './fault-switch.js';
import type { RestAnswer, RestApi, RestRequest } from './rest-api.js';

/** No call of the venue needs more; a larger body is read to its end, up to a bound, and refused. */
export const bodyBytesMax = 64 * 1024;
const discardedBytesMax = 64 * 1024 * 1024;

export interface HttpDoorOptions {
  readonly rest: RestApi;
  /** Null unless the service runs with `--admin`. */
  readonly admin: AdminApi | null;
  readonly faults: FaultSwitch;
  readonly now: () => number;
  readonly isReady: () => boolean;
}

/** The HTTP side of the venue: reads requests within bounds, answers JSON. */
export function createHttpDoor(options: HttpDoorOptions): Server {
  const server = createServer((request, response) => receive(options, request, response));
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
  if (request.path.startsWith('/health/')) {
    answer(response, health(request.path, options.isReady()));
    return;
  }
  if (request.path.startsWith('/sim/') && options.admin !== null) {
    answer(response, options.admin.handle(request));
    return;
  }
  const fault = request.method === 'POST' && request.path === '/api/v3/order' ? options.faults.nextPlace() : null;
  if (fault === null) answer(response, options.rest.handle(request));
  else answerWithFault(options, request, response, fault);
}

/** The delay comes before everything, as on a slow network: a request that is late by then is refused for its time. */
function answerWithFault(
  options: HttpDoorOptions,
  request: RestRequest,
  response: ServerResponse,
  fault: PlaceFault,
): void {
  const proceed = (): void => {
    const result = options.rest.handle({ ...request, now: options.now() });
    if (fault.dropAnswer) response.destroy();
    else answer(response, result);
  };
  if (fault.delayMs === 0) proceed();
  else setTimeout(proceed, fault.delayMs);
}

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

function answer(response: ServerResponse, { status, body }: RestAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': Buffer.byteLength(text),
    'x-mbx-used-weight-1m': '1',
  });
  response.end(text);
}
