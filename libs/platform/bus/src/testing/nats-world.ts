import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type StreamName, streamIn } from '@scalpstorm/contracts';
import { NatsBus, type NatsBusOptions } from '../nats-bus.js';
import { plainHeaders } from '../puller.js';
import type { BusWorld } from './bus-contract.js';
import type { StoredMessage } from './memory-broker.js';
import { type TestNats, type ThrowAwayNamespace, throwAwayNamespace } from './throw-away-namespace.js';

/** Speakers that meet in a throw-away namespace of a real server, and the administrator who sees everything. */
export interface NatsWorld extends BusWorld {
  readonly place: ThrowAwayNamespace;
  readonly administrator: NatsConnection;
  connect(speaker: NatsBusOptions['speaker'], options?: Partial<NatsBusOptions>): Promise<NatsBus>;
  stored(stream: StreamName): Promise<readonly StoredMessage[]>;
}

/** Short, because a test waits for them; but for an answer, which comes at once unless the machine gives nobody a turn. */
const settings = { retryBackoff: { firstMs: 5, maxMs: 50 }, drainMsMax: 500, answerMsMax: 20_000 };

export async function natsWorld(server: TestNats): Promise<NatsWorld> {
  const place = await throwAwayNamespace(server);
  const administrator = await connect({ servers: server.url, user: server.adminUser, pass: server.adminPassword });
  const open: NatsBus[] = [];
  const stored = (stream: StreamName) => readStream(administrator, place.namespace, stream);
  return {
    place,
    administrator,
    stored,
    async connect(speaker, options = {}) {
      const connection = await NatsBus.open({ ...place.address(speaker), speaker, ...settings, ...options });
      open.push(connection);
      return connection;
    },
    deadLetters: () => stored('DEAD_LETTERS'),
    async close() {
      await Promise.all(open.map((connection) => connection.close()));
      await administrator.close();
      await place.remove();
    },
  };
}

const askedAtOnce = 64;

async function readStream(
  administrator: NatsConnection,
  namespace: string,
  stream: StreamName,
): Promise<readonly StoredMessage[]> {
  const { streams } = await jetstreamManager(administrator);
  const name = streamIn(namespace, stream);
  const { first_seq, last_seq } = (await streams.info(name)).state;
  const first = Math.max(1, first_seq);
  const sequences = Array.from({ length: Math.max(0, last_seq - first + 1) }, (_, index) => first + index);
  const found: StoredMessage[] = [];
  // Many at once: specs look again and again, and each question costs a round trip.
  for (let from = 0; from < sequences.length; from += askedAtOnce) {
    const some = sequences.slice(from, from + askedAtOnce);
    for (const message of await Promise.all(some.map((seq) => streams.getMessage(name, { seq })))) {
      if (message === null) continue;
      const { data: payload, header, seq: sequence } = message;
      const subject = message.subject.slice(namespace.length + 1);
      found.push({ stream, subject, payload, headers: plainHeaders(header), sequence });
    }
  }
  return found;
}
