import { DeliverPolicy, JetStreamApiCodes, JetStreamApiError, jetstream } from '@nats-io/jetstream';
import { inNamespace, type StreamName, streamIn } from '@scalpstorm/contracts';
import { administering } from './administration.js';
import type { NatsAddress } from './link.js';
import { plainHeaders } from './puller.js';
import { natsHeaders } from './sender.js';
import type { MessageHeaders } from './tracing.js';

/** One message of a stream, to be put into another one. */
export interface CarriedMessage {
  /** Without the namespace. */
  readonly subject: string;
  /** The message id among them. */
  readonly headers: MessageHeaders;
  readonly data: Uint8Array;
}

export interface StreamSpan {
  readonly stream: StreamName;
  /** Stored then or later, in milliseconds since the epoch; null: from the first that is kept. */
  readonly sinceMs: number | null;
  /** Stored then or before. */
  readonly untilMs: number;
}

const pageMax = 500;
const pageWaitMs = 1_000;

/** Hands over what a stream kept in a span of time, in its order; as the administrator. */
export async function readStream(
  administrator: NatsAddress,
  { stream, sinceMs, untilMs }: StreamSpan,
  take: (message: CarriedMessage) => Promise<void>,
): Promise<void> {
  const { namespace } = administrator;
  await administering(administrator, async (manager, connection) => {
    const name = streamIn(namespace, stream);
    const { state } = await manager.streams.info(name);
    if (state.messages === 0) return;
    const start =
      sinceMs === null
        ? { deliver_policy: DeliverPolicy.All }
        : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(sinceMs).toISOString() };
    const consumer = await jetstream(connection).consumers.get(name, start);
    for (;;) {
      let last = 0;
      // Nothing that is stored while we read is asked for: the span has an end.
      for await (const message of await consumer.fetch({ max_messages: pageMax, expires: pageWaitMs })) {
        last = message.seq;
        if (Number(message.timestampNanos / 1_000_000n) > untilMs) return;
        const subject = message.subject.slice(namespace.length + 1);
        await take({ subject, headers: plainHeaders(message.headers), data: message.data });
        if (last >= state.last_seq) return;
      }
      if (last === 0) return;
    }
  });
}

/** Puts messages into the streams that their subjects belong to, as they were; as the administrator. */
export async function fillStreams(
  administrator: NatsAddress,
  messages: AsyncIterable<CarriedMessage>,
): Promise<number> {
  return administering(administrator, async (_manager, connection) => {
    const client = jetstream(connection);
    let put = 0;
    for await (const { subject, headers, data } of messages) {
      await client.publish(inNamespace(administrator.namespace, subject), data, { headers: natsHeaders(headers) });
      put += 1;
    }
    return put;
  });
}

/** How many messages the streams keep, by name; those that do not exist are left out. */
export async function countMessages(
  administrator: NatsAddress,
  streams: readonly StreamName[],
): Promise<ReadonlyMap<StreamName, number>> {
  return administering(administrator, async (manager) => {
    const counts = new Map<StreamName, number>();
    for (const stream of streams) {
      try {
        counts.set(stream, (await manager.streams.info(streamIn(administrator.namespace, stream))).state.messages);
      } catch (cause) {
        if (!(cause instanceof JetStreamApiError) || cause.code !== JetStreamApiCodes.StreamNotFound) throw cause;
      }
    }
    return counts;
  });
}
