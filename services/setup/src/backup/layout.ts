import type { StreamName } from '@scalpstorm/contracts';

/** A schema of the installation, and the service that owns it, whose migrations make it. */
export interface OwnedSchema {
  /** Without the namespace. */
  readonly schema: string;
  readonly service: string;
}

export const ownedSchemas: readonly OwnedSchema[] = [
  { schema: 'strategy', service: 'strategy' },
  { schema: 'risk', service: 'risk-gate' },
  { schema: 'execution', service: 'execution' },
  { schema: 'market', service: 'market-data' },
  { schema: 'gateway', service: 'gateway' },
  { schema: 'notifications', service: 'notifications' },
  { schema: 'research', service: 'research' },
];

/** Lies beside this service in a clone and in an image. */
export const migrationsOf = ({ service }: OwnedSchema): string =>
  new URL(`../../../${service}/migrations`, import.meta.url).href;

/** Written by the migrations themselves. */
export const migrationTables = { store: 'platform_migrations', own: 'migrations' } as const;

/** Who writes at this moment. Nobody does in a platform that was restored. */
export const leaseTables: readonly string[] = ['lease', 'leases'];

/** Everybody logs in again: a session that was ended since the back-up must not be open again. */
const sessionTables: readonly string[] = ['refresh_tokens'];

/** Candles of venues that research has fetched; it fetches them again. */
const fetchedTables: readonly string[] = ['bar_files'];

export const tablesLeftOut: ReadonlySet<string> = new Set([
  ...Object.values(migrationTables),
  ...leaseTables,
  ...sessionTables,
  ...fetchedTables,
]);

const recentMs = 10 * 60_000;

/**
 * What of the streams is kept, and how far back from the back-up. Everything that is under way for an order is told or asked again out
 * of the tables, so none of it is here; of bots, certificates and the operations each thing is told once, and some of it may not have been heard.
 */
export const carriedStreams: readonly { readonly stream: StreamName; readonly backMs: number | null }[] = [
  { stream: 'BOT_EVENTS', backMs: recentMs },
  { stream: 'OPS', backMs: recentMs },
  { stream: 'CERTIFICATES', backMs: recentMs },
  // What the audit is held against.
  { stream: 'AUDIT', backMs: null },
  { stream: 'DEAD_LETTERS', backMs: null },
];
