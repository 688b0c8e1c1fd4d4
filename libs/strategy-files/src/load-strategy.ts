import { createHash } from 'node:crypto';
import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, nearest, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import {
  type BarStrategy,
  barStrategies,
  type ConfiguredBarStrategy,
  strategyOfFile,
  strategyOfModule,
} from '@scalpstorm/strategies';
import { type StepMeasure, StrategyLoops } from './end-after.js';
import { codeOf } from './module-code.js';
import { moduleThrew } from './module-threw.js';
import { ofModule } from './of-module.js';
import { resolveOwnPackages } from './own-packages.js';
import type { OwnStrategies } from './own-strategies.js';
import { probeModules } from './probe-modules.js';
import { stepMsMax } from './step-limit.js';
import type { StrategyFault } from './strategy-fault.js';

export interface LoadedStrategy {
  readonly strategy: BarStrategy;
  /** `rule`: conditions as data, a file of the builder. */
  readonly kind: 'built-in' | 'module' | 'rule';
  /** Absolute; null for one that comes with the platform. */
  readonly file: string | null;
  /** SHA-256, hex: of a module the `code` of what it configures, with what it imports; of a rule its file. Null: it comes with the platform. */
  readonly sourceHash: string | null;
  /** What the file of the builder says; null for code. */
  readonly rule: JsonObject | null;
}

export interface LoadOptions {
  /** Ends what the code of a module does when that takes too long; absent: whoever runs it sees to that. */
  readonly within?: ConfiguredBarStrategy['within'];
  /** How long loading a module may take, ms. */
  readonly loadMs?: number;
  /** What counts of what its strategy does at a time, where it is loaded apart; absent: time. */
  readonly measure?: StepMeasure;
  /** It was loaded apart before, so that it ends well; absent: that is looked at first. */
  readonly isProbed?: boolean;
}

/** Of a module, which does next to nothing while it is loaded. */
export const loadMsMax = 10_000;

export const moduleKinds: readonly string[] = ['.ts', '.mts', '.js', '.mjs'];
const ruleKind = '.json';
const fileKinds = [...moduleKinds, ruleKind];
const bytesMax = 4 * 1024 * 1024;
const neighboursMax = 1_000;

/** Whether it means a file: it has a folder in it, or ends like one. */
export const namesFile = (text: string): boolean => /[/\\]/.test(text) || fileKinds.includes(extname(text));

/**
 * A strategy by its id, by the path of a TypeScript or JavaScript module that exports one, or by that of a file of the builder. A module
 * is code: it runs with all rights of this process, which loads it only once a thread apart has.
 */
export async function loadStrategy(
  text: string,
  { own = null, ...options }: LoadOptions & { readonly own?: OwnStrategies | null } = {},
): Promise<Result<LoadedStrategy, StrategyFault>> {
  if (namesFile(text)) return await loadFile(resolve(text), text, options);
  const strategy = barStrategies.get(text);
  if (strategy !== undefined) return ok({ strategy, kind: 'built-in', file: null, sourceHash: null, rule: null });
  const imported = own?.find(text) ?? null;
  if (imported !== null) return await loadFile(imported.file, text);
  const known = [...barStrategies.keys(), ...(own?.list() ?? []).map(({ id }) => id)];
  const near = nearest(text, known);
  const next =
    near === null ? `strategies: ${known.join(', ')}; or a file, e.g. ./my-cross.ts` : `did you mean '${near}'?`;
  return refused('UNKNOWN_STRATEGY', `there is no strategy "${text}".`, next);
}

/**
 * @param file absolute
 * @param text how the one who asked calls it
 */
export async function loadFile(
  file: string,
  text: string,
  options: LoadOptions = {},
): Promise<Result<LoadedStrategy, StrategyFault>> {
  const found = await stat(file).catch(() => null);
  if (found === null) return refused('STRATEGY_FILE_MISSING', `there is no file ${text}.`, await nearHint(file, text));
  if (!found.isFile()) {
    const inside = join(text, `${basename(file)}.ts`);
    return refused('STRATEGY_FILE_KIND', `${text} is no file.`, `name the file in it, e.g. ${inside}`);
  }
  if (!fileKinds.includes(extname(file)) || found.size > bytesMax) {
    const why = found.size > bytesMax ? `is larger than ${bytesMax} bytes` : 'is no strategy by its name';
    return refused('STRATEGY_FILE_KIND', `${text} ${why}.`, `a file that ends with ${fileKinds.join(', ')}`);
  }
  try {
    await access(file, constants.R_OK);
    const isRule = extname(file) === ruleKind;
    const fault = isRule || options.isProbed === true ? undefined : await probed(file, text, options);
    if (fault !== undefined) return fail(fault);
    const read = isRule ? await loadRule(file) : await loadModule(file, options);
    return read.ok ? read : fail({ ...read.error, text: `${text}: ${read.error.text}` });
  } catch (error) {
    return refused(
      'STRATEGY_FILE_UNREADABLE',
      `${text} could not be read: ${(error as Error).message}`,
      'let it be read',
    );
  }
}

/** Why it can not be loaded here. */
async function probed(file: string, text: string, { loadMs = loadMsMax, measure = 'time' }: LoadOptions) {
  return (await probeModules([{ file, text }], { loadMs, stepMs: stepMsMax, measure })).get(file);
}

async function loadRule(file: string): Promise<Result<LoadedStrategy, StrategyFault>> {
  const source = await readFile(file);
  const rule = parseRule(source.toString());
  if (!rule.ok) return rule;
  const read = readRule(rule.value);
  if (!read.ok) return read;
  const sourceHash = createHash('sha256').update(source).digest('hex');
  return ok({ strategy: read.value, kind: 'rule', file, sourceHash, rule: rule.value });
}

async function loadModule(file: string, { within }: LoadOptions): Promise<Result<LoadedStrategy, StrategyFault>> {
  resolveOwnPackages();
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (error) {
    return fail(moduleThrew(error, file));
  }
  try {
    const look = () => strategyOfModule(exported);
    const read = within === undefined ? look() : within(look);
    if (!read.ok) return read;
    const code = codeOf(file);
    const strategy = ofModule(read.value, code, within);
    return ok({ strategy, kind: 'module', file, sourceHash: code, rule: null });
  } catch (error) {
    if (!(error instanceof StrategyLoops)) return fail(moduleThrew(error, file));
    return refused(error.code, `with its defaults ${error.message}.`, 'look for a loop without an end in it');
  }
}

function parseRule(text: string): Result<JsonObject, StrategyFault> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return ok(parsed as JsonObject);
    return refused('STRATEGY_FILE_DAMAGED', 'it is no JSON object.', 'see examples/strategies');
  } catch (error) {
    return refused('STRATEGY_FILE_DAMAGED', `it is no JSON: ${(error as Error).message}.`, 'mend it at that place');
  }
}

function readRule(rule: JsonObject): Result<BarStrategy, StrategyFault> {
  const read = strategyOfFile(rule);
  if (read.ok) return read;
  return fail({ code: 'RULE_REFUSED', text: 'it is no strategy yet.', next: 'mend these nodes', faults: read.error });
}

async function nearHint(file: string, text: string): Promise<string> {
  const names = await readdir(dirname(file)).catch(() => []);
  const known = names.filter((name) => fileKinds.includes(extname(name))).slice(0, neighboursMax);
  const near = known.length === 0 ? null : nearest(basename(file), known);
  return near === null ? 'name a file that exports a strategy' : `did you mean '${join(dirname(text), near)}'?`;
}

const refused = (code: string, text: string, next: string): Result<never, StrategyFault> =>
  fail({ code, text, next, faults: [] });
