import { WebSocket } from 'ws';
import type { GatewayRig } from './gateway-rig.js';

export interface HeardFrame {
  readonly op?: string;
  readonly ch?: string;
  readonly type?: string;
  readonly seq?: number;
  readonly ts: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly data?: any[];
  readonly [name: string]: unknown;
}

export interface Dialling {
  readonly origin?: string;
  readonly ticket?: string;
}

/** Websocket clients of one test; all are hung up by `close`. */
export class StreamClients {
  readonly #sockets: WebSocket[] = [];

  constructor(private readonly rig: Pick<GatewayRig, 'gateway'>) {}

  /** A client that may yet be refused. */
  dial({ origin, ticket }: Dialling = {}) {
    const query = ticket === undefined ? '' : `?ticket=${ticket}`;
    const address = `${this.rig.gateway.url.replace('http', 'ws')}/v1/stream${query}`;
    const socket = new WebSocket(address, origin === undefined ? {} : { origin });
    this.#sockets.push(socket);
    const frames: HeardFrame[] = [];
    let reason = '';
    const closed = new Promise<number>((resolve) =>
      socket.on('close', (code, text) => {
        reason = String(text);
        resolve(code);
      }),
    );
    const refused = new Promise<number | undefined>((resolve) =>
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode)),
    );
    socket.on('message', (data) => frames.push(JSON.parse(String(data)) as HeardFrame));
    socket.on('error', () => undefined);
    const on = (channel: string) => frames.filter(({ ch, type }) => ch === channel && type !== undefined);
    const say = (message: object) => socket.send(JSON.stringify(message));
    return { socket, frames, closed, refused, on, say, reason: () => reason };
  }

  /** A client whose connection stands. */
  async open(dialling: Dialling = {}) {
    const client = this.dial(dialling);
    await new Promise((resolve) => client.socket.once('open', resolve));
    return client;
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.terminate();
  }
}
