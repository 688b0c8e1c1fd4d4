import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { FaultAnswer } from './fault-answer.js';
import { carryOut } from './fault-request.js';
import { operationOf, userStream } from './fault-rule.js';
import { FaultSocket } from './fault-socket.js';
import type { FaultSwitch } from './fault-switch.js';
import { addressOf } from './http-door.js';
import type { LimitedMessages, LimitedReply } from './rate-limit-messages.js';
import type { LimitRefusal } from './rate-limits.js';
import { isStreamName, type StreamHub } from './stream-hub.js';
import type { ApiMessage, WebsocketApi } from './websocket-api.js';

const messageBytesMax = 64 * 1024;
const connectionsMax = 1_000;
const policyViolation = 1008;

export interface WebsocketDoorOptions {
  readonly hub: StreamHub;
  readonly api: WebsocketApi;
  readonly limited: LimitedMessages;
  readonly faults: FaultSwitch;
  readonly now: () => number;
  /** One readable line, for people. */
  readonly tell: (text: string) => void;
}

/** The websocket side: public streams under /stream and /ws, the trading API under /ws-api/v3. */
export function openWebsocketDoor(server: Server, options: WebsocketDoorOptions): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytesMax,
    perMessageDeflate: false,
    // Pings are answered by hand: a silent socket does not answer them.
    autoPong: false,
  });
  const open = new Set<FaultSocket>();
  options.faults.follow(({ effect }) => {
    if (effect.kind === 'cut-socket') for (const socket of open) socket.cutIfAsked();
  });
  server.on('upgrade', (request, socket: Duplex, head) => {
    const kind = kindOf(request);
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(kind, sockets, () => options.limited.refusesConnection(addressOf(request)));
    if (kind === null || refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      connection.on('error', () => connection.terminate());
      const served = kind.api
        ? serveApi(connection, options, addressOf(request))
        : serveStreams(connection, options, kind);
      open.add(served);
      connection.on('ping', (data: Buffer) => served.pong(data));
      connection.on('close', () => {
        open.delete(served);
        served.closed();
      });
      served.cutIfAsked();
    });
  });
  return sockets;
}

interface StreamKind {
  readonly api: false;
  readonly streams: readonly string[];
  readonly combined: boolean;
}
type Kind = StreamKind | { readonly api: true };

/** What to answer instead of opening a connection: the status and headers. */
function refusalOf(kind: Kind | null, sockets: WebSocketServer, limit: () => LimitRefusal | null): string | null {
  if (kind === null) return '404 Not Found';
  if (sockets.clients.size >= connectionsMax) return '503 Service Unavailable';
  const refusal = kind.api ? limit() : null;
  if (refusal === null) return null;
  const title = refusal.status === 418 ? "418 I'm a teapot" : '429 Too Many Requests';
  return `${title}\r\nretry-after: ${refusal.retryAfterSeconds}`;
}

/** `/stream?streams=a/b` is combined; `/ws/a/b` names streams; `/ws`, `/stream/ws` and `/stream/ws/0` start empty. */
function kindOf(request: IncomingMessage): Kind | null {
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

function serveStreams(connection: WebSocket, options: WebsocketDoorOptions, kind: StreamKind): FaultSocket {
  const { hub, faults, tell } = options;
  const socket: FaultSocket = new FaultSocket(connection, {
    faults,
    kind: 'market',
    streams: () => hub.streamsOf(socket),
    tell,
  });
  hub.open(socket, kind.streams, kind.combined);
  connection.on('message', (data) => {
    hub.hear(socket, textOf(data), (streams) => faults.subscriptionRefusal(socket, streams)?.msg ?? null);
    // It may only now carry the stream that a fault is meant for.
    socket.cutIfAsked();
  });
  connection.on('close', () => hub.close(socket));
  return socket;
}

function serveApi(connection: WebSocket, options: WebsocketDoorOptions, ip: string): FaultSocket {
  const { api, faults, tell } = options;
  const socket = new FaultSocket(connection, { faults, kind: 'api', streams: () => [], tell });
  connection.on('close', () => api.close(socket));
  connection.on('message', (data) => {
    const message = api.read(textOf(data));
    if (message === null) {
      socket.reply(api.unreadable);
      return;
    }
    socket.heard(message.params.get('apiKey'));
    socket.cutIfAsked();
    receive(options, message, { socket, ip });
  });
  return socket;
}

interface Sender {
  readonly socket: FaultSocket;
  readonly ip: string;
}

function receive({ limited, faults, now }: WebsocketDoorOptions, message: ApiMessage, from: Sender): void {
  const { socket } = from;
  const { method, params } = message;
  const refused = method.startsWith('userDataStream.subscribe')
    ? faults.subscriptionRefusal(socket, [userStream])
    : null;
  if (refused !== null) {
    socket.reply(replyInstead(message, refused, now()));
    return;
  }
  const call = { door: 'websocket', route: method, method: null, operation: operationOf(method) } as const;
  const plan = faults.plan({ ...call, apiKey: params.get('apiKey') });
  const asked = plan === null ? message : { ...message, staleMs: plan.staleMs };
  carryOut<LimitedReply>(plan, {
    execute: () => limited.answer(asked, from, now()),
    answer: ({ text, closes }) => {
      socket.reply(text);
      if (closes) socket.cut(policyViolation, 'banned');
    },
    answerInstead: (answer) => socket.reply(replyInstead(message, answer, now())),
    cut: () => socket.cut(),
  });
}

function replyInstead({ id }: ApiMessage, answer: FaultAnswer, now: number): string {
  const { status, code, msg, retryAfterSeconds } = answer;
  const data =
    retryAfterSeconds === null ? {} : { data: { serverTime: now, retryAfter: now + retryAfterSeconds * 1_000 } };
  return JSON.stringify({ id, status, error: { code, msg, ...data } });
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
