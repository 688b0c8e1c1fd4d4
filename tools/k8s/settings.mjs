import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, loadConfig } from '@scalpstorm/config';
import { settingsNotGiven } from '../operator-settings.mjs';
import { root } from '../paths.mjs';

/** Variables of the container's own runtime, which no schema of ours names. */
const ofTheRuntime = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NVIDIA_DRIVER_CAPABILITIES', 'NVIDIA_VISIBLE_DEVICES'];
/** The exchange has options instead of settings, and these two. */
const ofTheExchange = ['SIM_API_KEY', 'SIM_SECRET'];

const built = (path) => {
  const file = join(root, 'services', path);
  if (!existsSync(file)) throw new Error(`services/${path} is not built: npm run build`);
  return import(pathToFileURL(file).href);
};

/**
 * What the program of an image says of its environment, by its own schema.
 * @param {string} service as in services/
 * @param {{args: readonly string[], variables: Record<string, string>}} given
 * @returns {Promise<readonly string[]>} faults in words
 */
export async function settingFaults(service, { args, variables }) {
  if (service === 'sim-exchange') return exchangeFaults(args, variables);
  const schema = await schemaOf(service, args);
  if (schema === undefined) return [`services/${service} has no settings for ${args.join(' ') || 'no arguments'}`];
  const unknown = Object.keys(variables).filter((name) => !(name in schema.shape) && !ofTheRuntime.includes(name));
  const faults = unknown.map((name) => `${name} is no setting of ${service}`);
  faults.push(
    ...settingsNotGiven(Object.keys(schema.shape), variables).map((name) => `${name} is not there to be set`),
  );
  try {
    const settings = loadConfig(schema, variables);
    if (service === 'market-data') (await built('market-data/dist/config.js')).marketVenues(settings);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.problems.map(({ variable, fault }) => `${variable} ${fault}`));
  }
  return faults;
}

/** The schema that the module of settings exports; the setup has one for each command. */
async function schemaOf(service, [command]) {
  const module = await built(`${service}/dist/config.js`);
  if (service === 'setup') {
    const { setupEnv: servers, usersEnv, backupEnv } = module;
    return { servers, 'nats-users': usersEnv, backup: backupEnv, restore: backupEnv }[command];
  }
  return Object.values(module).find((value) => value?.shape?.OPERATIONS_PORT !== undefined);
}

async function exchangeFaults(args, variables) {
  const { readOptions } = await built('sim-exchange/dist/options.js');
  const unknown = Object.keys(variables).filter((name) => !ofTheExchange.includes(name));
  const faults = unknown.map((name) => `${name} is no setting of sim-exchange`);
  try {
    readOptions(args, variables);
  } catch (error) {
    faults.push(error.message);
  }
  return faults;
}
