import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, type Result } from '@scalpstorm/kernel';
import { type OwnModule, type RefusedModule, StrategyCatalogue } from '@scalpstorm/strategies';
import { endAfter } from './end-after.js';
import { type LoadedStrategy, loadFile, loadMsMax, moduleKinds } from './load-strategy.js';
import { type ProbeLimits, probeModules } from './probe-modules.js';
import { stepMsMax } from './step-limit.js';
import type { StrategyFault } from './strategy-fault.js';

const modulesMax = 200;
const faultsTold = 3;

const usual: ProbeLimits = { loadMs: loadMsMax, stepMs: stepMsMax };

/**
 * The strategies of the platform and, beside them, the operator's own: each module in the folder, `my-dip.ts` or `my-dip/my-dip.ts`.
 * Tests (`*.test.ts`), declarations and what begins with a dot are left alone. A module is loaded apart first, then here, and is code of
 * this process from then on; one that is faulty, whatever it does, is refused by itself.
 * @param folder null: there are no own ones
 */
export async function loadModules(folder: string | null, limits: ProbeLimits = usual): Promise<StrategyCatalogue> {
  if (folder === null) return new StrategyCatalogue();
  const modules: OwnModule[] = [];
  const refused: RefusedModule[] = [];
  try {
    const found = await modulesIn(resolve(folder));
    const faults = await faultsOf(found, limits);
    for (const { file } of found) {
      const fault = faults.get(file);
      const read = fault === undefined ? await load(file, limits) : fail(fault);
      if (read.ok) modules.push({ file, strategy: read.value.strategy });
      else refused.push(refusalOf(file, read.error));
    }
  } catch (error) {
    const text = `it could not be read: ${(error as Error).message}`;
    refused.push({
      file: folder,
      id: '',
      code: 'STRATEGIES_DIR_UNREADABLE',
      text,
      next: 'let STRATEGIES_DIR be a folder that may be read',
    });
  }
  return new StrategyCatalogue(modules, refused);
}

const isModule = (name: string): boolean =>
  moduleKinds.includes(extname(name)) && !/(^\.|\.(test|spec|d)\.[cm]?[jt]s$)/.test(name);

interface Found {
  readonly file: string;
  /** Why it can not be looked at; null where it can. */
  readonly fault: StrategyFault | null;
}

/** Why they are not to be loaded here, by file. */
async function faultsOf(found: readonly Found[], limits: ProbeLimits): Promise<ReadonlyMap<string, StrategyFault>> {
  const faults = new Map(found.slice(modulesMax).map(({ file }) => [file, tooMany]));
  for (const { file, fault } of found) if (fault !== null) faults.set(file, fault);
  const left = found.filter(({ file }) => !faults.has(file));
  const candidates = left.map(({ file }) => ({ file, text: basename(file) }));
  return new Map([...faults, ...(await probeModules(candidates, limits))]);
}

async function modulesIn(folder: string): Promise<readonly Found[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sorted = entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const found = await Promise.all(sorted.map((entry) => entryOf(folder, entry)));
  return found.flat();
}

/** One that leads nowhere leaves no other out. */
async function entryOf(folder: string, entry: Dirent): Promise<readonly Found[]> {
  try {
    const files = await moduleOf(folder, entry);
    return files.map((file) => ({ file, fault: null }));
  } catch (error) {
    const text = `it could not be read: ${(error as Error).message}`;
    const fault = faultBy('STRATEGY_FILE_UNREADABLE', text, 'let it be read, or take it away');
    return [{ file: join(folder, entry.name), fault }];
  }
}

/** A mounted folder may have links in the place of files. */
async function moduleOf(folder: string, { name }: Dirent): Promise<readonly string[]> {
  const path = join(folder, name);
  if (name.startsWith('.') || name === 'node_modules') return [];
  const found = await stat(path);
  if (found.isFile()) return isModule(name) ? [path] : [];
  if (!found.isDirectory()) return [];
  const inside = await readdir(path);
  return moduleKinds
    .map((kind) => `${name}${kind}`)
    .filter((one) => inside.includes(one))
    .map((one) => join(path, one));
}

/** It ended well apart. Here, too, what it awaits may not be waited for without an end. */
async function load(file: string, { loadMs, stepMs }: ProbeLimits): Promise<Result<LoadedStrategy, StrategyFault>> {
  const over = new AbortController();
  try {
    const late = delay(loadMs, tooSlow(loadMs), { signal: over.signal });
    late.catch(() => undefined);
    const options = { within: <Value>(work: () => Value) => endAfter(stepMs, work), isProbed: true };
    return await Promise.race([loadFile(file, basename(file), options), late]);
  } finally {
    over.abort();
  }
}

function refusalOf(file: string, { code, text, next, faults }: StrategyFault): RefusedModule {
  const told = faults.slice(0, faultsTold).map((fault) => `${fault.field}: ${fault.text}`);
  return { file, id: basename(file, extname(file)), code, text: [text, ...told].join(' '), next };
}

const faultBy = (code: string, text: string, next: string): StrategyFault => ({ code, text, next, faults: [] });

const tooMany = faultBy('TOO_MANY_STRATEGIES', `there are more than ${modulesMax} modules.`, 'remove some');

const tooSlow = (loadMs: number): Result<never, StrategyFault> =>
  fail(
    faultBy(
      'STRATEGY_MODULE_BROKEN',
      `it had not loaded after ${loadMs / 1_000} s.`,
      'let it await nothing while it loads',
    ),
  );
