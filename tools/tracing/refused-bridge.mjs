// The Kafka bridge before a broker that asks for its password and then takes it for a wrong one.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { provisionTopology } from '@scalpstorm/bus';
import { serverEnvironment } from './platform.mjs';
import { secrets } from './secrets.mjs';

const apis = { handshake: 17, versions: 18, authenticate: 36 };
const refused = 58;

const int16 = (value) => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
const int32 = (value) => Buffer.concat([int16(value >> 16), int16(value & 0xffff)]);
const text = (value) => Buffer.concat([int16(value.length), Buffer.from(value)]);
const noBytes = int32(0);

const bodies = {
  [apis.versions]: () => {
    const ranges = Object.values(apis).map((key) => Buffer.concat([key, 0, key === apis.versions ? 2 : 1].map(int16)));
    return Buffer.concat([int16(0), int32(ranges.length), ...ranges, int32(0)]);
  },
  [apis.handshake]: () => Buffer.concat([int16(0), int32(1), text('PLAIN')]),
  [apis.authenticate]: () => Buffer.concat([int16(refused), text('who is that'), noBytes, int32(0), int32(0)]),
};

/** NOT Kafka: it goes as far as the log-in. `asked` has what it was sent. */
async function startBroker() {
  const asked = [];
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const request = received.subarray(4, 4 + received.readInt32BE(0));
        received = received.subarray(4 + request.length);
        asked.push(request);
        const body = bodies[request.readInt16BE(0)]?.() ?? Buffer.alloc(0);
        socket.write(Buffer.concat([int32(4 + body.length), request.subarray(4, 8), body]));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `127.0.0.1:${server.address().port}`, asked, close: () => server.close() };
}

/**
 * Runs until the bridge has said that it was refused.
 * @param {{place: object, start: Function}} platform `start` keeps its lines
 * @param {Record<string, string>} shared what all services find in their environment
 * @returns {Promise<{sent: string, pages: string[]}>} what the broker was sent, and the bridge's pages of metrics and health
 */
export async function refusedBridge({ place, start }, shared) {
  await provisionTopology(place.administrator, { replicas: 1, optional: ['kafka-bridge'] });
  const broker = await startBroker();
  const env = {
    ...serverEnvironment('kafka-bridge', { place }),
    ...shared,
    KAFKA_BROKERS: broker.address,
    KAFKA_TOPICS_CREATE: 'true',
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USER: 'bridge',
    KAFKA_SASL_PASSWORD: secrets.kafkaPassword,
    KAFKA_SASL_WITHOUT_TLS_ALLOWED: 'true',
  };
  const bridge = start('kafka-bridge', { env });
  try {
    const { operationsUrl } = JSON.parse(await bridge.line((line) => line.includes('"msg":"serving"')));
    await bridge.line((line) => line.includes('no topics yet'));
    const pages = await Promise.all(
      ['/metrics', '/health/ready'].map(async (path) => (await fetch(operationsUrl + path)).text()),
    );
    return { sent: broker.asked.map(String).join('\n'), pages };
  } finally {
    await bridge.stop('SIGKILL');
    broker.close();
  }
}
