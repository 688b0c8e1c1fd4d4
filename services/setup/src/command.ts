import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { provisionTopology } from '@scalpstorm/bus';
import { commonEnv, type EnvironmentVariables, loadConfig } from '@scalpstorm/config';
import { type Log, PinoLog } from '@scalpstorm/observability';
import { setupEnv, usersEnv } from './config.js';
import { BadDatabaseUrl, ensureDatabase } from './database.js';
import { completeEnvironment } from './environment.js';
import { busUsersText, writeBusUsers } from './nats-users.js';
import { until } from './until.js';

export const usage = `scalpstorm setup: what must be there before the services start; ends when it is done, and may be repeated

  servers            waits for Postgres and NATS; makes the database and its user (with POSTGRES_ADMIN_URL), streams and consumers
  nats-users FILE    writes the users of NATS with their permissions, for "include" in the authorization of its configuration
  environment FILE   prints the template FILE with a random value for every secret in it
`;

/** Where the words go; tests listen. */
export interface CommandDoors {
  readonly log?: Log;
  readonly print?: (text: string) => void;
}

const exitCodes = { done: 0, failed: 1, asked: 2 } as const;

/** @returns the exit code: 0 done, 1 failed, 2 asked wrongly */
export async function runCommand(
  [name, ...args]: readonly string[],
  env: EnvironmentVariables,
  doors: CommandDoors = {},
): Promise<number> {
  const print = doors.print ?? ((text: string) => void process.stdout.write(text));
  const [file, ...more] = args;
  const known = (name === 'servers' && file === undefined) || (isFileCommand(name) && file !== undefined);
  if (!known || more.length > 0) {
    print(usage);
    return name === '--help' ? exitCodes.done : exitCodes.asked;
  }
  const log = doors.log ?? PinoLog.create({ service: 'setup', level: levelOf(env) });
  try {
    if (name === 'servers') await prepareServers(env, log);
    else if (name === 'environment') print(completeEnvironment(readFileSync(file ?? '', 'utf8'), randomHex));
    else tellUsers(file ?? '', env, log);
    await log.flush();
    return exitCodes.done;
  } catch (error) {
    const { code = 'SETUP_FAILED' } = error as { readonly code?: string };
    log.fatal({ code, error }, error instanceof Error ? error.message : String(error));
    return exitCodes.failed;
  }
}

const isFileCommand = (name: string | undefined): boolean => name === 'nats-users' || name === 'environment';

const randomHex = (digits: number): string =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);

async function prepareServers(env: EnvironmentVariables, log: Log): Promise<void> {
  const settings = loadConfig(setupEnv, env);
  const { SETUP_WAIT: waitMs, SCALPSTORM_NAMESPACE: namespace } = settings;
  const waiting = (server: string) => (error: unknown) => {
    if (error instanceof BadDatabaseUrl) throw error;
    log.info({ server, error }, 'not there yet');
  };
  const { POSTGRES_URL: databaseUrl, POSTGRES_ADMIN_URL: adminUrl } = settings;
  if (databaseUrl !== undefined) {
    await until(() => ensureDatabase({ url: databaseUrl, adminUrl }), { waitMs, onFailure: waiting('postgres') });
    log.info({}, 'the database is there');
  }
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = settings;
  const bus = { url, user, password, namespace };
  const wanted = { replicas: settings.STREAM_REPLICAS, optional: settings.OPTIONAL_SERVICES };
  await until(() => provisionTopology(bus, wanted), { waitMs, onFailure: waiting('nats') });
  log.info({ namespace }, 'streams and consumers are there');
}

function tellUsers(file: string, env: EnvironmentVariables, log: Log): void {
  const changed = writeBusUsers(file, busUsersText(loadConfig(usersEnv, env)));
  log.info({ file, changed }, changed ? 'the users of NATS are written' : 'the users of NATS are as they were');
}

function levelOf(env: EnvironmentVariables) {
  const parsed = commonEnv.LOG_LEVEL.safeParse(env['LOG_LEVEL']);
  return parsed.success ? parsed.data : 'info';
}
