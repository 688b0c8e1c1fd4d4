import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { BinanceAddresses } from '../options.js';
import { payload } from './payload.js';

/** What the venue does with one request. */
export type ScriptedAnswer =
  | { readonly status: number; readonly body: string | object; readonly headers?: Readonly<Record<string, string>> }
  /** The connection ends: before an answer, or in the middle of one. */
  | 'reset'
  | 'cut-in-the-body'
  /** Nothing comes, for ever. */
  | 'hang';

export interface ScriptedRequest {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
}

type Script = ScriptedAnswer | ((params: Readonly<Record<string, string>>) => ScriptedAnswer);

/** A venue on real sockets that answers what a test writes, and misbehaves as no simulated exchange would. */
export class ScriptedVenue {
  readonly requests: ScriptedRequest[] = [];
  readonly userSockets = new Set<WebSocket>();
  readonly publicSockets = new Set<WebSocket>();
  /** Every connection ever made to the streams. */
  connections = 0;
  /** Open connections of any kind. */
  readonly lines = new Set<Socket>();
  /** Messages that came on the streams. */
  readonly heard: Record<string, unknown>[] = [];
  /** Null: it answers nothing on the streams, although it is connected. */
  onMessage: ((message: Record<string, unknown>) => unknown) | null = answerLikeTheVenue;
  private readonly scripts = new Map<string, Script>();
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly server: Server;
  /** By what its clock is ahead. */
  clockAheadMs = 0;

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
    // Longer than any spec waits: a client has to end its own connections.
    this.server.keepAliveTimeout = 60_000;
    this.server.on('connection', (line) => {
      this.lines.add(line);
      line.on('close', () => this.lines.delete(line));
    });
    this.server.on('upgrade', (request, socket, head) => {
      this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.accept(webSocket, request.url ?? ''));
    });
    const ok = (body: object): ScriptedAnswer => ({ status: 200, body });
    this.on('GET /api/v3/time', () => ok({ serverTime: Date.now() + this.clockAheadMs }));
    this.on('GET /api/v3/exchangeInfo', ok(payload('exchange-info')));
    this.on('GET /api/v3/depth', ok({ lastUpdateId: 100, bids: [['10.00', '1']], asks: [['11.00', '1']] }));
  }

  static async start(): Promise<ScriptedVenue> {
    const venue = new ScriptedVenue();
    venue.server.listen(0, '127.0.0.1');
    await once(venue.server, 'listening');
    return venue;
  }

  get addresses(): BinanceAddresses {
    const host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return { rest: `http://${host}`, spotWs: `ws://${host}/stream/ws`, wsApi: `ws://${host}/ws-api/v3` };
  }

  /** `name` is method and path, e.g. `POST /api/v3/order`. */
  on(name: string, script: Script): void {
    this.scripts.set(name, script);
  }

  count(name: string): number {
    return this.requests.filter((request) => request.name === name).length;
  }

  tellUser(event: object): void {
    for (const socket of this.userSockets) socket.send(JSON.stringify({ subscriptionId: 7, event }));
  }

  tellPublic(text: string): void {
    for (const socket of this.publicSockets) socket.send(text);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    for (const socket of [...this.userSockets, ...this.publicSockets]) socket.terminate();
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private accept(socket: WebSocket, path: string): void {
    this.connections += 1;
    const kind = path.startsWith('/ws-api') ? this.userSockets : this.publicSockets;
    kind.add(socket);
    socket.on('close', () => kind.delete(socket));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Record<string, unknown>;
      this.heard.push(message);
      const answer = this.onMessage?.(message);
      if (answer !== undefined) socket.send(JSON.stringify(answer));
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://venue');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const name = `${request.method} ${url.pathname}`;
    const params = Object.fromEntries([...url.searchParams, ...new URLSearchParams(body)]);
    this.requests.push({ name, params });
    const script = this.scripts.get(name) ?? { status: 404, body: 'Not Found' };
    const answer = typeof script === 'function' ? script(params) : script;
    if (answer === 'hang') return;
    if (answer === 'reset') return void request.socket.destroy();
    if (answer === 'cut-in-the-body') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"symbol":"BTCUSDT","orderId":');
      return void setImmediate(() => request.socket.destroy());
    }
    response.writeHead(answer.status, answer.headers);
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }
}

/** Subscriptions are taken and listed. */
export function answerLikeTheVenue({ id, method, params }: Record<string, unknown>): unknown {
  switch (method) {
    case 'userDataStream.subscribe.signature':
      return { id, status: 200, result: { subscriptionId: 7 } };
    case 'session.subscriptions':
      return { id, status: 200, result: [{ subscriptionId: 7 }] };
    case 'LIST_SUBSCRIPTIONS':
      return { id, result: ['btcusdt@trade', 'btcusdt@bookTicker', 'btcusdt@depth@100ms'] };
    default:
      return params === undefined
        ? { id, status: 400, error: { code: -1100, msg: 'no such method' } }
        : { id, result: null };
  }
}
