import type { TextSocket } from '../ports/text-socket.js';

/** As many streams as one connection of the venue may hear. */
const streamsPerSocketMax = 1_024;
const streamNameLengthMax = 100;

interface Listener {
  readonly streams: Set<string>;
  /** Combined connections get `{stream, data}` instead of the bare event. */
  readonly combined: boolean;
}

/** Who listens to which public stream; speaks SUBSCRIBE, UNSUBSCRIBE and LIST_SUBSCRIPTIONS. */
export class StreamHub {
  private readonly listeners = new Map<TextSocket, Listener>();
  private readonly byStream = new Map<string, Set<TextSocket>>();

  /** `onFirst` is called once, when somebody first subscribes to anything. */
  constructor(private readonly onFirst: () => void = () => {}) {}

  open(socket: TextSocket, streams: readonly string[], combined: boolean): void {
    this.listeners.set(socket, { streams: new Set(), combined });
    this.subscribe(socket, streams);
  }

  close(socket: TextSocket): void {
    this.unsubscribe(socket, [...(this.listeners.get(socket)?.streams ?? [])]);
    this.listeners.delete(socket);
  }

  streamsOf(socket: TextSocket): Iterable<string> {
    return this.listeners.get(socket)?.streams ?? [];
  }

  has(stream: string): boolean {
    return this.byStream.has(stream);
  }

  /** The event is written once for everybody; `event` is only asked when somebody listens. */
  publish(stream: string, event: () => object): void {
    const sockets = this.byStream.get(stream);
    if (sockets === undefined) return;
    const text = JSON.stringify(event());
    for (const socket of sockets) {
      const combined = this.listeners.get(socket)?.combined ?? false;
      socket.send(combined ? `{"stream":"${stream}","data":${text}}` : text, stream);
    }
  }

  /** A text frame of the client. `refusal` may say no to a subscription. */
  hear(socket: TextSocket, text: string, refusal: (streams: readonly string[]) => string | null = () => null): void {
    const message = readMessage(text);
    if (message === null) {
      socket.send(
        '{"error":{"code":2,"msg":"Invalid request: expected {\\"method\\",\\"params\\",\\"id\\"}"},"id":null}',
      );
      return;
    }
    const { method, params, id } = message;
    const refused = method === 'SUBSCRIBE' ? (refusal(params) ?? this.subscribe(socket, params)) : null;
    if (refused !== null) {
      socket.send(JSON.stringify({ error: { code: 2, msg: `Invalid request: ${refused}` }, id }));
      return;
    }
    if (method === 'UNSUBSCRIBE') this.unsubscribe(socket, params);
    const result = method === 'LIST_SUBSCRIPTIONS' ? [...(this.listeners.get(socket)?.streams ?? [])] : null;
    socket.send(JSON.stringify({ result, id }));
  }

  /** Null, or why not. */
  private subscribe(socket: TextSocket, streams: readonly string[]): string | null {
    const listener = this.listeners.get(socket);
    if (listener === undefined || listener.streams.size + streams.length > streamsPerSocketMax)
      return `at most ${streamsPerSocketMax} streams a connection`;
    for (const stream of streams) {
      listener.streams.add(stream);
      const sockets = this.byStream.get(stream);
      if (sockets === undefined) this.byStream.set(stream, new Set([socket]));
      else sockets.add(socket);
    }
    if (streams.length > 0) this.onFirst();
    return null;
  }

  private unsubscribe(socket: TextSocket, streams: readonly string[]): void {
    for (const stream of streams) {
      this.listeners.get(socket)?.streams.delete(stream);
      const sockets = this.byStream.get(stream);
      sockets?.delete(socket);
      if (sockets?.size === 0) this.byStream.delete(stream);
    }
  }
}

interface StreamMessage {
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'LIST_SUBSCRIPTIONS';
  readonly params: readonly string[];
  readonly id: string | number | null;
}

function readMessage(text: string): StreamMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { method, params = [], id = null } = value as Record<string, unknown>;
  if (method !== 'SUBSCRIBE' && method !== 'UNSUBSCRIBE' && method !== 'LIST_SUBSCRIPTIONS') return null;
  if (!Array.isArray(params) || !params.every(isStreamName)) return null;
  return { method, params, id: typeof id === 'string' || typeof id === 'number' ? id : null };
}

/** Names go back into JSON unescaped, so only plain characters may pass. */
export const isStreamName = (name: unknown): name is string =>
  typeof name === 'string' && name.length <= streamNameLengthMax && /^[\w@!.:+-]+$/.test(name);
