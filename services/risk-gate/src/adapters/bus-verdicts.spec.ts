import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { NoAnswer, type ReadBack, SendFailed } from '@scalpstorm/bus';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { orderApproved, orderDenied } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, EventId, type OrderRequest } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { anOrderRequest, describeWithServers, FakeClock, uniqueNamespace } from '@scalpstorm/testkit';
import type { Verdict } from '../ports/verdicts.js';
import { BusVerdicts } from './bus-verdicts.js';
import { VerdictStream } from './verdict-stream.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const causedBy = EventId.of('00000000-0000-7000-8000-000000000001');
const denied: Verdict = {
  kind: 'denied',
  denial: { code: 'ORDER_RATE_EXCEEDED', text: 'too fast', limit: '1', value: '2', next: 'wait', field: '/quantity' },
};

describeWithServers('the verdicts', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'risk');
  const log = new RecordingLog();
  let store: Store;
  let broker: MemoryBroker;
  let clock: FakeClock;
  let order: OrderRequest;
  const lives: BusVerdicts[] = [];

  beforeEach(async () => {
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('risk-gate') });
    broker = new MemoryBroker();
    clock = new FakeClock();
    order = anOrderRequest({ clientOrderId: ClientOrderId.of('asked1') });
  });

  afterEach(async () => {
    // What is written behind would look for its table for ever.
    for (const life of lives.splice(0)) await life.drain(5_000);
    broker.close();
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  const memory = () => new MemoryBus({ broker, speaker: 'risk-gate' });
  const bus = () => memory().bus;
  const newLife = (through = bus(), { readBack }: Pick<MemoryBus, 'readBack'> = memory()) => {
    const life = new BusVerdicts(new VerdictStream(through, readBack, clock), store, clock, log);
    lives.push(life);
    return life;
  };
  const approved = (): Verdict => ({ kind: 'approved', expiresAt: Timestamp.plus(clock.now(), 2 * second) });
  const told = () =>
    broker
      .stored('VERDICTS')
      .map(({ subject, payload }) =>
        subject.startsWith('order.approved') ? orderApproved.decode(payload) : orderDenied.decode(payload),
      );

  it('are told once and written down', async () => {
    const verdicts = newLife();
    expect(await verdicts.find(order.clientOrderId, 0)).toBeNull();
    expect(await verdicts.tell(order, denied, { causedBy, ask: 0 })).toBe(denied);
    await verdicts.drain(5_000);
    expect(await store.sql`select code, approved from verdicts`).toEqual([
      { code: 'ORDER_RATE_EXCEEDED', approved: false },
    ]);
    expect(await verdicts.find(order.clientOrderId, 0)).toMatchObject({ verdict: denied, toldAt: clock.now() });
  });

  it('give way to the first one, which is read from the table and not forgotten', async () => {
    const [first, ours] = [approved(), denied];
    const earlier = newLife();
    await earlier.tell(order, first, { causedBy, ask: 0 });
    await earlier.drain(5_000);
    const verdicts = newLife();
    expect(await verdicts.tell(order, ours, { causedBy, ask: 0 })).toEqual(first);
    expect(await verdicts.find(order.clientOrderId, 0)).toMatchObject({ verdict: first });
    expect(told()).toHaveLength(1);
    expect(await store.sql`select approved from verdicts`).toEqual([{ approved: true }]);
  });

  /** As when an answer was lost: the first attempt arrived, and the second one is answered. */
  const unacknowledged = (through = bus()) => {
    const send = through.send.bind(through);
    through.send = async (...given) => {
      await send(...given);
      return send(...given);
    };
    return through;
  };

  it('give way to the first one that nobody wrote down, and write it down', async () => {
    const first = approved();
    // An earlier life that died right after it had told it.
    await new VerdictStream(bus(), memory().readBack, clock).tell(order, first, {
      causedBy,
      messageId: 'verdict:asked1',
    });
    const toldAt = clock.now();
    clock.advance(second);
    const verdicts = newLife(unacknowledged());
    expect(await verdicts.tell(order, denied, { causedBy, ask: 0 })).toEqual(first);
    await verdicts.drain(5_000);
    expect(await verdicts.find(order.clientOrderId, 5)).toEqual({ verdict: first, toldAt });
    expect(await store.sql`select approved, code from verdicts`).toEqual([{ approved: true, code: null }]);
    clock.advance(5 * second);
    const given = await verdicts.find(order.clientOrderId, 1);
    if (given !== null) await verdicts.tellAgain(order, given, { causedBy, ask: 1 });
    expect(told().map((event) => 'expiresAt' in event)).toEqual([true, true]);
  });

  it('forget their own word when the stream had another one that nobody has any more', async () => {
    const earlier = newLife();
    await earlier.tell(order, approved(), { causedBy, ask: 0 });
    await earlier.drain(5_000);
    expect(await earlier.prune(Timestamp.plus(clock.now(), second))).toBe(1);
    const nothing: ReadBack = { at: async () => null };
    const verdicts = newLife(bus(), { readBack: nothing });
    expect(await verdicts.tell(order, denied, { causedBy, ask: 0 })).toBeNull();
    expect(await verdicts.find(order.clientOrderId, 5)).toBeNull();
  });

  it('keep their own word when an attempt of their own was not acknowledged', async () => {
    const verdicts = newLife(unacknowledged());
    expect(await verdicts.tell(order, denied, { causedBy, ask: 0 })).toBe(denied);
    await verdicts.drain(5_000);
    expect(await store.sql`select code from verdicts`).toEqual([{ code: 'ORDER_RATE_EXCEEDED' }]);
  });

  it('decide nothing about whose the first one was while nobody can read it, and say the same later', async () => {
    const first = approved();
    await newLife().tell(order, first, { causedBy, ask: 0 });
    const readBack: ReadBack = { at: () => Promise.reject(new NoAnswer('TIMEOUT', 'VERDICTS 1')) };
    const verdicts = newLife(bus(), { readBack });
    await expect(verdicts.tell(order, denied, { causedBy, ask: 0 })).rejects.toThrow('no answer');
    expect(await verdicts.find(order.clientOrderId, 0)).toEqual({ verdict: denied, toldAt: null });
    readBack.at = (...given) => memory().readBack.at(...given);
    expect(await verdicts.tell(order, denied, { causedBy, ask: 0 })).toEqual(first);
  });

  it('read nothing back for whoever asks the same twice', async () => {
    const readBack: ReadBack = { at: () => Promise.reject(new Error('it was read')) };
    const verdicts = newLife(bus(), { readBack });
    await verdicts.tell(order, denied, { causedBy, ask: 0 });
    const given = await verdicts.find(order.clientOrderId, 0);
    if (given !== null) await verdicts.tellAgain(order, given, { causedBy, ask: 0 });
    expect(told()).toHaveLength(1);
  });

  it('say the same again after the stream could not be reached', async () => {
    const through = bus();
    const send = through.send.bind(through);
    through.send = () => Promise.reject(new SendFailed('UNACKNOWLEDGED', 'order.denied'));
    const verdicts = newLife(through);
    await expect(verdicts.tell(order, denied, { causedBy, ask: 0 })).rejects.toThrow('not acknowledged');
    expect(await verdicts.find(order.clientOrderId, 0)).toEqual({ verdict: denied, toldAt: null });
    through.send = send;
    expect(await verdicts.tell(order, denied, { causedBy, ask: 0 })).toBe(denied);
    expect(told()).toHaveLength(1);
  });

  it('tell a denial again to whoever asks again later, however long ago it was, also after a restart', async () => {
    const earlier = newLife();
    await earlier.tell(order, denied, { causedBy, ask: 0 });
    await earlier.drain(5_000);
    clock.advance(7_200 * second);
    const verdicts = newLife();
    const given = await verdicts.find(order.clientOrderId, 3);
    expect(given?.verdict).toEqual(denied);
    if (given === null) throw new Error('not found');
    await verdicts.tellAgain(order, given, { causedBy, ask: 3 });
    // The same question, delivered twice, and another one right after it.
    await verdicts.tellAgain(order, given, { causedBy, ask: 3 });
    const now = await verdicts.find(order.clientOrderId, 4);
    if (now !== null) await verdicts.tellAgain(order, now, { causedBy, ask: 4 });
    expect(told().map((event) => 'denial' in event && event.denial.code)).toEqual([
      'ORDER_RATE_EXCEEDED',
      'ORDER_RATE_EXCEEDED',
    ]);
  });

  it('say an approval again only when its time is over', async () => {
    const verdicts = newLife();
    await verdicts.tell(order, approved(), { causedBy, ask: 0 });
    const again = async (ask: number) => {
      const given = await verdicts.find(order.clientOrderId, ask);
      if (given !== null) await verdicts.tellAgain(order, given, { causedBy, ask });
      return told().length;
    };
    clock.advance(2 * second);
    expect(await again(1)).toBe(1);
    clock.advance(2 * second);
    expect(await again(2)).toBe(2);
    expect(new Set(told().map((event) => 'expiresAt' in event && event.expiresAt)).size).toBe(1);
  });

  it('are forgotten by age, in steps, the old ones only', async () => {
    const row = (id: string, decided: number) => ({
      client_order_id: id,
      account_id: 'demo',
      user_id: 'usr_1',
      approved: true,
      decided_at_us: decided,
    });
    const rows = Array.from({ length: 2_500 }, (_, index) => row(`old${index}`, index));
    const all = [...rows, row('young', 1_000_000)];
    await store.sql`insert into verdicts ${store.sql(all)}`;
    expect(await newLife().prune(Timestamp.fromMicros(500_000))).toBe(2_500);
    expect(await store.sql`select client_order_id from verdicts`).toEqual([{ client_order_id: 'young' }]);
  });
});
