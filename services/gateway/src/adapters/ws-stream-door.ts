import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Log, Metrics } from '@scalpstorm/observability';
import { type WebSocket, WebSocketServer } from 'ws';
import { isOriginAllowed } from '../domain/origin.js';
import { GatewaySettings } from '../ports/gateway-settings.js';
import { RateLimits } from '../ports/rate-limits.js';
import { type Peer, type PeerListener, StreamDoor } from '../ports/stream-door.js';
import { isWithin } from '../use-cases/allowed-address.js';
import { clientAddressOf } from '../use-cases/client-address.js';

const path = '/v1/stream';
const heartbeatMs = 15_000;
const inboundBytesMax = 16_384;
/** For a client to read why it was closed. */
const lastWordsMs = 2_000;
const tooManyRequests = '429 Too Many Requests';
const connectionsMax = 5_000;
const connectionsPerAddressMax = 1_000;
/** RFC 6455: the server goes away and will come back. */
const serviceRestart = 1012;

interface Connection {
  readonly socket: WebSocket;
  readonly address: string;
  answered: boolean;
}

/** Websockets on the gateway's own HTTP server, by the upgrade event. */
@Injectable()
export class WsStreamDoor extends StreamDoor implements BeforeApplicationShutdown {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: inboundBytesMax, perMessageDeflate: false });
  readonly #isProxy: (address: string) => boolean;
  readonly #connections = new Set<Connection>();
  #heartbeat: NodeJS.Timeout | null = null;
  #closing = false;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly settings: GatewaySettings,
    private readonly rateLimits: RateLimits,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    super();
    this.#isProxy = isWithin(settings.trustedProxies);
  }

  open(accept: (peer: Peer) => PeerListener): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    this.#count();
    server.on('upgrade', (request, socket, head) => void this.#upgrade({ request, socket, head }, accept));
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
  }

  beforeApplicationShutdown(): void {
    this.#closing = true;
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    for (const { socket } of this.#connections) {
      socket.close(serviceRestart, 'the gateway restarts');
      socket.terminate();
    }
    this.#server.close();
  }

  async #upgrade(
    asked: { request: IncomingMessage; socket: Duplex; head: Buffer },
    accept: (peer: Peer) => PeerListener,
  ): Promise<void> {
    const { request, socket, head } = asked;
    socket.on('error', () => socket.destroy());
    const address = this.#addressOf(request);
    // Each is a request like any other, and is counted with them. A lost cache limits nobody and throws nothing.
    const { exceeded } = await this.rateLimits.enter('address', address);
    const refusal = exceeded ? tooManyRequests : this.#refusalOf(request, address);
    if (refusal !== null) {
      this.log.info({ address, refusal }, 'a websocket was refused');
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#connect(webSocket, { request, address }, accept);
    });
  }

  #addressOf({ socket, headers }: IncomingMessage): string {
    const forwarded = headers['x-forwarded-for'];
    return clientAddressOf(socket.remoteAddress ?? '', forwarded?.toString(), this.#isProxy);
  }

  #refusalOf(request: IncomingMessage, address: string): string | null {
    if ((request.url ?? '').split('?', 1)[0] !== path) return '404 Not Found';
    const { origin, host } = request.headers;
    if (!isOriginAllowed({ origin, host, allowed: this.settings.allowedOrigins })) return '403 Forbidden';
    if (this.#closing || this.#connections.size >= connectionsMax) return '503 Service Unavailable';
    const fromThere = [...this.#connections].filter((connection) => connection.address === address).length;
    return fromThere >= connectionsPerAddressMax ? tooManyRequests : null;
  }

  #connect(
    socket: WebSocket,
    { request, address }: { readonly request: IncomingMessage; readonly address: string },
    accept: (peer: Peer) => PeerListener,
  ): void {
    const connection: Connection = { socket, address, answered: true };
    this.#connections.add(connection);
    this.#count();
    const listener = accept({
      address,
      origin: request.headers.origin ?? null,
      ticket: ticketOf(request.url ?? ''),
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
      send: (frame) => socket.send(frame.bytes, { binary: false }),
      close: (code, reason) => {
        socket.close(code, reason);
        // Who does not read does not answer either, and what is unsent would be kept until then.
        setTimeout(() => socket.terminate(), lastWordsMs).unref();
      },
    });
    socket.on('pong', () => {
      connection.answered = true;
    });
    socket.on('message', (data, isBinary) => listener.onText(isBinary ? '' : data.toString()));
    // A faulty frame closes the socket, and closing is handled below.
    socket.on('error', (error) => this.log.debug({ error, address }, 'a websocket failed'));
    socket.on('close', () => {
      this.#connections.delete(connection);
      this.#count();
      listener.onClose();
    });
  }

  #count(): void {
    const gauge = this.metrics.gauge({ name: 'stream_connections', help: 'Open websocket connections.' });
    gauge.set(this.#connections.size);
  }

  /** A client that did not answer the last ping is gone. */
  #beat(): void {
    for (const connection of this.#connections) {
      if (!connection.answered) {
        connection.socket.terminate();
        continue;
      }
      connection.answered = false;
      connection.socket.ping();
    }
  }
}

/** `/v1/stream?ticket=sct_…`; a token there would be logged on its way, and is not looked for. */
const ticketOf = (url: string): string | null => new URLSearchParams(url.split('?')[1] ?? '').get('ticket');
