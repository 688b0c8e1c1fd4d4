// `npm run containers:test`: the suites that need servers, against the servers of the images in containers. Only where Docker runs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runForeground } from './foreground.mjs';
import { dockerAnswers } from './lanes.mjs';
import { root, runtimeRoot } from './paths.mjs';
import { say } from './progress.mjs';
import { natsConfiguration, natsDefinition } from './servers/nats.mjs';
import { postgresDefinition } from './servers/postgres.mjs';
import { redisDefinition } from './servers/redis.mjs';
import { busUsers } from './servers.mjs';
import { testEnvironment } from './test-environment.mjs';

/** Suites beside which servers stand; everything else has nothing to learn from another server. */
const suites = [
  'libs/platform/',
  'services/(execution|risk-gate|strategy|gateway|notifications|research|kafka-bridge)/',
];
const password = 'only-for-this-run';

async function startNats({ GenericContainer, Wait }) {
  const { users, passwords } = await busUsers((name) => `${password}-${name}`);
  const content = JSON.stringify(natsConfiguration({ host: '0.0.0.0', port: 4222, store: '/data', users }));
  const container = await new GenericContainer(natsDefinition.image)
    .withCopyContentToContainer([{ content, target: '/etc/nats/nats.json' }])
    .withCommand(['-c', '/etc/nats/nats.json'])
    .withExposedPorts(4222)
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
  return { container, nats: { url: `nats://${container.getHost()}:${container.getMappedPort(4222)}`, passwords } };
}

async function startPostgres({ GenericContainer, Wait }) {
  const container = await new GenericContainer(postgresDefinition.image)
    .withEnvironment({ POSTGRES_USER: 'scalpstorm', POSTGRES_PASSWORD: password, POSTGRES_DB: 'scalpstorm' })
    .withCommand(['postgres', '-c', 'max_connections=200'])
    .withExposedPorts(5432)
    // It starts once to make the database and once for us.
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start();
  const at = `${container.getHost()}:${container.getMappedPort(5432)}`;
  return { container, postgres: { url: `postgres://scalpstorm:${password}@${at}/scalpstorm` } };
}

async function startRedis({ GenericContainer, Wait }) {
  const container = await new GenericContainer(redisDefinition.image)
    .withCommand(['redis-server', '--requirepass', password])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
  return { container, redis: { url: `redis://:${password}@${container.getHost()}:${container.getMappedPort(6379)}` } };
}

async function main(args) {
  if (!dockerAnswers()) {
    say('skipped lane: containers (testcontainers): no Docker daemon answers');
    return 0;
  }
  mkdirSync(runtimeRoot, { recursive: true });
  const testcontainers = await import('testcontainers');
  const started = await Promise.all([startNats, startPostgres, startRedis].map((start) => start(testcontainers)));
  try {
    const servers = Object.assign({}, ...started);
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const patterns = args.length > 0 ? args : suites;
    const own = ['--experimental-vm-modules', '--no-warnings', jest, '--maxWorkers', '2', ...patterns];
    return await runForeground(process.execPath, own, { environment: testEnvironment(servers) });
  } finally {
    await Promise.all(started.map(({ container }) => container.stop()));
  }
}

process.exit(await main(process.argv.slice(2)));
