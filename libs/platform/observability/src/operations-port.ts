import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HealthRegistry } from './health.js';
import { measureHealth } from './health-metrics.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

/** What operators look at; it asks nobody who they are. */
export interface OperationsPort {
  /** E.g. `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

type Page = () => Answer | Promise<Answer>;

/** Probes and scrapers are few; whoever opens more is none. */
const connectionsMax = 64;
const requestMs = 10_000;

/** A listener of its own, so that users' port and their load have no part in it. */
export async function openOperationsPort(
  parts: { readonly health: HealthRegistry; readonly metrics: Metrics; readonly log: Log },
  at: { readonly host: string; readonly port: number },
): Promise<OperationsPort> {
  const { health, metrics, log } = parts;
  measureHealth(health, metrics);
  const pages: Readonly<Record<string, Page>> = {
    // The event loop turns; a dependency that is down is no reason to restart this process.
    '/health/live': () => json(200, { status: 'live' }),
    '/health/ready': async () => {
      const report = await health.report();
      return json(report.ready ? 200 : 503, report);
    },
    '/metrics': async () => ({
      status: 200,
      type: metrics.registry.contentType,
      body: await metrics.registry.metrics(),
    }),
  };
  const server = createServer({ requestTimeout: requestMs }, (request, response) => {
    answerTo(request, pages).then(
      (answer) => send(response, answer),
      (error: unknown) => {
        log.error({ error, path: request.url }, 'the operations port could not answer');
        send(response, json(500, { code: 'INTERNAL' }));
      },
    );
  });
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerTo({ method, url = '' }: IncomingMessage, pages: Readonly<Record<string, Page>>): Promise<Answer> {
  const path = url.split('?', 1)[0] ?? '';
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return json(404, { code: 'NOT_FOUND', allowed: Object.keys(pages) });
  if (method !== 'GET' && method !== 'HEAD') return json(405, { code: 'METHOD_NOT_ALLOWED', allowed: ['GET', 'HEAD'] });
  return page();
}

function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

/** Node sends no body to HEAD by itself. */
function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
