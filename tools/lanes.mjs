import { spawnSync } from 'node:child_process';

/** Tests that need more than this machine may have; each says in one line why it did not run. */
const lanes = [
  {
    name: 'containers (testcontainers)',
    missing: () => (dockerAnswers() ? 'npm run containers:test runs it' : 'no Docker daemon answers'),
  },
  {
    name: 'Kafka broker',
    missing: () =>
      process.env.KAFKA_BROKERS
        ? undefined
        : 'KAFKA_BROKERS names none, so a mock of the protocol stood in; npm run kafka:test runs a real one',
  },
  { name: 'GPU', missing: () => (answers('nvidia-smi', ['-L']) ? undefined : 'no GPU on this machine') },
];

function answers(command, args) {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 5_000 }).status === 0;
}

export const dockerAnswers = () => answers('docker', ['version', '--format', '{{.Server.Version}}']);

/** One line for every optional lane that was left out. */
export async function describeLanes() {
  return lanes.flatMap(({ name, missing }) => {
    const why = missing();
    return why === undefined ? [] : [`skipped lane: ${name}: ${why}`];
  });
}
