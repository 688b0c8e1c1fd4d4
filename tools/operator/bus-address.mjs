import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../failure.mjs';
import { instanceDirectory, readJson } from '../instance.mjs';
import { namespaceOf } from '../launcher/services.mjs';
import { root } from '../paths.mjs';
import { busAdministrator } from '../servers.mjs';

/**
 * Where the bus of an instance is and who may do everything on it: NATS_URL, NATS_USER and NATS_PASSWORD where somebody else runs
 * it, else what the launcher keeps for the instance, which only its owner can read.
 * @throws {Failure} INSTANCE_UNKNOWN, SERVER_NOT_HERE
 */
export function administratorOf(name, environment = process.env) {
  const namespace = namespaceOf(name, environment);
  if (environment.NATS_URL) {
    const user = environment.NATS_USER ?? busAdministrator;
    return { url: environment.NATS_URL, user, password: environment.NATS_PASSWORD ?? '', namespace };
  }
  const directory = instanceDirectory(name);
  const password = readJson(join(directory, 'secrets.json'), {})[`nats.${busAdministrator}`];
  const server = readJson(join(directory, 'nats', 'nats.json'), undefined);
  if (password === undefined || server === undefined) {
    throw new Failure('INSTANCE_UNKNOWN', `the instance "${name}" has no bus of its own here.`, {
      where: directory,
      next: 'name one that was started here with --name, or give NATS_URL, NATS_USER and NATS_PASSWORD',
      exitCode: 2,
    });
  }
  if (server.host !== '127.0.0.1') {
    throw new Failure('SERVER_NOT_HERE', 'the bus runs in a container, whose port is not written down.', {
      where: join(directory, 'nats', 'nats.json'),
      next: 'give NATS_URL (docker ps shows the port), NATS_USER=admin and NATS_PASSWORD',
    });
  }
  return { url: `nats://127.0.0.1:${server.port}`, user: busAdministrator, password, namespace };
}

/** The bus library as it was built; tools have no other way to NATS. */
export async function builtBus() {
  const built = join(root, 'libs/platform/bus/dist/index.js');
  if (!existsSync(built)) {
    throw new Failure('NOT_BUILT', 'the bus library is not built.', { where: built, next: 'run npm run setup' });
  }
  return import(pathToFileURL(built).href);
}

/** Runs work that needs the bus; what stands in its way becomes something to read. */
export async function onBus(administrator, work) {
  try {
    return await work(await builtBus());
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const absent = /stream not found/i.test(String(cause));
    const code = absent ? 'NAMESPACE_UNKNOWN' : 'BUS_UNREACHABLE';
    const said = absent ? `there is no namespace ${administrator.namespace}` : cause?.message;
    throw new Failure(code, `${said}.`, {
      where: administrator.url,
      next: absent
        ? 'give --name or SCALPSTORM_NAMESPACE'
        : 'start the instance, or check NATS_URL, NATS_USER and NATS_PASSWORD',
      cause,
    });
  }
}
