import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupFault } from './backup-fault.js';

const manifestFile = 'manifest.json';
/** Of the manifest, as `sha256sum --check` reads it. */
const sumFile = 'manifest.json.sha256';

export const backupFormat = 1;

const fileName = z.string().regex(/^[a-z0-9_.-]{1,200}$/i);
const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);
const storedFile = { file: fileName, bytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) };

const tableSchema = z.object({ name: identifier, columns: z.array(identifier), rows: z.number(), ...storedFile });
const schemaSchema = z.object({
  schema: identifier,
  migrations: z.object({ store: z.array(z.string()), own: z.array(z.string()) }),
  tables: z.array(tableSchema),
  sequences: z.array(z.object({ name: identifier, last: z.string().regex(/^\d{1,19}$/), called: z.boolean() })),
});

const manifestSchema = z.object({
  kind: z.literal('scalpstorm-backup'),
  format: z.number(),
  /** Of the platform that made it. */
  version: z.string(),
  takenAt: z.iso.datetime(),
  namespace: z.string(),
  postgres: z.string(),
  schemas: z.array(schemaSchema),
  streams: z.array(z.object({ name: z.string(), messages: z.number(), ...storedFile })),
  /** What must be kept elsewhere: without it these rows are there and can not be opened. */
  needs: z.object({
    /** Ids of the keys of VAULT_MASTER_KEYS; an id tells nothing of its key. */
    vaultKeys: z.array(z.string()),
    /** Rows that only NOTIFICATIONS_KEY opens. */
    notificationSecrets: z.number(),
  }),
  leftOut: z.array(z.string()),
});

export type Manifest = z.output<typeof manifestSchema>;
export type SchemaEntry = Manifest['schemas'][number];
export type TableEntry = SchemaEntry['tables'][number];
export type StoredFile = Pick<TableEntry, 'file' | 'bytes' | 'sha256'>;

export const filesOf = (manifest: Manifest): readonly StoredFile[] => [
  ...manifest.schemas.flatMap(({ tables }) => tables),
  ...manifest.streams,
];

/** The last thing that is written: a folder without it is no back-up. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  writeFileSync(join(folder, sumFile), `${hash(text)}  ${manifestFile}\n`, { mode: 0o600 });
  const draft = join(folder, `${manifestFile}.draft`);
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, join(folder, manifestFile));
}

const anew = 'take another back-up: this one can not be trusted';

/** The manifest, when it and every file that it names are what was written. @throws BackupFault */
export async function readBackup(folder: string): Promise<Manifest> {
  const path = join(folder, manifestFile);
  if (!existsSync(path)) {
    const text = `there is no back-up in ${folder}: it has no ${manifestFile}`;
    throw new BackupFault(
      'BACKUP_NOT_FOUND',
      text,
      'name the folder that `backup` wrote; one without it never came to its end',
    );
  }
  const text = readFileSync(path, 'utf8');
  const sum = existsSync(join(folder, sumFile)) ? readFileSync(join(folder, sumFile), 'utf8').slice(0, 64) : '';
  if (sum !== hash(text)) throw new BackupFault('BACKUP_DAMAGED', `${path} is not what was written`, anew);
  const manifest = parsed(text, path);
  for (const stored of filesOf(manifest)) await checkFile(folder, stored);
  return manifest;
}

function parsed(text: string, path: string): Manifest {
  const json = JSON.parse(text) as { readonly format?: unknown };
  // One of a later form can not be read any further.
  if (typeof json.format === 'number' && json.format > backupFormat) {
    const words = `${path} is of format ${json.format}; this version reads up to ${backupFormat}`;
    throw new BackupFault('BACKUP_NEWER', words, 'restore it with the version that made it');
  }
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BackupFault('BACKUP_DAMAGED', `${path}: ${issue?.path.join('.')}: ${issue?.message}`, anew);
}

async function checkFile(folder: string, { file, bytes, sha256 }: StoredFile): Promise<void> {
  const path = join(folder, file);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size !== bytes) {
    const words = size === undefined ? 'is missing' : `has ${size} bytes instead of ${bytes}`;
    throw new BackupFault('BACKUP_DAMAGED', `${path} ${words}`, anew);
  }
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
  if (digest.digest('hex') === sha256) return;
  throw new BackupFault('BACKUP_DAMAGED', `${path} is not what was written: its checksum differs`, anew);
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
