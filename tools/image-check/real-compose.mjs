// Docker Compose itself reads docker-compose.yml: that needs the program, but no engine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../paths.mjs';
import { cachedFolder } from '../servers/cache.mjs';

const distribution = { name: 'docker-compose-2', suite: 'trixie', packages: ['docker-compose'] };
const outputBytesMax = 16 * 1024 * 1024;

/** The plugin of an installed docker, or the program of the distribution, fetched once. */
async function composeCommand() {
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0) return ['docker', 'compose'];
  const folder = await cachedFolder(cacheDirectory(), distribution);
  const command = join(folder, 'usr/libexec/docker/cli-plugins/docker-compose');
  if (!existsSync(command)) throw new Error('the package holds no docker-compose');
  return [command];
}

function config({ command, root, environmentFile, input }) {
  const [program, ...first] = command;
  const args = [...first, '--project-directory', root, '--env-file', environmentFile, '--file', '-'];
  const profiles = ['--profile', 'demo', '--profile', 'kafka'];
  // What the person has set in their shell would go before the file.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const options = { input, env, encoding: 'utf8', maxBuffer: outputBytesMax };
  return spawnSync(program, [...args, ...profiles, 'config', '--format', 'json'], options);
}

/** Where Docker Compose would give a service something else than we have checked. */
function differences(theirs, ours) {
  return Object.entries(ours.services).flatMap(([name, { environment = {} }]) => {
    const given = theirs.services[name]?.environment ?? {};
    const names = new Set([...Object.keys(given), ...Object.keys(environment)]);
    return [...names]
      .filter((key) => String(given[key] ?? '') !== String(environment[key] ?? ''))
      .map((key) => `docker-compose.yml: ${name}.environment: Docker Compose reads another ${key} than this check`);
  });
}

/**
 * @param {{root: string, text: string, environmentFile: string, document: object}} wanted `document` as this check has read it
 * @returns {Promise<{failures: string[], skipped: string[]}>}
 */
export async function checkWithCompose({ root, text, environmentFile, document }) {
  let command;
  try {
    command = await composeCommand();
  } catch (error) {
    return { failures: [], skipped: [`Docker Compose did not read docker-compose.yml: ${error.message}`] };
  }
  const given = { command, root, environmentFile };
  const planted = config({ ...given, input: text.replace('read_only: true', 'read_onli: true') });
  if (planted.status === 0)
    return { failures: ['Docker Compose takes an unknown key: it checks nothing'], skipped: [] };
  const answer = config({ ...given, input: text });
  if (answer.status !== 0) return { failures: [`docker-compose.yml: ${answer.stderr.trim()}`], skipped: [] };
  return { failures: differences(JSON.parse(answer.stdout), document), skipped: [] };
}
