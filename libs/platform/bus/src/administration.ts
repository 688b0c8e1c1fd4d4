import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { NatsAddress } from './link.js';

const apiTimeoutMs = 10_000;

/** What only the administrator may do, over a connection of its own that ends with the work. */
export async function administering<T>(
  { url, user, password, namespace }: NatsAddress,
  work: (manager: JetStreamManager, connection: NatsConnection) => Promise<T>,
): Promise<T> {
  const servers = url.split(',');
  const name = `${namespace}-administrator`;
  const connection = await connect({ servers, user, pass: password, name, timeout: apiTimeoutMs });
  try {
    return await work(await jetstreamManager(connection, { timeout: apiTimeoutMs }), connection);
  } finally {
    await connection.close();
  }
}
