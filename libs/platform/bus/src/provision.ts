import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import {
  type ConsumerSpec,
  consumerConfig,
  type Speaker,
  streamConfig,
  streamIn,
  topology,
} from '@scalpstorm/contracts';
import { administering } from './administration.js';
import type { NatsAddress } from './link.js';

export interface Provisioning {
  /** Services that not everybody runs and whose consumers are wanted here, e.g. `kafka-bridge`. */
  readonly optional?: readonly Speaker[];
  /** On how many servers of a cluster each stream is kept, 1 to 5; 1 unless told. */
  readonly replicas?: number;
}

/**
 * Makes the streams and durable consumers of a namespace what the topology says; as the administrator, because services
 * cannot. Repeating it changes nothing; messages and positions of consumers stay.
 */
export async function provisionTopology(
  administrator: NatsAddress,
  { optional = [], replicas = 1 }: Provisioning = {},
): Promise<void> {
  const wanted = topology.optionalConsumers.filter(({ speaker }) => optional.includes(speaker));
  await administering(administrator, async (manager) => {
    const { namespace } = administrator;
    await Promise.all(
      topology.streams.map((spec) =>
        provisionStream(manager, { ...streamConfig(namespace, spec), num_replicas: replicas }),
      ),
    );
    const consumers = [...topology.consumers, ...wanted];
    await Promise.all(consumers.map((spec) => provisionConsumer(manager, namespace, spec)));
  });
}

/** Deletes every stream of the namespace with all that is in it: for namespaces that were made for a test. */
export async function removeTopology(administrator: NatsAddress): Promise<void> {
  await administering(administrator, async (manager) => {
    const names = topology.streams.map(({ name }) => streamIn(administrator.namespace, name));
    await Promise.all(names.map((name) => unlessAbsent(() => manager.streams.delete(name))));
  });
}

type StreamWanted = ReturnType<typeof streamConfig> & { readonly num_replicas: number };

async function provisionStream(manager: JetStreamManager, config: StreamWanted): Promise<void> {
  const known = await unlessAbsent(() => manager.streams.info(config.name));
  if (known === null) await manager.streams.add(config);
  else await manager.streams.update(config.name, config);
}

async function provisionConsumer(manager: JetStreamManager, namespace: string, spec: ConsumerSpec): Promise<void> {
  const stream = streamIn(namespace, spec.stream);
  // No back-off at the server: the bus delays by itself, and a server that has its own adds it to ours (seen on 2.10).
  const config = { ...consumerConfig(namespace, spec), backoff: [] };
  const known = await unlessAbsent(() => manager.consumers.info(stream, config.durable_name));
  if (known === null) await manager.consumers.add(stream, config);
  else await manager.consumers.update(stream, config.durable_name, config);
}

const absent: readonly number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound];

async function unlessAbsent<T>(request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (cause) {
    if (cause instanceof JetStreamApiError && absent.includes(cause.code)) return null;
    throw cause;
  }
}
