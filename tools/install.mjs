import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';
import { step } from './progress.mjs';
import { isNpmFolder } from './servers/resolve.mjs';

const stampFile = join(root, 'node_modules/.scalpstorm-installed');
const outputBytesMax = 16_000;

/** What decides which packages belong into node_modules; a changed script is no reason to install. */
function installStamp() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { dependencies, devDependencies, optionalDependencies, overrides, workspaces, allowScripts } = manifest;
  const parts = { dependencies, devDependencies, optionalDependencies, overrides, workspaces, allowScripts };
  return createHash('sha256')
    .update(JSON.stringify([parts, process.platform, process.arch]))
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** npm must run on the machine's own Node: the pinned one lies in the folder that npm is about to change. */
export function installEnvironment(environment) {
  const path = (environment.PATH ?? '').split(delimiter).filter((folder) => !isNpmFolder(folder));
  const kept = Object.entries(environment).filter(
    ([name]) => !/^npm_(lifecycle|package|node|execpath|command)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), NODE_ENV: '', ONNXRUNTIME_NODE_INSTALL: 'skip' };
}

/** From the lock file, but not `npm ci`: that fails when the lock lists no package for some foreign platform. */
function installPackages() {
  return new Promise((resolve, reject) => {
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
    const env = installEnvironment(process.env);
    const child = spawn('npm', args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill();
    // Left alone, it would go on changing the folder behind the back of the next run.
    process.once('exit', end);
    child.once('close', () => process.off('exit', end));
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-outputBytesMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (cause) => {
      reject(new Failure('NPM_UNAVAILABLE', `npm could not be run: ${cause.message}`, { next: 'install npm', cause }));
    });
    child.once('close', (code) => {
      if (code === 0) return resolve();
      reject(
        new Failure('INSTALL_FAILED', `npm install ended with ${code}.`, {
          details: output.trim().split('\n').slice(-12),
          where: join(root, 'package-lock.json'),
          next: 'the first set-up needs the package registry: check the network, then run the same command again',
        }),
      );
    });
  });
}

/** Installs when node_modules does not belong to the lock file; a no-op otherwise, which needs no network. */
export async function ensureInstalled() {
  const stamp = installStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  await step('installing packages and the pinned Node', installPackages);
  writeFileSync(stampFile, stamp);
}
