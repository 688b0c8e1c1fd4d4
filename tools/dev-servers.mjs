// Servers shared by everybody who develops in this clone: started once, detached, found again by the next call.
//   eval "$(node tools/dev-servers.mjs)"     prints the exports that specs read
//   node tools/dev-servers.mjs stop          ends them
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChildren } from './children.mjs';
import { errorText, exitCodeOf, Failure } from './failure.mjs';
import { describeInstance, endRecorded, readJson, writePrivate } from './instance.mjs';
import { withLock } from './lock.mjs';
import { isAlive } from './processes.mjs';
import { say } from './progress.mjs';
import { busUsers, startServers } from './servers.mjs';
import { testEnvironment } from './test-environment.mjs';

const instance = describeInstance('dev');
const answerFile = join(instance.directory, 'environment.json');

function running() {
  const recorded = instance.recorded();
  return recorded.length > 0 && recorded.every(isAlive);
}

/** The permissions come from the built contracts, which change while the servers run: NATS takes them without a restart. */
async function refreshUsers() {
  const file = join(instance.directory, 'nats/nats.json');
  const configuration = readJson(file, undefined);
  const nats = instance.recorded().find(({ name }) => name === 'nats');
  if (configuration === undefined || nats === undefined) return {};
  const { users, passwords } = await busUsers(instance.secret);
  const text = `${JSON.stringify({ ...configuration, authorization: { ...configuration.authorization, users } }, null, 1)}\n`;
  if (text !== readFileSync(file, 'utf8')) {
    writePrivate(file, text);
    process.kill(nats.pid, 'SIGHUP');
  }
  return { TEST_NATS_PASSWORDS: JSON.stringify(passwords) };
}

async function start() {
  if (running()) return { ...readJson(answerFile, {}), ...(await refreshUsers()) };
  await endRecorded(instance.directory);
  const children = createChildren({ guarded: false, onChange: instance.record });
  try {
    const environment = testEnvironment(await startServers({ instance, children }));
    writePrivate(answerFile, JSON.stringify(environment));
    return environment;
  } catch (error) {
    await children.endAll();
    throw error;
  }
}

function quoted(value) {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

async function main(action) {
  if (action === 'stop') {
    const count = await endRecorded(instance.directory);
    say(count === 0 ? 'no dev servers were running' : `ended ${count} dev servers`);
    return;
  }
  if (action !== undefined) {
    throw new Failure('UNKNOWN_ACTION', `"${action}" is not an action.`, {
      next: 'run `node tools/dev-servers.mjs`, or `node tools/dev-servers.mjs stop`',
      exitCode: 2,
    });
  }
  const environment = await start();
  for (const [name, value] of Object.entries(environment)) process.stdout.write(`export ${name}=${quoted(value)}\n`);
}

try {
  await withLock(`${instance.directory}.lock`, () => main(process.argv[2]), {
    onWait: (pid) => say(`… waiting for process ${pid}, which starts or stops them`),
  });
  process.exit(0);
} catch (error) {
  say(errorText(error));
  process.exit(exitCodeOf(error));
}
