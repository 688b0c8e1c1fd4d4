import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { HealthRegistry, Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../test/scratch-store.js';
import { Outbox, type OutboxMessage } from './outbox.js';
import { OutboxPublisher } from './outbox-publisher.js';
import { OutboxRelay } from './outbox-relay.js';
import type { Transaction } from './session.js';
import type { Store } from './store.js';

/** Keeps what it is given, drops repeated ids as JetStream does, and fails while it is told to. */
class RecordingPublisher extends OutboxPublisher {
  readonly published: string[] = [];
  readonly attempts: string[] = [];
  readonly headers: Record<string, string>[] = [];
  private readonly acknowledged = new Set<string>();
  failing: (messageId: string) => boolean = () => false;
  refusing: (messageId: string) => boolean = () => false;
  holding: (messageId: string) => Promise<void> = async () => undefined;

  async publish(
    subject: string,
    payload: Uint8Array,
    headers: Readonly<Record<string, string>>,
    messageId: string,
  ): Promise<void> {
    this.attempts.push(messageId);
    if (this.failing(messageId)) throw new Error(`no acknowledgement of ${messageId}`);
    if (this.refusing(messageId)) throw Object.assign(new Error('too large'), { code: 'REFUSED' });
    await this.holding(messageId);
    if (this.acknowledged.has(messageId)) return;
    this.acknowledged.add(messageId);
    this.published.push(`${subject} ${messageId} ${Buffer.from(payload).toString()}`);
    this.headers.push({ ...headers });
  }
}

const message = (id: string): OutboxMessage => ({
  subject: 'order.changed.v1.demo',
  payload: Buffer.from(`payload of ${id}`),
  messageId: id,
  headers: { traceparent: '00-1-2-01' },
});
const line = (id: string) => `order.changed.v1.demo ${id} payload of ${id}`;

describeWithServers('the outbox and its relay', ({ postgresUrl }) => {
  let scratch: ScratchStore;
  let publisher: RecordingPublisher;
  const relays: OutboxRelay[] = [];

  beforeEach(async () => {
    scratch = await scratchStore(postgresUrl);
    publisher = new RecordingPublisher();
  });

  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await scratch.drop();
  });

  /** A process of the service: its own outbox and relay on its own connections. */
  function startProcess(store: Store = scratch.store, batchMs?: number) {
    const outbox = new Outbox(store);
    const metrics = new Metrics('store');
    const health = new HealthRegistry();
    const log = new RecordingLog();
    const relay = new OutboxRelay({ store, outbox, publisher, log, metrics, health, batchMs });
    relays.push(relay);
    return { outbox, relay, metrics, health, log, store };
  }

  const waiting = async () => Number((await scratch.store.sql`select count(*) as n from outbox`)[0]?.['n']);

  it('publishes after the commit, in order, with headers, and forgets what was acknowledged', async () => {
    const { outbox, relay, store } = startProcess();
    relay.start();
    await store.transaction((tx) => outbox.add(tx, [message('a'), message('b')]));
    await store.transaction((tx) => outbox.add(tx, [message('c')]));
    await eventually(() => expect(publisher.published).toEqual(['a', 'b', 'c'].map(line)));
    expect(publisher.headers[0]).toEqual({ traceparent: '00-1-2-01' });
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    const { outbox, relay, store } = startProcess();
    relay.start();
    const failing = store.transaction(async (tx) => {
      await outbox.add(tx, [message('never')]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await store.transaction((tx) => outbox.add(tx, [message('after')]));
    await eventually(() => expect(publisher.published).toEqual([line('after')]));
  });

  it('publishes once and in order what a process left behind that died between commit and publish', async () => {
    // Its relay never ran.
    const dead = startProcess();
    await dead.store.transaction((tx) => dead.outbox.add(tx, [message('a'), message('b')]));
    const next = startProcess(scratch.another());
    await next.store.transaction((tx) => next.outbox.add(tx, [message('c')]));
    next.relay.start();
    await eventually(() => expect(publisher.published).toEqual(['a', 'b', 'c'].map(line)));
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(publisher.attempts).toEqual(['a', 'b', 'c']);
  });

  it('finds what nobody woke it for at its next sweep', async () => {
    const { outbox, relay } = startProcess();
    relay.start();
    await scratch.store.transaction((tx) => outbox.add(tx, [message('woken')]));
    await eventually(async () => expect(await waiting()).toBe(0));
    const other = new Outbox(scratch.another());
    await scratch.store.transaction((tx) => other.add(tx, [message('quiet')]));
    await eventually(() => expect(publisher.published).toEqual([line('woken'), line('quiet')]));
  });

  it('keeps the order and tries again while the other side does not acknowledge', async () => {
    const { outbox, relay, store, health, metrics, log } = startProcess();
    let down = true;
    // Whatever is behind it on the line is lost with it.
    publisher.failing = (id) => down && id !== 'a';
    relay.start();
    await store.transaction((tx) => outbox.add(tx, [message('a'), message('b'), message('c')]));
    await eventually(() => expect(publisher.attempts.filter((id) => id === 'b').length).toBeGreaterThan(1));
    expect(publisher.published).toEqual([line('a')]);
    expect((await health.report()).checks['outbox']).toMatchObject({ status: 'down', critical: false });
    expect(await metrics.registry.metrics()).toMatch(/scalpstorm_outbox_depth\{service="store"\} 2/);
    // The second failure is told after its transaction is over.
    await eventually(() => expect(log.lines.filter((entry) => entry.level === 'warn')).toHaveLength(1));
    down = false;
    await eventually(() => expect(publisher.published).toEqual(['a', 'b', 'c'].map(line)));
    await eventually(async () => expect(await metrics.registry.metrics()).toMatch(/outbox_depth\{service="store"\} 0/));
  });

  it('puts aside what is refused for good, goes on, and says so until a person closes it', async () => {
    const { outbox, relay, store, health, metrics, log } = startProcess();
    const refused: unknown[] = [];
    outbox.onRefused((message) => void refused.push(message));
    publisher.refusing = (id) => id === 'b';
    relay.start();
    await store.transaction((tx) => outbox.add(tx, [message('a'), message('b'), message('c')]));
    await eventually(() => expect(publisher.published).toEqual(['a', 'c'].map(line)));
    await eventually(() => expect(publisher.attempts.filter((id) => id === 'b').length).toBe(3));
    await eventually(() =>
      expect(refused).toEqual([{ subject: 'order.changed.v1.demo', messageId: 'b', reason: 'too large' }]),
    );
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    const [row] = await store.sql`select message_id, payload, reason from outbox_refused where closed_at is null`;
    expect(row).toMatchObject({ message_id: 'b', reason: 'too large' });
    expect(String(row?.['payload'])).toBe('payload of b');
    await eventually(async () =>
      expect(await metrics.registry.metrics()).toMatch(/outbox_refused\{service="store"\} 1/),
    );
    const down = { status: 'down', critical: false, error: expect.stringContaining('outbox_refused') };
    expect((await health.report()).checks['outbox']).toMatchObject(down);
    await store.sql`update outbox_refused set closed_at = now(), closed_by = 'spec'`;
    await eventually(async () =>
      expect(await metrics.registry.metrics()).toMatch(/outbox_refused\{service="store"\} 0/),
    );
  });

  it('lets what happens now overtake what is told again', async () => {
    const { outbox, relay, store } = startProcess();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    publisher.holding = async (id) => {
      if (id !== 'old3') return;
      begin();
      await released;
    };
    const old = Array.from({ length: 300 }, (_, index) => `old${index}`);
    await store.transaction((tx) => outbox.add(tx, old.map(message), 'later'));
    relay.start();
    await begun;
    await store.transaction((tx) => outbox.add(tx, [message('live')]));
    release();
    await eventually(() => expect(publisher.published).toHaveLength(301));
    expect(publisher.published.indexOf(line('live'))).toBe(4);
    expect(publisher.published.filter((one) => one !== line('live'))).toEqual(old.map(line));
  });

  it('lets even unheard news of another process overtake after few of them', async () => {
    const { outbox, relay, store } = startProcess();
    const other = new Outbox(scratch.another());
    publisher.holding = async (id) => {
      if (id === 'old3') await scratch.store.transaction((tx) => other.add(tx, [message('live')]));
    };
    const old = Array.from({ length: 40 }, (_, index) => `old${index}`);
    await store.transaction((tx) => outbox.add(tx, old.map(message), 'later'));
    relay.start();
    await eventually(() => expect(publisher.published).toHaveLength(41));
    expect(publisher.published.indexOf(line('live'))).toBeLessThanOrEqual(10);
  });

  it('has many under way at a time, and begins no more than its bound', async () => {
    const { outbox, relay, store } = startProcess();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    publisher.holding = () => released;
    const ids = Array.from({ length: 300 }, (_, index) => `m${index}`);
    await store.transaction((tx) => outbox.add(tx, ids.map(message)));
    relay.start();
    await eventually(() => expect(publisher.attempts).toHaveLength(64));
    expect(publisher.attempts).toEqual(ids.slice(0, 64));
    release();
    await eventually(() => expect(publisher.published).toEqual(ids.map(line)));
    expect(publisher.attempts).toEqual(ids);
  });

  it('goes on from the first that was not acknowledged, in order, when the line broke in the middle of a window', async () => {
    const { outbox, relay, store } = startProcess();
    const ids = Array.from({ length: 100 }, (_, index) => `m${index}`);
    const lost = new Set(ids.slice(20));
    // Everything from one message on is lost, once.
    publisher.failing = (id) => lost.delete(id) && publisher.attempts.length <= 64;
    await store.transaction((tx) => outbox.add(tx, ids.map(message)));
    relay.start();
    await eventually(() => expect(publisher.published).toHaveLength(100));
    expect(publisher.published).toEqual(ids.map(line));
    expect(publisher.attempts.slice(64)).toEqual(ids.slice(20));
  });

  it('sends nothing again that was acknowledged beside a message which was not', async () => {
    const { outbox, relay, store } = startProcess();
    let lost = 1;
    publisher.failing = (id) => id === 'b' && lost-- > 0;
    await store.transaction((tx) => outbox.add(tx, ['a', 'b', 'c'].map(message)));
    relay.start();
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(publisher.attempts).toEqual(['a', 'b', 'c', 'b']);
    expect([...publisher.published].sort()).toEqual(['a', 'b', 'c'].map(line));
  });

  it('keeps no transaction open longer than its time: what was acknowledged is forgotten while the next one hangs', async () => {
    const { outbox, relay, store } = startProcess(scratch.store, 0);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const ids = Array.from({ length: 64 }, (_, index) => `m${index}`);
    publisher.holding = async (id) => (id === 'last' ? released : undefined);
    await store.transaction((tx) => outbox.add(tx, [...ids, 'last'].map(message)));
    relay.start();
    await eventually(() => expect(publisher.attempts).toEqual([...ids, 'last']));
    expect(await waiting()).toBe(1);
    release();
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('keeps its successor waiting no longer than a batch may take, should it stand still in one', async () => {
    const longest: unknown[] = [];
    const told: Store = Object.assign(Object.create(scratch.store), {
      transaction: <T>(work: (tx: Transaction) => Promise<T>) =>
        scratch.store.transaction(async (tx) => {
          const done = await work(tx);
          const [row] = await tx`select current_setting('idle_in_transaction_session_timeout') as longest`;
          longest.push(row?.['longest']);
          return done;
        }),
    });
    startProcess(told, 2_000).relay.start();
    await eventually(() => expect(longest).toContain('13s'));
  });

  it('sends again under the same id what was published but not yet forgotten', async () => {
    const { outbox, relay, store } = startProcess();
    await store.transaction((tx) => outbox.add(tx, [message('a')]));
    // The acknowledgement came, the process died before the deletion was committed.
    await publisher.publish('order.changed.v1.demo', message('a').payload, {}, 'a');
    relay.start();
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(publisher.attempts).toEqual(['a', 'a']);
    expect(publisher.published).toEqual([line('a')]);
  });

  it('is published by one relay only while two processes overlap', async () => {
    const first = startProcess();
    const second = startProcess(scratch.another());
    first.relay.start();
    second.relay.start();
    const ids = Array.from({ length: 300 }, (_, index) => `m${index}`);
    for (const id of ids) {
      const { outbox, store } = ids.indexOf(id) % 2 === 0 ? first : second;
      await store.transaction((tx) => outbox.add(tx, [message(id)]));
    }
    await eventually(() => expect(publisher.published).toEqual(ids.map(line)));
    expect(publisher.attempts).toEqual(ids);
  });
});
