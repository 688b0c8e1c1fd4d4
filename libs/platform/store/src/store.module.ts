import { type DynamicModule, type InjectionToken, Module, type ModuleMetadata } from '@nestjs/common';
import { commonEnv, Environment, loadConfig, postgresEnv } from '@scalpstorm/config';
import { HealthRegistry, Log, Metrics } from '@scalpstorm/observability';
import { z } from 'zod';
import { Inbox } from './inbox.js';
import { migrate, schemaName } from './migrate.js';
import { Outbox } from './outbox.js';
import { OutboxPublisher } from './outbox-publisher.js';
import { OutboxRelay } from './outbox-relay.js';
import { PostgresStore } from './postgres-store.js';
import { Store } from './store.js';

const environmentSchema = z.object({ ...commonEnv, ...postgresEnv });

export interface StoreModuleOptions {
  /** Without the namespace, e.g. `execution`. */
  readonly schema: string;
  /** Folder (path or `file:` URL) with `NNN_name.sql` files. */
  readonly migrations: string;
}

/** Provides Store, Outbox and Inbox everywhere; the schema is migrated before anything gets to use it. */
@Module({})
export class StoreModule {
  static forRoot({ schema, migrations }: StoreModuleOptions): DynamicModule {
    return {
      module: StoreModule,
      global: true,
      providers: [
        {
          provide: Store,
          useFactory: async ({ variables }: Environment, log: Log, metrics: Metrics, health: HealthRegistry) => {
            const config = loadConfig(environmentSchema, variables);
            const name = schemaName(config.SCALPSTORM_NAMESPACE, schema);
            const url = config.POSTGRES_URL;
            await migrate({ url, schema: name, folder: migrations, log, newer: config.SCHEMA_NEWER });
            const store = new PostgresStore({
              url,
              schema: name,
              connectionsMax: config.POSTGRES_POOL_MAX,
              log,
              metrics,
            });
            health.register('postgres', () => store.healthy());
            return store;
          },
          inject: [Environment, Log, Metrics, HealthRegistry],
        },
        { provide: Outbox, useFactory: (store: Store) => new Outbox(store), inject: [Store] },
        { provide: Inbox, useFactory: (store: Store, log: Log) => new Inbox(store, log), inject: [Store, Log] },
      ],
      exports: [Store, Outbox, Inbox],
    };
  }
}

export interface OutboxModuleOptions {
  /** The token of a provider that fits {@link OutboxPublisher}: global, or exported by one of `imports`. */
  readonly publisher: InjectionToken<OutboxPublisher>;
  readonly imports?: ModuleMetadata['imports'];
}

/** Runs the relay; beside {@link StoreModule}, in services that send through the outbox. */
@Module({})
export class OutboxModule {
  static forRoot({ publisher, imports = [] }: OutboxModuleOptions): DynamicModule {
    return {
      module: OutboxModule,
      imports,
      providers: [
        {
          provide: OutboxRelay,
          useFactory: (
            store: Store,
            outbox: Outbox,
            port: OutboxPublisher,
            ...[log, metrics, health]: [Log, Metrics, HealthRegistry]
          ) => new OutboxRelay({ store, outbox, publisher: port, log, metrics, health }),
          inject: [Store, Outbox, publisher, Log, Metrics, HealthRegistry],
        },
      ],
      exports: [OutboxRelay],
    };
  }
}
