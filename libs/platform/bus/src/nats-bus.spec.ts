import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Consumer, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type Subscription } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { activityLogged, botQuestion, orderRequested, quoteChanged, streamIn, topology } from '@scalpstorm/contracts';
import { Metrics } from '@scalpstorm/observability';
import { type NoAnswer, SendFailed } from './bus.js';
import type { Delivery } from './delivery.js';
import type { NatsAddress } from './link.js';
import { BusMetrics } from './metrics.js';
import { done, retry } from './outcome.js';
import { provisionTopology } from './provision.js';
import { Puller } from './puller.js';
import { answering, type Handlers, hearing, listening } from './receiver.js';
import { type NatsWorld, natsWorld } from './testing/nats-world.js';
import { type Note, note, noteContract, textQuestion } from './testing/note.js';
import { testNats } from './testing/throw-away-namespace.js';
import { until } from './testing/until.js';

const server = testNats();
const requested = noteContract(orderRequested);
const quoted = noteContract(quoteChanged);
const logged = noteContract(activityLogged);
const question = textQuestion(botQuestion);
const nothing: Handlers = { hears: [], listens: [], answers: [] };

beforeAll(() => Logger.overrideLogger(false));

(server === null ? describe.skip : describe)('NATS (needs TEST_NATS_URL)', () => {
  const open: NatsWorld[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });

  async function newWorld(): Promise<NatsWorld> {
    if (server === null) throw new Error('the suite is skipped without a server');
    const world = await natsWorld(server);
    open.push(world);
    return world;
  }

  test('provisioning again changes nothing and keeps what is stored', async () => {
    const world = await newWorld();
    const { bus } = await world.connect('strategy');
    await bus.send(requested, note('demo', 'kept'));
    await provisionTopology(world.place.administrator);
    expect(await world.stored('ORDER_REQUESTS')).toHaveLength(1);
    const { streams, consumers } = await jetstreamManager(world.administrator);
    for (const { stream, speaker } of topology.consumers) {
      const { config } = await consumers.info(streamIn(world.place.namespace, stream), speaker);
      expect(config).toMatchObject({ durable_name: speaker, ack_policy: 'explicit', max_deliver: -1 });
    }
    const { config } = await streams.info(streamIn(world.place.namespace, 'VERDICTS'));
    expect(config.allow_direct).toBe(false);
  });

  test('what is durable does not wait behind a market that is too much for its listener', async () => {
    const world = await newWorld();
    const feed = await world.connect('market-data');
    const { bus } = await world.connect('strategy');
    const gate = await world.connect('risk-gate');
    const quotes = 4_000;
    const heard: string[] = [];
    let heardBeforeOrder: number | null = null;
    await gate.receiver.receive({
      ...nothing,
      hears: [
        hearing(requested, async () => {
          heardBeforeOrder = heard.length;
          return done;
        }),
      ],
      listens: [
        listening(
          quoted,
          ({ text }) => {
            const until = performance.now() + 2;
            while (performance.now() < until);
            heard.push(text);
          },
          { newestOnly: true },
        ),
      ],
    });
    for (let quote = 1; quote <= quotes; quote += 1) feed.bus.publish(quoted, note('BTC-USDT', String(quote)));
    await bus.send(requested, note('demo', 'an order'));
    await until('the order', () => heardBeforeOrder !== null);
    expect(heardBeforeOrder).toBeLessThan(quotes / 4);
    await until('the newest quote', () => heard.at(-1) === String(quotes));
    expect(heard.length).toBeLessThan(quotes / 2);
  });

  test('a price that was told before an order is heard before it, by whoever judges orders by prices', async () => {
    const world = await newWorld();
    const { administrator, place } = world;
    const gate = await world.connect('risk-gate');
    const heard = new Set<string>();
    const judged: boolean[] = [];
    const hear = async ({ text }: Note) => {
      judged.push(heard.has(text));
      return done;
    };
    await gate.receiver.receive({
      ...nothing,
      hears: [hearing(requested, hear)],
      listens: [listening(quoted, ({ text }) => void heard.add(text), { beforeStreams: true })],
    });
    // Over one line, so that the server has each price before the order: two speakers' lines come in whatever order they are read.
    const say = (contract: typeof quoted, one: Note) =>
      administrator.publish(`${place.namespace}.${contract.route(one)}`, contract.encode(one));
    const orders = 200;
    for (let order = 0; order < orders; order += 1) {
      say(quoted, note('BTC-USDT', String(order)));
      say(requested, note('demo', String(order)));
      await new Promise(setImmediate);
    }
    await until('all orders', () => judged.length === orders);
    expect(judged.filter((known) => !known)).toEqual([]);
  });

  test('weather that outlasts the server’s patience many times over keeps the message pending, delivered once', async () => {
    const world = await newWorld();
    const { consumers } = await jetstreamManager(world.administrator);
    const stream = streamIn(world.place.namespace, 'ORDER_REQUESTS');
    const { config } = await consumers.info(stream, 'risk-gate');
    // So long that a process which gets no turn for a while still says in time that it works.
    await consumers.update(stream, 'risk-gate', { ...config, ack_wait: 1_500e6 });
    const gate = await world.connect('risk-gate');
    const heard: string[] = [];
    const handle = async ({ text }: Note) => {
      heard.push(text);
      return text === 'first' && heard.length < 30 ? retry('Postgres is away', 250) : done;
    };
    await gate.receiver.receive({ ...nothing, hears: [hearing(requested, handle)] });
    const { bus } = await world.connect('strategy');
    for (const text of ['first', 'second']) await bus.send(requested, note('demo', text));
    await until('half of the outage', () => heard.length > 15);
    expect(await consumers.info(stream, 'risk-gate')).toMatchObject({ num_ack_pending: 2, num_redelivered: 0 });
    await until('the end of the outage', () => heard.includes('second'));
    await until('the acknowledgements', async () => (await consumers.info(stream, 'risk-gate')).num_ack_pending === 0);
    expect((await consumers.info(stream, 'risk-gate')).delivered.consumer_seq).toBe(2);
    expect(await world.deadLetters()).toEqual([]);
  });

  test('two namespaces on one server do not hear each other', async () => {
    const [here, there] = [await newWorld(), await newWorld()];
    const heard: string[] = [];
    const listens = [listening(quoted, ({ text }: Note) => void heard.push(text))];
    await (await here.connect('strategy')).receiver.receive({ ...nothing, listens });
    (await there.connect('market-data')).bus.publish(quoted, note('BTC-USDT', 'theirs'));
    (await here.connect('market-data')).bus.publish(quoted, note('BTC-USDT', 'ours'));
    await until('our quote', () => heard.length > 0);
    expect(heard).toEqual(['ours']);
    await (await there.connect('strategy')).bus.send(requested, note('demo', 'theirs'));
    expect(await here.stored('ORDER_REQUESTS')).toEqual([]);
  });

  test('an answer is waited for as long as the bus was told, where the question does not say otherwise', async () => {
    const world = await newWorld();
    const strategy = await world.connect('strategy');
    await strategy.receiver.receive({
      ...nothing,
      answers: [answering(question, () => new Promise<string>(() => {}))],
    });
    const { bus } = await world.connect('gateway', { answerMsMax: 50 });
    const late = new Promise((resolve) => setTimeout(resolve, 15_000, 'late').unref());
    const asked = bus.ask(question, 'anyone').catch(({ code }: NoAnswer) => code);
    expect(await Promise.race([asked, late])).toBe('TIMEOUT');
  });

  test('a speaker puts its own name into the subject and cannot put another’s', async () => {
    const world = await newWorld();
    const { bus, outbox } = await world.connect('strategy');
    await bus.send(logged, note('demo', 'bot started'));
    expect((await world.stored('OPS'))[0]?.subject).toBe('ops.activity.v1.strategy');
    const forged = outbox.publish('ops.activity.v1.execution', new Uint8Array(), {}, 'forged');
    await expect(forged).rejects.toMatchObject({ name: 'SendFailed', code: 'REFUSED' } satisfies Partial<SendFailed>);
  });

  test('what no stream takes is not acknowledged, after a bounded number of attempts', async () => {
    const world = await newWorld();
    const { bus } = await world.connect('strategy');
    const { streams } = await jetstreamManager(world.administrator);
    await streams.delete(streamIn(world.place.namespace, 'ORDER_REQUESTS'));
    await expect(bus.send(requested, note('demo', 'lost'))).rejects.toMatchObject({ code: 'UNACKNOWLEDGED' });
  });

  test('a stream that comes back while a message is being sent gets it', async () => {
    const world = await newWorld();
    const { bus } = await world.connect('strategy');
    const { streams } = await jetstreamManager(world.administrator);
    const { config } = await streams.info(streamIn(world.place.namespace, 'ORDER_REQUESTS'));
    await streams.delete(config.name);
    const sending = bus.send(requested, note('demo', 'patient'));
    await streams.add(config);
    expect(await sending).toEqual({ duplicate: false });
  });

  test('a pull that died without a word is noticed by the messages left waiting', async () => {
    const world = await newWorld();
    const metrics = new Metrics('test');
    const connection = await connect({
      ...credentials(world.place.address('risk-gate')),
      inboxPrefix: '_INBOX.risk-gate',
    });
    const puller = new Puller(
      { namespace: world.place.namespace, stream: 'ORDER_REQUESTS', consumer: 'risk-gate', stallMsMax: 300 },
      { jetstream: jetstream(connection), metrics: new BusMetrics(metrics) },
    );
    const heard: string[] = [];
    const take = (delivery: Delivery) => {
      heard.push(requested.decode(delivery.data).text);
      delivery.ack();
    };
    puller.start(firstPullCut(await puller.find()), take);
    await (await world.connect('strategy')).bus.send(requested, note('demo', 'waiting'));
    await until('the message', () => heard.length === 1);
    const stalls = await metrics.registry.getSingleMetricAsString('scalpstorm_bus_stalls_total');
    expect(stalls).toMatch(/stream="ORDER_REQUESTS"[^}]*\} [1-9]/);
    await puller.stop();
    await connection.close();
  });

  test('a consumer that was deleted and made again is heard again', async () => {
    const world = await newWorld();
    const gate = await world.connect('risk-gate');
    const heard: string[] = [];
    const handle = async ({ text }: Note) => {
      heard.push(text);
      return done;
    };
    await gate.receiver.receive({ ...nothing, hears: [hearing(requested, handle)] });
    const { consumers } = await jetstreamManager(world.administrator);
    await consumers.delete(streamIn(world.place.namespace, 'ORDER_REQUESTS'), 'risk-gate');
    await provisionTopology(world.place.administrator);
    await (await world.connect('strategy')).bus.send(requested, note('demo', 'after'));
    await until('the message', () => heard.length === 1);
  });

  test('health names the consumer that is gone', async () => {
    const world = await newWorld();
    const gate = await world.connect('risk-gate', { stallMsMax: 100 });
    await gate.receiver.receive({ ...nothing, hears: [hearing(requested, async () => done)] });
    expect(await gate.check()).toBeUndefined();
    const { consumers } = await jetstreamManager(world.administrator);
    await consumers.delete(streamIn(world.place.namespace, 'ORDER_REQUESTS'), 'risk-gate');
    const unwell = async () => (await gate.check().catch((error: Error) => error.message)) ?? '';
    await until('the finding', async () => (await unwell()).includes('ORDER_REQUESTS'));
  });
});

const credentials = ({ url, user, password }: NatsAddress) => ({ servers: url, user, pass: password });

/** The first pull loses its subscription as soon as it begins: the server has nowhere to deliver to, and nobody is told. */
function firstPullCut(consumer: Consumer): Consumer {
  let pulls = 0;
  const consume: Consumer['consume'] = async (options) => {
    const messages = await consumer.consume(options);
    pulls += 1;
    if (pulls === 1) (messages as unknown as { readonly sub: Subscription }).sub.unsubscribe();
    return messages;
  };
  return new Proxy(consumer, { get: (target, name) => (name === 'consume' ? consume : Reflect.get(target, name)) });
}
