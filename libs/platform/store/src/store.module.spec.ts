import { afterEach, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { createServiceApp, type ServiceApp } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { describeWithServers, eventually, uniqueNamespace } from '@scalpstorm/testkit';
import { migrationsFolder } from '../test/scratch-store.js';
import { Inbox } from './inbox.js';
import { Outbox } from './outbox.js';
import { OutboxPublisher } from './outbox-publisher.js';
import { Store } from './store.js';
import { OutboxModule, StoreModule } from './store.module.js';

const published: string[] = [];

@Injectable()
class ListPublisher extends OutboxPublisher {
  async publish(subject: string): Promise<void> {
    published.push(subject);
  }
}

@Module({ providers: [ListPublisher], exports: [ListPublisher] })
class PublisherModule {}

@Module({
  imports: [
    StoreModule.forRoot({ schema: 'proof', migrations: migrationsFolder }),
    OutboxModule.forRoot({ publisher: ListPublisher, imports: [PublisherModule] }),
  ],
})
class ProofModule {}

describeWithServers('StoreModule', ({ postgresUrl }) => {
  let service: ServiceApp | undefined;

  afterEach(() => service?.close());

  it('gives a service its migrated schema, outbox, relay, inbox and health check', async () => {
    const namespace = uniqueNamespace();
    const env = { SCALPSTORM_NAMESPACE: namespace, POSTGRES_URL: postgresUrl, POSTGRES_POOL_MAX: '4' };
    const log = new RecordingLog();
    service = await createServiceApp(ProofModule, { service: 'proof', env, ownsProcess: false, log });
    const url = await service.listen();
    const store = service.app.get(Store);
    const outbox = service.app.get(Outbox);
    const inbox = service.app.get(Inbox);
    expect(store.schema).toBe(`${namespace}_proof`);
    const heard = await store.transaction(async (tx) => {
      await outbox.add(tx, [{ subject: 'proof.v1', payload: new Uint8Array(1), messageId: '1', headers: {} }]);
      return inbox.fresh(tx, 'event');
    });
    expect(heard).toBe(true);
    await eventually(() => expect(published).toEqual(['proof.v1']));
    const ready = await fetch(`${url}/health/ready`);
    expect(await ready.json()).toMatchObject({
      ready: true,
      checks: { postgres: { status: 'up' }, outbox: { status: 'up' } },
    });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('scalpstorm_outbox_oldest_age_seconds');
    expect(JSON.stringify(log.lines)).not.toContain(new URL(postgresUrl).password);
    await store.sql.unsafe(`drop schema ${store.schema} cascade`);
  });
});
