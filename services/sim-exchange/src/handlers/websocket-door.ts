import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { TextSocket } from '../ports/text-socket.js';
import type { FaultSwitch } from './fault-switch.js';
import { isStreamName, type StreamHub } from './stream-hub.js';
import type { WebsocketApi } from './websocket-api.js';

const messageBytesMax = 64 * 1024;
/** A client that lets this much pile up does not read any more: it is cut off, and the others go on. */
const bufferedBytesMax = 8 * 1024 * 1024;
const connectionsMax = 1_000;

export interface WebsocketDoorOptions {
  readonly hub: StreamHub;
  readonly api: WebsocketApi;
  readonly faults: FaultSwitch;
  readonly now: () => number;
}

/** The websocket side: public streams under /stream and /ws, the trading API under /ws-api/v3. */
export function openWebsocketDoor(server: Server, options: WebsocketDoorOptions): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax, perMessageDeflate: false });
  server.on('upgrade', (request, socket: Duplex, head) => {
    const kind = kindOf(request);
    socket.on('error', () => socket.destroy());
    if (kind === null || sockets.clients.size >= connectionsMax) {
      socket.end(
        `HTTP/1.1 ${kind === null ? '404 Not Found' : '503 Service Unavailable'}\r\nconnection: close\r\n\r\n`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      connection.on('error', () => connection.terminate());
      if (kind.api) serveApi(connection, options);
      else serveStreams(connection, options, kind);
    });
  });
  return sockets;
}

interface StreamKind {
  readonly api: false;
  readonly streams: readonly string[];
  readonly combined: boolean;
}

/** `/stream?streams=a/b` is combined; `/ws/a/b` names streams; `/ws`, `/stream/ws` and `/stream/ws/0` start empty. */
function kindOf(request: IncomingMessage): StreamKind | { readonly api: true } | null {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  if (path === '/ws-api/v3' || path === '/ws-api/v3/') return { api: true };
  if (path === '/stream' || path === '/stream/') {
    const streams = (new URLSearchParams(query).get('streams') ?? '').split('/');
    return { api: false, streams: streams.filter(isStreamName), combined: true };
  }
  const rest = /^(?:\/stream)?\/ws(\/.*)?$/.exec(path);
  if (rest === null) return null;
  const streams = (rest[1] ?? '').split('/').filter((name) => isStreamName(name) && name.includes('@'));
  return { api: false, streams, combined: false };
}

function serveStreams(connection: WebSocket, { hub }: WebsocketDoorOptions, kind: StreamKind): void {
  const socket = new WsTextSocket(connection);
  hub.open(socket, kind.streams, kind.combined);
  connection.on('message', (data) => hub.hear(socket, textOf(data)));
  connection.on('close', () => hub.close(socket));
}

function serveApi(connection: WebSocket, { api, faults, now }: WebsocketDoorOptions): void {
  const socket = new WsTextSocket(connection);
  connection.on('close', () => api.close(socket));
  connection.on('message', (data) => {
    const message = api.read(textOf(data));
    if (message === null) {
      socket.send(api.unreadable);
      return;
    }
    const fault = message.method === 'order.place' ? faults.nextPlace() : null;
    const proceed = (): void => {
      const text = api.answer(message, socket, now());
      if (fault?.dropAnswer === true) connection.terminate();
      else socket.send(text);
    };
    if (fault === null || fault.delayMs === 0) proceed();
    else setTimeout(proceed, fault.delayMs);
  });
}

class WsTextSocket extends TextSocket {
  constructor(private readonly connection: WebSocket) {
    super();
  }

  send(text: string): void {
    if (this.connection.readyState !== this.connection.OPEN) return;
    if (this.connection.bufferedAmount > bufferedBytesMax) this.connection.terminate();
    else this.connection.send(text);
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
