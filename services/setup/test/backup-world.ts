import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTopology } from '@scalpstorm/bus';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, schemaName } from '@scalpstorm/store';
import { type TestServers, uniqueNamespace } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { migrationsOf, ownedSchemas } from '../src/backup/layout.js';
import { runCommand } from '../src/command.js';

/** Installations on the shared servers, and folders, that all go when the test is over. */
export class BackupWorld {
  readonly sql: postgres.Sql;
  private readonly folder = mkdtempSync(join(tmpdir(), 'scalpstorm-backup-'));
  private readonly namespaces: string[] = [];

  constructor(private readonly servers: TestServers) {
    this.sql = postgres(servers.postgresUrl, { max: 2, onnotice: () => undefined });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  address(namespace: string) {
    const password = this.servers.natsPasswords['admin'] ?? '';
    return { url: this.servers.natsUrl, user: 'admin', password, namespace };
  }

  namespace(): string {
    const namespace = uniqueNamespace();
    this.namespaces.push(namespace);
    return namespace;
  }

  /** An installation with its streams and the tables of some services. */
  async install(...schemas: readonly string[]): Promise<string> {
    const namespace = this.namespace();
    await this.run(namespace, 'servers');
    for (const owned of ownedSchemas.filter(({ schema }) => schemas.includes(schema))) {
      const options = { url: this.servers.postgresUrl, log: new RecordingLog(), folder: migrationsOf(owned) };
      await migrate({ ...options, schema: schemaName(namespace, owned.schema) });
    }
    return namespace;
  }

  async run(namespace: string, ...words: readonly string[]) {
    const { url, password } = this.address(namespace);
    const env = {
      SCALPSTORM_NAMESPACE: namespace,
      NATS_URL: url,
      NATS_PASSWORD: password,
      POSTGRES_URL: this.servers.postgresUrl,
      SETUP_WAIT: '20s',
    };
    const log = new RecordingLog();
    const code = await runCommand(words, env, { log });
    const last = log.lines.at(-1);
    return {
      code,
      text: last?.text ?? '',
      fault: (last?.fields as { code?: string } | undefined)?.code,
      lines: log.lines,
    };
  }

  rowsOf(namespace: string, schema: string, table: string) {
    return this.sql.unsafe(`select * from ${this.place(namespace, schema, table)} order by 1`);
  }

  place(namespace: string, schema: string, table: string): string {
    return `${schemaName(namespace, schema)}.${table}`;
  }

  /** Changes the manifest of a back-up as somebody would who also makes its checksum right. */
  forge(folder: string, change: (manifest: Record<string, unknown>) => unknown): void {
    const path = join(folder, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    change(manifest);
    const text = JSON.stringify(manifest);
    writeFileSync(path, text);
    writeFileSync(join(folder, 'manifest.json.sha256'), createHash('sha256').update(text).digest('hex'));
  }

  async close(): Promise<void> {
    for (const namespace of this.namespaces) {
      for (const { schema } of ownedSchemas)
        await this.sql.unsafe(`drop schema if exists ${schemaName(namespace, schema)} cascade`);
      await removeTopology(this.address(namespace));
    }
    await this.sql.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
