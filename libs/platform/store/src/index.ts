export { type AuditEntry, AuditTrail, type AuditTrailOptions } from './audit/audit-trail.js';
export { canonicalJson, canonicalRow, storableText } from './audit/canonical-json.js';
export { type ChainFault, type ChainFaultKind, chainFaultKinds } from './audit/chain-fault.js';
export type { ChainRow, ChainSource } from './audit/chain-source.js';
export { beginPruning, checkpointOf, type MarkRow, markOf } from './audit/checkpoints.js';
export { beginningOf, type ChainMark, linkedAfter, markAfter } from './audit/hash-chain.js';
export { type ChainCheck, type ChainQuestion, verifyChain } from './audit/verify-chain.js';
export {
  CommitUnknown,
  isConflict,
  isConnectionFailure,
  isPostgresError,
  isStoreWeather,
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
export type { Sql, SqlPart, Transaction } from './session.js';
export { StandBy, type StandByOptions } from './stand-by.js';
export { Store } from './store.js';
export { OutboxModule, type OutboxModuleOptions, StoreModule, type StoreModuleOptions } from './store.module.js';
