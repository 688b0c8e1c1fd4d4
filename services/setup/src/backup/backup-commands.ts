import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EnvironmentVariables, loadConfig } from '@scalpstorm/config';
import type { Log } from '@scalpstorm/observability';
import { backupEnv } from '../config.js';
import { BackupFault } from './backup-fault.js';
import { restoreBackup } from './restore-backup.js';
import { datedFolder, type Made, takeBackup } from './take-backup.js';
import { platformVersion } from './version.js';

export const backupFlags = ['--dated'] as const;
export const restoreFlags = ['--latest', '--replace', '--halted'] as const;

interface Asked {
  readonly folder: string;
  readonly flags: readonly string[];
  readonly env: EnvironmentVariables;
  readonly log: Log;
}

/** `backup FOLDER`. @throws BackupFault, ConfigError */
export async function backUp({ folder, flags, env, log }: Asked): Promise<Made> {
  const { postgresUrl, namespace, bus } = placesOf(env);
  const into = flags.includes('--dated') ? datedFolder(resolve(folder), new Date()) : resolve(folder);
  const made = await takeBackup({ folder: into, postgresUrl, namespace, bus, version: platformVersion() });
  log.info(told(made), 'the back-up is complete');
  tellNeeds(made, log);
  return made;
}

/** `restore FOLDER`. @throws BackupFault, ConfigError */
export async function restore({ folder, flags, env, log }: Asked): Promise<Made> {
  const { postgresUrl, namespace, bus, provisioning } = placesOf(env);
  const made = await restoreBackup({
    folder: flags.includes('--latest') ? latestIn(resolve(folder)) : resolve(folder),
    postgresUrl,
    namespace,
    bus,
    provisioning,
    version: platformVersion(),
    replace: flags.includes('--replace'),
    halted: flags.includes('--halted'),
    log,
  });
  log.info(told(made), 'the back-up is restored: start the services, which compare with the venues first');
  tellNeeds(made, log);
  return made;
}

function placesOf(env: EnvironmentVariables) {
  const settings = loadConfig(backupEnv, env);
  const { SCALPSTORM_NAMESPACE: namespace, NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = settings;
  const provisioning = { replicas: settings.STREAM_REPLICAS, optional: settings.OPTIONAL_SERVICES };
  return { postgresUrl: settings.POSTGRES_URL, namespace, bus: { url, user, password, namespace }, provisioning };
}

function latestIn(parent: string): string {
  const complete = (existsSync(parent) ? readdirSync(parent) : []).filter((name) =>
    existsSync(join(parent, name, 'manifest.json')),
  );
  // They are named by their time.
  const latest = complete.sort().at(-1);
  if (latest !== undefined) return join(parent, latest);
  const text = `there is no back-up in ${parent}`;
  throw new BackupFault('BACKUP_NOT_FOUND', text, 'name the folder into which `backup --dated` wrote');
}

const told = ({ folder, manifest, tables, rows, messages, bytes }: Made) => ({
  folder,
  takenAt: manifest.takenAt,
  version: manifest.version,
  tables,
  rows,
  messages,
  bytes,
});

function tellNeeds({ manifest: { needs } }: Made, log: Log): void {
  if (needs.vaultKeys.length === 0 && needs.notificationSecrets === 0) return;
  log.warn(
    needs,
    'it holds sealed secrets and not their keys: keep VAULT_MASTER_KEYS and NOTIFICATIONS_KEY elsewhere, and give the same ones to the services',
  );
}
