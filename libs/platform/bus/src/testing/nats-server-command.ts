import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** A nats-server program, from the PATH or as `npm test` provisions it; null when there is none that a spec may kill. */
export async function natsServerCommand(environment = process.env): Promise<string | null> {
  const onPath = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const servers = join(resolve(environment['SCALPSTORM_CACHE_DIR'] || '.cache'), 'servers');
  const provisioned = (await namesIn(servers))
    .filter((name) => name.startsWith('nats-'))
    .flatMap((name) => ['usr/bin', 'usr/sbin'].map((folder) => join(servers, name, folder)));
  for (const folder of [...onPath, ...provisioned]) {
    const command = join(folder, 'nats-server');
    if (await isProgram(command)) return command;
  }
  return null;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
