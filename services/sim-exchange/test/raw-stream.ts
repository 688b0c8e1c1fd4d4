import type { Announcement } from '../src/sim-exchange.module.js';

export type StreamEvent = Readonly<Record<string, unknown>>;

/** The first events of a public stream, as they stand on the wire. */
export function eventsOf({ spotWs }: Announcement, stream: string, count = 1): Promise<readonly StreamEvent[]> {
  const events: StreamEvent[] = [];
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${spotWs}/${stream}`);
    socket.onerror = () => reject(new Error(`no stream ${stream}`));
    socket.onmessage = ({ data }) => {
      events.push(JSON.parse(String(data)) as StreamEvent);
      if (events.length < count) return;
      socket.close();
      resolve(events);
    };
  });
}

/** One call of the websocket API on a connection of its own, unsigned. */
export function askApi({ wsApi }: Announcement, method: string, params: object): Promise<StreamEvent> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(wsApi);
    socket.onerror = () => reject(new Error(`no answer to ${method}`));
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, method, params }));
    socket.onmessage = ({ data }) => {
      socket.close();
      resolve(JSON.parse(String(data)) as StreamEvent);
    };
  });
}

/** Events of several streams on one connection, until each has told one. */
export function combinedEventsOf(
  { spotWs }: Announcement,
  streams: readonly string[],
): Promise<readonly StreamEvent[]> {
  const events: StreamEvent[] = [];
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(spotWs.replace(/\/ws$/, `?streams=${streams.join('/')}`));
    socket.onerror = () => reject(new Error(`no streams ${streams.join(', ')}`));
    socket.onmessage = ({ data }) => {
      events.push(JSON.parse(String(data)) as StreamEvent);
      if (!streams.every((name) => events.some(({ stream }) => stream === name))) return;
      socket.close();
      resolve(events);
    };
  });
}

/** A connection to the public streams that is asked something. */
export class StreamTalk {
  private asked = 0;

  private constructor(private readonly socket: WebSocket) {}

  static open({ spotWs }: Announcement): Promise<StreamTalk> {
    const socket = new WebSocket(spotWs);
    return new Promise((resolve, reject) => {
      socket.onerror = () => reject(new Error('no connection'));
      socket.onopen = () => resolve(new StreamTalk(socket));
    });
  }

  ask(method: string, params?: readonly string[]): Promise<StreamEvent> {
    this.asked += 1;
    const id = this.asked;
    const answer = new Promise<StreamEvent>((resolve) => {
      const hear = ({ data }: MessageEvent): void => {
        const message = JSON.parse(String(data)) as StreamEvent;
        if (message['id'] !== id) return;
        this.socket.removeEventListener('message', hear);
        resolve(message);
      };
      this.socket.addEventListener('message', hear);
    });
    this.socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }

  close(): void {
    this.socket.close();
  }
}
