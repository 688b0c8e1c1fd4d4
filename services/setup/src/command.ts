import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { provisionTopology } from '@scalpstorm/bus';
import { commonEnv, type EnvironmentVariables, loadConfig } from '@scalpstorm/config';
import { type Log, PinoLog } from '@scalpstorm/observability';
import { backUp, backupFlags, restore, restoreFlags } from './backup/backup-commands.js';
import { setupEnv, usersEnv } from './config.js';
import { BadDatabaseUrl, ensureDatabase } from './database.js';
import { completeEnvironment } from './environment.js';
import { busUsersText, writeBusUsers } from './nats-users.js';
import { until } from './until.js';

export const usage = `scalpstorm setup: what must be there before the services start; ends when it is done, and may be repeated

  servers            waits for Postgres and NATS; makes the database and its user (with POSTGRES_ADMIN_URL), streams and consumers
  nats-users FILE    writes the users of NATS with their permissions, for "include" in the authorization of its configuration
  environment FILE   prints the template FILE with a random value for every secret in it
  backup FOLDER      copies all tables as they are at one moment, while the services run; FOLDER is new or empty
                     --dated: into a new folder in FOLDER, named by the time
  restore FOLDER     puts a back-up where nothing is, while no service runs
                     --latest: the newest in FOLDER; --replace: deletes what is there; --halted: opens nothing until released
`;

/** Where the words go; tests listen. */
export interface CommandDoors {
  readonly log?: Log;
  readonly print?: (text: string) => void;
}

const exitCodes = { done: 0, failed: 1, asked: 2 } as const;

interface Asked {
  /** What it is done to; empty for a command that needs none. */
  readonly subject: string;
  readonly flags: readonly string[];
  readonly env: EnvironmentVariables;
  readonly log: Log;
  readonly print: (text: string) => void;
}

interface Command {
  readonly subjects: 0 | 1;
  readonly flags: readonly string[];
  readonly run: (asked: Asked) => unknown;
}

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['servers', { subjects: 0, flags: [], run: ({ env, log }) => prepareServers(env, log) }],
  ['nats-users', { subjects: 1, flags: [], run: ({ subject, env, log }) => tellUsers(subject, env, log) }],
  ['environment', { subjects: 1, flags: [], run: ({ subject, print }) => printEnvironment(subject, print) }],
  [
    'backup',
    { subjects: 1, flags: backupFlags, run: ({ subject, ...asked }) => backUp({ folder: subject, ...asked }) },
  ],
  [
    'restore',
    { subjects: 1, flags: restoreFlags, run: ({ subject, ...asked }) => restore({ folder: subject, ...asked }) },
  ],
]);

/** @returns the exit code: 0 done, 1 failed, 2 asked wrongly */
export async function runCommand(
  [name = '', ...args]: readonly string[],
  env: EnvironmentVariables,
  doors: CommandDoors = {},
): Promise<number> {
  const print = doors.print ?? ((text: string) => void process.stdout.write(text));
  const command = commands.get(name);
  const flags = args.filter((word) => word.startsWith('--'));
  const [subject = '', ...more] = args.filter((word) => !word.startsWith('--'));
  const known = command !== undefined && flags.every((flag) => command.flags.includes(flag));
  if (!known || more.length > 0 || (subject !== '') !== (command.subjects === 1)) {
    print(usage);
    return name === '--help' ? exitCodes.done : exitCodes.asked;
  }
  const log = doors.log ?? PinoLog.create({ service: 'setup', level: levelOf(env) });
  try {
    await command.run({ subject, flags, env, log, print });
    await log.flush();
    return exitCodes.done;
  } catch (error) {
    const { code = 'SETUP_FAILED', next } = error as { readonly code?: string; readonly next?: string };
    log.fatal(
      { code, ...(next === undefined ? {} : { next }), error },
      error instanceof Error ? error.message : String(error),
    );
    return exitCodes.failed;
  }
}

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

const printEnvironment = (file: string, print: (text: string) => void): void =>
  print(completeEnvironment(readFileSync(file, 'utf8'), randomHex));

function levelOf(env: EnvironmentVariables) {
  const parsed = commonEnv.LOG_LEVEL.safeParse(env['LOG_LEVEL']);
  return parsed.success ? parsed.data : 'info';
}
