// Where the servers of an instance are, whether it runs or not.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createChildren } from '../children.mjs';
import { Failure } from '../failure.mjs';
import { claimInstance, instanceDirectory, readJson } from '../instance.mjs';
import { namespaceOf, optionalNames } from '../launcher/services.mjs';
import { root } from '../paths.mjs';
import { busAdministrator, prepareServers, serversFile, startServers } from '../servers.mjs';

/** The setup service as it was built; back-up and restore are the same in a clone, in compose and in Kubernetes. */
export async function builtSetup() {
  const built = join(root, 'services/setup/dist/index.js');
  if (!existsSync(built)) {
    throw new Failure('NOT_BUILT', 'the setup service is not built.', { where: built, next: 'run npm run build' });
  }
  return import(pathToFileURL(built).href);
}

/** What the setup service is told of these servers. */
export function setupEnvironment(name, { postgres, nats }) {
  return {
    SCALPSTORM_NAMESPACE: namespaceOf(name),
    POSTGRES_URL: postgres.url,
    NATS_URL: nats.url,
    NATS_USER: nats.user ?? busAdministrator,
    NATS_PASSWORD: nats.password ?? nats.passwords[busAdministrator],
    ...(optionalNames.length > 0 && { OPTIONAL_SERVICES: optionalNames.join(',') }),
  };
}

/** Those of a running instance, as it wrote them down. */
function runningServers(name) {
  const file = join(instanceDirectory(name), serversFile);
  const written = readJson(file, undefined);
  if (written !== undefined) return written;
  throw new Failure('SERVERS_UNKNOWN', `the instance "${name}" runs and has not written down where its servers are.`, {
    where: file,
    next: 'wait until it has started; one of an older version has to be started again',
  });
}

/**
 * Starts the servers of an instance for some work and ends them after it.
 * @throws {Failure} INSTANCE_RUNNING
 */
export async function withOwnServers(name, work) {
  const instance = await claimInstance(name);
  const children = createChildren({ onChange: instance.record });
  try {
    const prepared = await prepareServers({ instance });
    return await work(await startServers({ instance, children, prepared }));
  } finally {
    await children.endAll();
    instance.release();
  }
}

/** The same, with those that run already where the instance runs. @throws {Failure} INSTANCE_UNKNOWN */
export async function withServers(name, work) {
  const directory = instanceDirectory(name);
  if (!existsSync(join(directory, 'secrets.json'))) {
    throw new Failure('INSTANCE_UNKNOWN', `there is no instance "${name}" here.`, {
      where: directory,
      next: 'name one that was started here with --name',
      exitCode: 2,
    });
  }
  try {
    return await withOwnServers(name, work);
  } catch (error) {
    if (error.code !== 'INSTANCE_RUNNING') throw error;
    return work(runningServers(name));
  }
}
