export {
  CommitUnknown,
  isConflict,
  isConnectionFailure,
  isPostgresError,
  LeaseLost,
  SchemaNewer,
  StoreBusy,
  StoreUnavailable,
} from './errors.js';
export { Gathered, type GatheredOptions } from './gathered.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { diedHere, placeOf, thisHolder } from './holder.js';
export { Inbox } from './inbox.js';
export { Lease, type LeaseOptions } from './lease.js';
export {
  type AppliedMigrations,
  type MigrationOptions,
  migrate,
  migrateTo,
  schemaName,
  unknownMigrations,
} from './migrate.js';
export { Outbox, type OutboxMessage, type OutboxTurn, type RefusedMessage } from './outbox.js';
export { OutboxPublisher } from './outbox-publisher.js';
export { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';
export { PostgresStore, type PostgresStoreOptions } from './postgres-store.js';
export type { Sql, Transaction } from './session.js';
export { StandBy, type StandByOptions } from './stand-by.js';
export { Store } from './store.js';
export { OutboxModule, type OutboxModuleOptions, StoreModule, type StoreModuleOptions } from './store.module.js';
