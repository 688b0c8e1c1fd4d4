import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.mjs';
import { withLock } from '../lock.mjs';
import { say, step } from '../progress.mjs';
import { runToEnd } from './apt.mjs';
import { containerCommand } from './docker.mjs';

export const kafkaVersion = '3.9.1';
const scalaVersion = '2.13';
const image = `apache/kafka:${kafkaVersion}`;
/** Pinned, because the default is whatever the installed Maven was released with. */
const copyGoal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const answers = (command, args) => spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>scalpstorm</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_${scalaVersion}</artifactId>
      <version>${kafkaVersion}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Maven checks what it fetches; the folder appears whole or not at all. */
async function fetchLibraries(target) {
  const work = `${target}.${process.pid}.partial`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    writeFileSync(join(work, 'pom.xml'), project);
    const libraries = join(work, 'libs');
    const options = ['-q', '-B', '-C', '-f', join(work, 'pom.xml')];
    await runToEnd('mvn', [...options, copyGoal, '-DincludeScope=runtime', `-DoutputDirectory=${libraries}`]);
    renameSync(libraries, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function provision(cache) {
  if (!answers('java', ['-version'])) throw new Error('no java on the PATH');
  const target = join(cache, 'servers', `kafka-${kafkaVersion}`);
  if (existsSync(target)) return target;
  if (!answers('mvn', ['--version'])) throw new Error('no mvn on the PATH to fetch the distribution with');
  await withLock(
    `${target}.lock`,
    async () => {
      if (!existsSync(target)) await step(`fetching Kafka ${kafkaVersion}`, () => fetchLibraries(target));
    },
    { onWait: (pid) => say(`… waiting for process ${pid}, which fetches Kafka`) },
  );
  return target;
}

/** One broker in a container, for clients on this machine. */
export function kafkaContainer({ container, port }) {
  return containerCommand({
    container,
    image,
    publish: { port, inside: 9092 },
    environment: {
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    },
  });
}

/**
 * A real broker for the suites of the bridge: a running one, Kafka's own distribution on Java, or a container.
 * @param {{environment: Record<string, string | undefined>, cache: string}} context
 * @returns {Promise<{from: 'environment' | 'java' | 'docker', brokers?: string, libraries?: string}>}
 */
export async function resolveKafka({ environment, cache }) {
  if (environment.KAFKA_BROKERS) return { from: 'environment', brokers: environment.KAFKA_BROKERS };
  const reasons = [];
  try {
    return { from: 'java', libraries: await provision(cache) };
  } catch (error) {
    reasons.push(`java: ${error.message}`);
  }
  if (answers('docker', ['version', '--format', '{{.Server.Version}}'])) return { from: 'docker' };
  reasons.push('docker: no container runtime answers');
  throw new Failure('SERVER_UNAVAILABLE', 'a Kafka broker could not be had on this machine.', {
    details: reasons,
    next: 'do one of three: set KAFKA_BROKERS to a running one, install java and mvn, or start Docker; then run the same command again',
  });
}
