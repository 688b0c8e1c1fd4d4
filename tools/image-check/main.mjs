// `npm run image:check -- [--files-only] [--json]`: do Dockerfile, compose file and .env.example belong together, and does what the
// images hold really start? No container engine is needed.
import { join } from 'node:path';
import { createChildren } from '../children.mjs';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { claimInstance, removeInstance, sweepTemporary, writePrivate } from '../instance.mjs';
import { endingSignals, watchParent } from '../parent.mjs';
import { root } from '../paths.mjs';
import { say, step } from '../progress.mjs';
import { prepareServers, startServers } from '../servers.mjs';
import { parseDockerfile } from './dockerfile.mjs';
import { checkFiles, readTexts, targetsIn } from './files.mjs';
import { checkWithCompose } from './real-compose.mjs';
import { buildStages, contextFiles } from './stages.mjs';
import { tryImages } from './trial.mjs';

const prefix = 'image-check-';
const notBuilt =
  'docker build and docker compose up: no container engine is used; the instructions of the Dockerfile were run in folders';

const usage = `npm run image:check -- [options]

  --files-only  only holds the files against one another; builds and starts nothing
  --json        one line of JSON on stdout: {"targets","services","variables","started","failures","skipped"}
`;

function optionsOf(args) {
  for (const arg of args) {
    if (['--files-only', '--json', '--help'].includes(arg)) continue;
    throw new Failure('UNKNOWN_OPTION', `there is no option "${arg}".`, { next: usage.trim(), exitCode: 2 });
  }
  return { filesOnly: args.includes('--files-only'), json: args.includes('--json'), help: args.includes('--help') };
}

async function readByCompose({ instance, texts, read }) {
  const environmentFile = join(instance.folder('compose'), 'environment');
  writePrivate(environmentFile, read.environment);
  return checkWithCompose({ root, text: texts.compose, environmentFile, document: read.document });
}

async function buildAndTry({ instance, children, read }) {
  const texts = readTexts(root);
  const compose = await readByCompose({ instance, texts, read });
  if (compose.failures.length > 0) return { started: [], ...compose };
  const stages = parseDockerfile(texts.dockerfile);
  const files = contextFiles(root, texts.ignored);
  const places = await step('building the stages', () =>
    buildStages({ stages, root, files, directory: instance.folder('stages') }),
  );
  const prepared = await prepareServers({ instance });
  const servers = await startServers({ instance, children, prepared });
  const { candidate } = prepared.nats;
  const natsCommand = candidate?.from === 'docker' ? undefined : candidate?.command;
  const given = { root, stages, places, targets: targetsIn(root), servers, instance, children, natsCommand, read };
  const { started, skipped } = await tryImages(given);
  return { started, failures: [], skipped: [...compose.skipped, ...skipped] };
}

/** In an instance of its own, of which nothing is left. */
async function temporarily(work) {
  await sweepTemporary(prefix);
  const instance = await claimInstance(`${prefix}${process.pid}`, { temporary: true });
  const children = createChildren({ onChange: instance.record, temporary: instance.directory });
  const interrupted = new Promise((_, reject) => {
    const end = () => reject(new Failure('INTERRUPTED', 'ended from outside.', { exitCode: 130 }));
    for (const name of endingSignals) process.on(name, end);
    watchParent(end);
  });
  try {
    return await Promise.race([work({ instance, children }), interrupted]);
  } finally {
    await children.endAll();
    removeInstance(instance.name);
    instance.release();
  }
}

async function report({ filesOnly }) {
  const { read, ...files } = await checkFiles({ root });
  const rest = { started: [], skipped: [notBuilt] };
  if (filesOnly) return { ...files, ...rest, skipped: [notBuilt, 'building and starting: --files-only'] };
  if (files.failures.length > 0)
    return { ...files, ...rest, skipped: [notBuilt, 'building and starting: the files failed'] };
  try {
    const tried = await temporarily((place) => buildAndTry({ ...place, read }));
    return { ...files, ...tried, skipped: [notBuilt, ...tried.skipped] };
  } catch (error) {
    return { ...files, ...rest, failures: [errorText(error)] };
  }
}

function tell({ targets, services, variables, started, failures, skipped }) {
  for (const failure of failures) say(`✗ ${failure}`);
  for (const line of skipped) say(`skipped: ${line}`);
  const counts = `${targets} targets, ${services} services, ${variables} variables, ${started.length} started`;
  process.stdout.write(
    `image:check: ${counts}, ${failures.length === 0 ? 'everything passed' : `${failures.length} failed`}\n`,
  );
}

try {
  const options = optionsOf(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const result = await report(options);
  const { targets, services, variables, started, failures, skipped } = result;
  if (options.json)
    process.stdout.write(`${JSON.stringify({ targets, services, variables, started, failures, skipped })}\n`);
  else tell(result);
  process.exit(failures.length === 0 ? 0 : 1);
} catch (error) {
  say(errorText(error));
  process.exit(exitCodeOf(error));
}
