import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { errorText, Failure } from '../failure.mjs';
import { inRange, parseVersion, rangeText } from '../versions.mjs';

/**
 * @typedef {object} Candidate one way to run a server
 * @property {string} command absolute path of the program
 * @property {Record<string, string>} [environment] added to the server's environment
 *
 * @typedef {object} ServerDefinition
 * @property {string} kind
 * @property {string} label what a person calls it
 * @property {string} urlVariable the environment variable that names a running one
 * @property {string} program the name on the PATH
 * @property {{atLeast: readonly number[], below?: readonly number[]}} range
 * @property {string} image the container image of the last resort
 * @property {(context: object) => Promise<Candidate>} provision gets one without root; throws its reason
 * @property {(candidate: Candidate, context: object) => Candidate | Promise<Candidate>} [check] throws why it cannot be used here
 */

/** Every program of that name on the PATH, links followed, npm's own folders left out. */
function onPath(program, environment) {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder && !isNpmFolder(folder));
  const found = folders.map((folder) => join(folder, program)).filter(isProgram);
  return [...new Set(found.map((path) => realpathSync(path)))];
}

export function isNpmFolder(folder) {
  return folder.split(sep).includes('node_modules');
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Asks a program for its version; throws when it does not run or lies outside the range. */
export function checkVersion(definition, candidate) {
  const answer = spawnSync(candidate.command, ['--version'], {
    encoding: 'utf8',
    timeout: 10_000,
    env: { ...process.env, ...candidate.environment },
  });
  if (answer.error || answer.status !== 0) {
    const why = answer.error?.message ?? answer.stderr.trim().split('\n')[0];
    throw new Error(`${candidate.command} does not run: ${why}`);
  }
  const version = parseVersion(answer.stdout);
  if (version === undefined || !inRange(version, definition.range)) {
    throw new Error(
      `${candidate.command} is ${version?.join('.') ?? 'of an unknown version'}, wanted ${rangeText(definition.range)}`,
    );
  }
  return version;
}

function dockerAnswers() {
  return new Promise((resolve) => {
    const child = spawn('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore', timeout: 5_000 });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

async function usable(definition, candidate, context) {
  const version = checkVersion(definition, candidate);
  const checked =
    definition.check === undefined ? candidate : await definition.check({ ...candidate, version }, context);
  return { ...checked, version };
}

/**
 * Finds a way to run a server: on the PATH, provisioned, in Docker. (An address from the environment comes before this.)
 * @param {ServerDefinition} definition
 * @param {{environment: Record<string, string | undefined>, cache: string}} context
 * @returns {Promise<Candidate & {from: 'path' | 'provisioned' | 'docker'}>}
 */
export async function resolveServer(definition, context) {
  const reasons = [];
  const attempt = async (from, work) => {
    try {
      return { ...(await usable(definition, await work(), context)), from };
    } catch (error) {
      reasons.push(`${from}: ${error instanceof Failure ? error.message : (error.message ?? errorText(error))}`);
      return undefined;
    }
  };
  const found = onPath(definition.program, context.environment);
  if (found.length === 0) reasons.push(`path: no ${definition.program} on the PATH`);
  for (const command of found) {
    const candidate = await attempt('path', () => ({ command }));
    if (candidate !== undefined) return candidate;
  }
  const provisioned = await attempt('provisioned', () => definition.provision(context));
  if (provisioned !== undefined) return provisioned;
  if (await dockerAnswers()) return { from: 'docker', command: 'docker' };
  reasons.push('docker: no container runtime answers');
  throw new Failure('SERVER_UNAVAILABLE', `${definition.label} could not be had on this machine.`, {
    details: reasons,
    where: `server ${definition.kind}, ${process.platform} ${process.arch}`,
    next:
      `do one of three: set ${definition.urlVariable} to a running one, ` +
      `install ${definition.program} (${rangeText(definition.range)}) on the PATH, or start Docker; then run the same command again`,
  });
}
