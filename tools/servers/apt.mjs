import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.mjs';

/** Runs a program to its end; rejects with the tail of what it said. */
export function runToEnd(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ended with ${code}: ${output.trim().split('\n').slice(-5).join(' | ')}`));
    });
  });
}

function osRelease() {
  const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
  const value = (key) =>
    lines
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1)
      .replaceAll('"', '');
  return { id: value('ID'), codename: value('VERSION_CODENAME') };
}

/** The archives this machine already trusts, as its own apt configuration names them. */
function configuredArchives() {
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(CREATED_BY)';
  const answer = spawnSync('apt-get', ['indextargets', '--format', format], { encoding: 'utf8' });
  if (answer.error || answer.status !== 0) return [];
  const rows = answer.stdout.split('\n').map((line) => line.split('|'));
  return rows
    .filter(([, , component, createdBy]) => component === 'main' && createdBy === 'Packages')
    .map(([uri, release]) => ({ uri, release }));
}

/**
 * Debian serves every suite from one archive, so a newer server than the machine's own can be had; another distribution only
 * offers what it has, and the version check decides.
 */
function sourceLines(wantedSuite) {
  const { id, codename } = osRelease();
  const archives = configuredArchives();
  const main = archives.find(({ release }) => release === codename);
  if (main === undefined) throw new Error('apt names no archive for this release');
  const suite = id === 'debian' ? wantedSuite : codename;
  const components = id === 'ubuntu' ? 'main universe' : 'main';
  const keyring = `/usr/share/keyrings/${id}-archive-keyring.gpg`;
  const line = (uri, name) => `deb [signed-by=${keyring}] ${uri} ${name} ${components}`;
  const security = archives.find(({ release }) => release === `${codename}-security`);
  return [line(main.uri, suite), ...(security ? [line(security.uri, `${suite}-security`)] : [])];
}

/**
 * Extracts Debian packages into a folder without root and without touching the system: apt with its state in a folder of our
 * own, so signatures are still verified. The folder appears whole or not at all.
 * @param {{suite: string, packages: readonly string[], target: string}} wanted
 */
export async function extractPackages({ suite, packages, target }) {
  for (const tool of ['apt-get', 'dpkg-deb']) {
    if (spawnSync(tool, ['--version']).status !== 0) throw new Error(`this machine has no ${tool}`);
  }
  const work = `${target}.${process.pid}.partial`;
  rmSync(work, { recursive: true, force: true });
  for (const folder of ['lists/partial', 'cache/archives/partial', 'debs', 'root']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  try {
    writeFileSync(join(work, 'sources.list'), `${sourceLines(suite).join('\n')}\n`);
    const options = [
      `Dir::State::lists=${work}/lists`,
      `Dir::Cache=${work}/cache`,
      `Dir::Etc::sourcelist=${work}/sources.list`,
      'Dir::Etc::sourceparts=/dev/null',
      'Dir::State::status=/dev/null',
      'APT::Sandbox::User=',
      'Acquire::Languages=none',
      'Acquire::Retries=3',
      'Acquire::http::Timeout=30',
    ].flatMap((option) => ['-o', option]);
    // The machine's own hooks may fail for a user who is not root; what counts is whether the packages arrive.
    const update = await runToEnd('apt-get', [...options, 'update']).catch((error) => error.message);
    await runToEnd('apt-get', [...options, 'download', ...packages], { cwd: join(work, 'debs') }).catch((cause) => {
      const unreachable = update.split('\n').find((line) => /^[WE]: Failed to fetch/.test(line));
      throw new Failure('PACKAGE_DOWNLOAD_FAILED', unreachable ?? cause.message, { cause });
    });
    for (const name of readdirSync(join(work, 'debs'))) {
      await runToEnd('dpkg-deb', ['-x', join(work, 'debs', name), join(work, 'root')]);
    }
    rmSync(target, { recursive: true, force: true });
    renameSync(join(work, 'root'), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
