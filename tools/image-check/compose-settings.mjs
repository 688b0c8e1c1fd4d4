import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { settingsNotGiven } from '../operator-settings.mjs';
import { interpolate, interpolateAll, parseEnvironment } from './interpolation.mjs';

/** What the simulated exchange reads; its other settings are arguments. */
const simExchangeNames = ['SIM_API_KEY', 'SIM_SECRET'];

/** The schema that a service checks its own environment against, as it was built. */
async function schemaOf(root, { target, command }) {
  const file = join(root, `services/${target}/dist/config.js`);
  if (!existsSync(file)) return undefined;
  const exported = await import(pathToFileURL(file).href);
  if (target === 'setup') return command?.[0] === 'nats-users' ? exported.usersEnv : exported.setupEnv;
  return Object.values(exported).find((value) => typeof value === 'object' && value?.shape?.OPERATIONS_PORT);
}

/** Every variable of the compose file is in .env.example, and the other way round. */
function checkNames({ used, variables, fail }) {
  for (const name of used) if (!Object.hasOwn(variables, name)) fail(`.env.example: ${name} is missing`);
  for (const name of Object.keys(variables))
    if (!used.has(name) && name !== 'COMPOSE_PROFILES') fail(`.env.example: nothing uses ${name}`);
}

async function checkEnvironment({ name, service, image, root, loadConfig, fail }) {
  const { target } = service.build;
  const environment = { ...image.env, ...service.environment };
  const texts = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value ?? '')]));
  const schema = await schemaOf(root, { target, command: service.command });
  const ofImage = Object.keys(image.env);
  const known = schema === undefined ? simExchangeNames : Object.keys(schema.shape);
  for (const key of Object.keys(texts))
    if (!known.includes(key) && !ofImage.includes(key)) fail(`${name}.environment: ${target} knows no ${key}`);
  if (schema === undefined) {
    if (target !== 'sim-exchange') fail(`${name}: services/${target} is not built`);
    return;
  }
  for (const key of settingsNotGiven(known, texts)) fail(`${name}.environment: lacks ${key}`);
  try {
    loadConfig(schema, texts);
  } catch (error) {
    for (const { variable, fault } of error.problems ?? [{ variable: error.message, fault: '' }])
      fail(`${name}.environment: ${variable} ${fault}`);
  }
}

/**
 * Replaces the variables as docker compose would with a completed .env, and holds what each service is given against what it takes.
 * @param {{document: object, template: string, complete: (template: string) => string, imageOf: (target: string) => object,
 *   root: string, loadConfig: Function}} wanted
 * @returns {Promise<{document: object | undefined, failures: string[], variables: Record<string, string>}>}
 */
export async function checkSettings({ document, template, complete, imageOf, root, loadConfig }) {
  const failures = [];
  const fail = (problem) => failures.push(problem);
  let variables;
  try {
    variables = parseEnvironment(complete(template));
  } catch (error) {
    return { document: undefined, failures: [`.env.example: ${error.message}`], variables: {} };
  }
  const used = new Set([...template.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name]) => name));
  const replaced = interpolateAll(document, (text) => {
    try {
      return interpolate(text, variables, (name) => used.add(name));
    } catch (error) {
      fail(`docker-compose.yml: ${error.message}`);
      return '';
    }
  });
  checkNames({ used, variables, fail });
  for (const [name, service] of Object.entries(replaced.services)) {
    if (service.build === undefined) continue;
    await checkEnvironment({ name, service, image: imageOf(service.build.target), root, loadConfig, fail });
  }
  return { document: replaced, failures, variables };
}
