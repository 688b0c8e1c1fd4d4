// Back-up and restore of an instance of `npm start`: the commands of the setup service with the instance's own servers.
import { resolve } from 'node:path';
import { Failure } from '../failure.mjs';
import { builtSetup, setupEnvironment } from './instance-servers.mjs';

/** npm runs scripts in the root of the clone; the person meant the folder they were in. */
export const folderOf = (text) => resolve(process.env.INIT_CWD ?? process.cwd(), text);

const nothing = () => undefined;
/** What the setup service says for machines; a person reads the answer instead. */
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing, flush: async () => {} };
silent.child = () => silent;

async function asFailure(work) {
  try {
    return await work();
  } catch (cause) {
    if (cause?.name !== 'BackupFault') throw cause;
    throw new Failure(cause.code, `${cause.message}.`, { next: cause.next, cause });
  }
}

/** @returns what was made: folder, manifest and numbers */
export async function backUpInstance({ name, folder, flags = [], servers }) {
  const { backUp } = await builtSetup();
  return asFailure(() => backUp({ folder, flags, env: setupEnvironment(name, servers), log: silent }));
}

export async function restoreInstance({ name, folder, flags = [], servers }) {
  const { restore } = await builtSetup();
  return asFailure(() => restore({ folder, flags, env: setupEnvironment(name, servers), log: silent }));
}

/** The numbers of a back-up, for machines. */
export const figuresOf = ({ folder, manifest, tables, rows, messages, bytes }) => ({
  folder,
  takenAt: manifest.takenAt,
  version: manifest.version,
  tables,
  rows,
  messages,
  bytes,
  needs: manifest.needs,
});
