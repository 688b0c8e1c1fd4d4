import { fileURLToPath } from 'node:url';
import type { Timestamp } from '@scalpstorm/kernel';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { AuditTrail, migrate, Outbox, PostgresStore, schemaName } from '@scalpstorm/store';
import { uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresAuditChains } from '../src/adapters/postgres-audit-chains.js';
import { PostgresHistory } from '../src/adapters/postgres-history.js';
import { PostgresLedger } from '../src/adapters/postgres-ledger.js';
import { type AccountWriter, PostgresReconciliations } from '../src/adapters/postgres-reconciliations.js';
import { PostgresRetelling } from '../src/adapters/postgres-retelling.js';
import { PostgresUntoldOrders } from '../src/adapters/postgres-untold-orders.js';

const folder = fileURLToPath(new URL('../migrations', import.meta.url));

/** The schema of execution, for one spec; every writer has connections of its own, as a process has. */
export class ScratchSchema {
  readonly schema = schemaName(uniqueNamespace(), 'execution');
  readonly deaths: Error[] = [];
  private readonly stores: PostgresStore[] = [];
  private readonly ledgers: PostgresLedger[] = [];

  constructor(
    private readonly url: string,
    private readonly now: () => Timestamp,
  ) {}

  async migrate(): Promise<void> {
    await migrate({ url: this.url, schema: this.schema, folder, log: new RecordingLog() });
  }

  /** @param url by another way than directly */
  store(url = this.url): PostgresStore {
    const log = new RecordingLog();
    const settings = { url, schema: this.schema, connectionsMax: 3, log, metrics: new Metrics('execution') };
    const store = new PostgresStore(settings);
    this.stores.push(store);
    return store;
  }

  ledger(store = this.store()): PostgresLedger {
    const die = (error: Error) => void this.deaths.push(error);
    const parts = { store, outbox: new Outbox(store), clock: { now: this.now }, die };
    const ledger = new PostgresLedger(parts);
    this.ledgers.push(ledger);
    return ledger;
  }

  keys(store = this.store()): AuditTrail {
    return new AuditTrail({ store, clock: { now: this.now }, service: 'execution', chain: 'keys' });
  }

  history(store = this.store()): PostgresHistory {
    return new PostgresHistory(store, this.keys(store));
  }

  chains(ledger: PostgresLedger, store = this.store()): PostgresAuditChains {
    return new PostgresAuditChains(store, ledger, this.keys(store));
  }

  /** @param writer proves nothing where it is left out */
  reconciliations(store = this.store(), writer: AccountWriter = { prove: async () => undefined }) {
    return new PostgresReconciliations({ store, outbox: new Outbox(store), clock: { now: this.now }, writer });
  }

  retelling(store = this.store()): PostgresRetelling {
    return new PostgresRetelling({ store, outbox: new Outbox(store), clock: { now: this.now } });
  }

  untoldOrders(store = this.store()): { untold: PostgresUntoldOrders; outbox: Outbox } {
    const outbox = new Outbox(store);
    return { untold: new PostgresUntoldOrders(store, outbox), outbox };
  }

  /** For the next case of a spec: its writers are gone, and no table has a row. The schema stays, which is long in the making. */
  async empty(): Promise<void> {
    await this.ends();
    const { sql } = this.store();
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = ${this.schema}
         and table_type = 'BASE TABLE' and table_name not in ('migrations', 'platform_migrations')`;
    await sql`truncate ${sql(tables.map(({ name }) => name))}`;
    await this.closes();
    // What a writer found out about its lease on its way out is no death of the next case.
    this.deaths.length = 0;
  }

  async remove(): Promise<void> {
    await this.ends();
    await this.store().sql.unsafe(`drop schema if exists ${this.schema} cascade`);
    await this.closes();
  }

  private ends(): Promise<unknown> {
    return Promise.all(this.ledgers.splice(0).map((ledger) => ledger.close()));
  }

  private closes(): Promise<unknown> {
    return Promise.all(this.stores.splice(0).map((store) => store.close()));
  }
}
