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
