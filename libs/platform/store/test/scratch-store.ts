import { fileURLToPath } from 'node:url';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { uniqueNamespace } from '@scalpstorm/testkit';
import { migrate, schemaName } from '../src/migrate.js';
import { PostgresStore } from '../src/postgres-store.js';

export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

export interface ScratchStore {
  readonly store: PostgresStore;
  readonly log: RecordingLog;
  readonly metrics: Metrics;
  /** Another store on the same schema: another process, as far as Postgres can tell. */
  another(url?: string): PostgresStore;
  drop(): Promise<void>;
}

/** A migrated schema of its own on the shared server; `through` leads the store over another address. */
export async function scratchStore(postgresUrl: string, through = postgresUrl): Promise<ScratchStore> {
  const schema = schemaName(uniqueNamespace(), 'store');
  const log = new RecordingLog();
  await migrate({ url: postgresUrl, schema, folder: migrationsFolder, log });
  const opened: PostgresStore[] = [];
  const open = (url: string, metrics: Metrics) => {
    const store = new PostgresStore({ url, schema, connectionsMax: 4, log, metrics });
    opened.push(store);
    return store;
  };
  const metrics = new Metrics('store');
  const store = open(through, metrics);
  return {
    store,
    log,
    metrics,
    another: (url = postgresUrl) => open(url, new Metrics('store')),
    drop: async () => {
      const cleaner = open(postgresUrl, new Metrics('store'));
      await cleaner.sql.unsafe(`drop schema ${schema} cascade`);
      await Promise.all(opened.map((each) => each.close()));
    },
  };
}
