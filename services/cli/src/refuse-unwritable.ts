import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { usageFailure } from './failure.js';
import { notWritten } from './write-text.js';

/** Where a command will write when its work is done; what was not asked for is undefined. */
export interface Outputs {
  /** Their folders must be there. */
  readonly files?: readonly (string | undefined)[];
  /** Added to, or made on the way with the folders that they lie in. */
  readonly logs?: readonly (string | undefined)[];
  /** Made on the way, with the folders that they lie in. */
  readonly folders?: readonly (string | undefined)[];
  /** What the command reads, and must not write over. */
  readonly read?: readonly (string | undefined)[];
}

/** Finds before the work what could only be said after it. @throws Failure naming the place */
export async function refuseUnwritable({ files = [], logs = [], folders = [], read = [] }: Outputs): Promise<void> {
  const named = (places: readonly (string | undefined)[]) => places.filter((place) => place !== undefined);
  refuseSame(named([...files, ...logs]), named(read));
  for (const file of named(files)) await checkFile(file).catch(notWritten(file));
  for (const log of named(logs)) await checkLog(log).catch(notWritten(log));
  for (const folder of named(folders)) await checkFolder(folder).catch(notWritten(folder));
}

function refuseSame(files: readonly string[], read: readonly string[]): void {
  const places = files.map((file) => resolve(file));
  const sources = read.map((file) => resolve(file));
  const same = places.findIndex((place, at) => places.indexOf(place) !== at || sources.includes(place));
  if (same < 0 || files[same]?.startsWith('/dev/') === true) return;
  throw usageFailure(
    'FILE_TWICE',
    `${files[same]} is named twice, and what is there would be lost.`,
    'name another file',
  );
}

async function checkFile(file: string): Promise<void> {
  const found = await statOf(file);
  if (found?.isDirectory() === true) throw new Error('it is a folder');
  await access(found === null ? dirname(file) : file, constants.W_OK);
}

/** Where it is there, its folder does not matter. */
async function checkLog(file: string): Promise<void> {
  await ((await statOf(file)) === null ? checkFolder(dirname(resolve(file))) : checkFile(file));
}

async function checkFolder(folder: string): Promise<void> {
  const found = await statOf(folder);
  if (found === null) return await checkFolder(dirname(resolve(folder)));
  if (!found.isDirectory()) throw new Error(`${folder} is a file`);
  await access(folder, constants.W_OK);
}

const statOf = (place: string) =>
  stat(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
