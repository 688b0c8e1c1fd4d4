// `npm run kafka:test`: the suites of the Kafka bridge against a real broker; `npm test` runs them against a mock of the protocol.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createChildren } from './children.mjs';
import { errorText, exitCodeOf } from './failure.mjs';
import { runForeground } from './foreground.mjs';
import { cacheDirectory, root, runtimeRoot } from './paths.mjs';
import { freePort } from './ports.mjs';
import { say } from './progress.mjs';
import { kafkaContainer, resolveKafka } from './servers/kafka.mjs';
import { firstAnswer, waitUntil } from './servers/probe.mjs';
import { withTemporaryServers } from './temporary-servers.mjs';

const containerReadyMs = 10 * 60_000;
/** An ApiVersions request, which every broker answers: size, key 18, version 0, correlation 1, no client. */
const hello = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

/** Starts the container of the last resort. @returns the address */
async function startContainer(children) {
  const port = await freePort();
  const container = `scalpstorm-kafka-${process.pid}`;
  const logFile = join(runtimeRoot, `${container}.log`);
  children.start({ name: 'kafka', tier: 'server', logFile, ...kafkaContainer({ container, port }) });
  await waitUntil(() => firstAnswer({ host: '127.0.0.1', port, hello }), { timeoutMs: containerReadyMs });
  return `127.0.0.1:${port}`;
}

async function main(args) {
  mkdirSync(runtimeRoot, { recursive: true });
  const found = await resolveKafka({ environment: process.env, cache: cacheDirectory() });
  say(
    `Kafka: ${{ environment: 'from KAFKA_BROKERS', java: 'its own distribution on Java', docker: 'a container' }[found.from]}`,
  );
  if (found.from !== 'docker') return runSuites(args, found);
  const children = createChildren();
  try {
    return await runSuites(args, { brokers: await startContainer(children) });
  } finally {
    await children.endAll();
  }
}

function runSuites(args, { brokers, libraries }) {
  const kafka = libraries ? { TEST_KAFKA_LIBRARIES: libraries } : { TEST_KAFKA_BROKERS: brokers };
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const chosen = args.some((arg) => arg.includes('kafka-bridge')) ? args : ['services/kafka-bridge', ...args];
  const own = ['--experimental-vm-modules', '--no-warnings', jest, '--runInBand', ...chosen];
  return withTemporaryServers('kafka-', (environment, onStart) =>
    runForeground(process.execPath, own, { environment: { ...environment, ...kafka }, onStart }),
  );
}

process.exit(
  await main(process.argv.slice(2)).catch((error) => {
    say(errorText(error));
    return exitCodeOf(error);
  }),
);
