import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newMeta } from '@scalpstorm/bus';
import { testNats } from '@scalpstorm/bus/testing';
import { orderChanged, quoteChanged } from '@scalpstorm/contracts';
import { AccountId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aFill, anOrder, anOrderRequest, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { rfc3339 } from '../src/domain/cloud-event.js';
import { start } from '../src/start.js';
import { BridgeWorld, clock, firstsOf, healthOf, metricsOf, patiently } from './bridge-world.js';
import { brokerKind, openBroker } from './broker.js';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describeWithServers(`events on their way to ${brokerKind}`, () => {
  const log = new RecordingLog();
  let world: BridgeWorld;
  let service: { close(): Promise<void>; readonly address: string } | null = null;

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS');
    world = await BridgeWorld.open(nats, await openBroker(), ['cycles', 'bots']);
  });
  afterEach(async () => {
    await service?.close();
    service = null;
  });
  afterAll(() => world?.close());

  const begin = async (settings: Record<string, string> = {}) => {
    service = await start(world.env(settings), { ownsProcess: false, log });
    return service.address;
  };

  test('arrive in the order of their key, whole, and are acknowledged afterwards', async () => {
    await begin();
    const accounts = ['ann', 'bob', 'cid'];
    const said: Record<string, string[]> = { ann: [], bob: [], cid: [] };
    for (let round = 0; round < 100; round += 1) {
      for (const account of accounts) said[account]?.push((await world.order(account)).meta.eventId);
    }
    const records = await world.arrived('orders', 300);
    for (const account of accounts) expect(firstsOf(records, account)).toEqual(said[account]);
    const partitionsOf = (key: string) => new Set(records.filter((one) => one.key === key).map((one) => one.partition));
    for (const account of accounts) expect(partitionsOf(account).size).toBe(1);
    await world.caughtUp('ORDER_EVENTS');
  });

  test('are CloudEvents in binary mode around the bytes of NATS, and a fill is in its own topic too', async () => {
    await begin();
    const meta = newMeta(clock, null);
    const event = { kind: 'filled', fill: aFill() } as const;
    const changed = { meta, order: anOrder({ request: anOrderRequest({ accountId: AccountId.of('dan') }) }), event };
    const bytes = orderChanged.encode(changed);
    await world.raw('order.changed.v1.dan', bytes, traceparent);
    const inOrders = (await world.arrived('orders', 301)).find(({ key }) => key === 'dan');
    const [inFills] = await world.arrived('fills', 1);
    for (const record of [inOrders, inFills]) {
      expect(record?.key).toBe('dan');
      expect(Buffer.from(record?.value ?? []).equals(bytes)).toBe(true);
      expect(record?.headers).toEqual({
        ce_specversion: '1.0',
        ce_id: meta.eventId,
        ce_source: `urn:scalpstorm:${world.nats.place.namespace}:ORDER_EVENTS`,
        ce_type: 'scalpstorm.order.v1.OrderChanged',
        ce_time: rfc3339(meta.occurredAt),
        ce_subject: 'order.changed.v1.dan',
        ce_dataschema: 'proto:scalpstorm.order.v1.OrderChanged',
        'content-type': 'application/protobuf',
        traceparent,
      });
    }
  });

  test('that are too large or cannot be read become dead letters with a code; their neighbours arrive', async () => {
    const address = await begin({ KAFKA_MESSAGE_BYTES_MAX: '3000' });
    const before = await world.order('eve');
    const tooLarge = await world.order('eve', { kind: 'submitted' }, 'x'.repeat(4_000));
    await world.raw('order.changed.v1.eve', Buffer.from([0xff, 0xff, 0xff]));
    const after = await world.order('eve');
    const records = await world.arrived('orders', 303);
    expect(firstsOf(records, 'eve')).toEqual([before.meta.eventId, after.meta.eventId]);
    await eventually(async () => {
      const reasons = (await world.deadLetters()).map(({ headers }) => headers['Dead-Reason'] ?? '');
      expect(reasons.toSorted().map((reason) => reason.split(':')[0])).toEqual([
        'EVENT_UNREADABLE',
        'KAFKA_MESSAGE_TOO_LARGE',
      ]);
    }, patiently);
    const letters = await world.deadLetters();
    const kept = letters.find(({ headers }) => headers['Dead-Reason']?.startsWith('KAFKA_MESSAGE_TOO_LARGE'));
    expect(Buffer.from(kept?.payload ?? []).equals(orderChanged.encode(tooLarge))).toBe(true);
    expect(kept?.headers).toMatchObject({ 'Dead-Stream': 'ORDER_EVENTS', 'Dead-Consumer': 'kafka-bridge' });
    expect(await metricsOf(address)).toMatch(
      /scalpstorm_kafka_bridge_dead_letters_total\{code="KAFKA_MESSAGE_TOO_LARGE"[^}]*\} 1\n/,
    );
  });

  test('that only the broker finds too large are found among the others of their batch', async () => {
    await world.broker.createTopics([world.topic('bots')], { maxMessageBytes: 6_000 });
    const said: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      const text = index === 20 ? 'x'.repeat(7_000) : `bot ${index}`;
      const { meta } = await world.bot('bot_00000001', text);
      if (index !== 20) said.push(meta.eventId);
    }
    await begin();
    expect(firstsOf(await world.arrived('bots', 39), 'bot_00000001')).toEqual(said);
    await world.caughtUp('BOT_EVENTS');
    const letters = (await world.deadLetters()).filter(({ headers }) => headers['Dead-Stream'] === 'BOT_EVENTS');
    expect(letters.map(({ headers }) => headers['Dead-Reason'])).toEqual([
      expect.stringMatching(/^KAFKA_MESSAGE_TOO_LARGE: /),
    ]);
  });

  test('wait for a topic that is not there, which is never made unasked, and the bridge says so', async () => {
    const address = await begin();
    const cycle = await world.cycle('bot_00000002');
    await eventually(async () => {
      const { status, checks } = await healthOf(address);
      expect([status, checks['kafka']?.error]).toEqual([503, expect.stringContaining('KAFKA_TOPIC_UNKNOWN')]);
    }, patiently);
    expect(await metricsOf(address)).toMatch(/kafka_bridge_errors_total\{code="KAFKA_TOPIC_UNKNOWN"[^}]*\} [1-9]/);
    await world.broker.createTopics([world.topic('cycles')]);
    expect(firstsOf(await world.arrived('cycles', 1), 'bot_00000002')).toEqual([cycle.meta.eventId]);
    await eventually(async () => expect((await healthOf(address)).status).toBe(200), patiently);
  });

  test('of the market are carried when they are chosen, and what is not chosen is passed over', async () => {
    await world.broker.createTopics([world.topic('quotes')]);
    const orders = world.broker.records(world.topic('orders')).length;
    await begin({ KAFKA_EVENTS: 'quotes' });
    await world.order('fay');
    await world.caughtUp('ORDER_EVENTS');
    const quote = aQuote();
    await eventually(async () => {
      await world.say('market-data', quoteChanged, { meta: newMeta(clock, null), quote });
      expect(world.broker.records(world.topic('quotes')).length).toBeGreaterThan(0);
    }, patiently);
    const [record] = world.broker.records(world.topic('quotes'));
    expect(record?.key).toBe('sim:BTC-USDT');
    expect(record?.headers).toMatchObject({
      ce_type: 'scalpstorm.market.v1.QuoteChanged',
      ce_source: `urn:scalpstorm:${world.nats.place.namespace}:MARKET`,
    });
    expect(world.broker.records(world.topic('orders'))).toHaveLength(orders);
  });
});
