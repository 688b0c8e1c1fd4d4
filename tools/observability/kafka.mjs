import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../paths.mjs';

const prefix = 'observability.';

/**
 * Something for the bridge to produce to: the mock of the protocol from its own suites, in this process.
 * @returns {Promise<{environment: Record<string, string>, close: () => Promise<void>}>} what makes the launcher start the bridge
 */
export async function startKafka() {
  const module = (path) => import(pathToFileURL(join(root, 'services/kafka-bridge', path)).href);
  const [{ ProtocolMock }, { familyNames }] = await Promise.all([
    module('test/protocol-mock.ts'),
    module('dist/domain/families.js'),
  ]);
  const broker = await ProtocolMock.open();
  await broker.createTopics(familyNames.map((family) => `${prefix}${family}`));
  return {
    environment: { KAFKA_BROKERS: broker.address, KAFKA_TOPIC_PREFIX: prefix },
    close: () => broker.close(),
  };
}
