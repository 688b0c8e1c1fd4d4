import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { botQuestion, orderApproved, orderRequested, type Speaker, speakers, streamIn } from '@scalpstorm/contracts';
import { SendFailed } from './bus.js';
import { done } from './outcome.js';
import { answering, type Handlers, hearing } from './receiver.js';
import { type NatsWorld, natsWorld } from './testing/nats-world.js';
import { type Note, note, noteContract, textQuestion } from './testing/note.js';
import { testNats } from './testing/throw-away-namespace.js';
import { until } from './testing/until.js';

const server = testNats();
const requested = noteContract(orderRequested);
const approved = noteContract(orderApproved);
const question = textQuestion(botQuestion);
const nothing: Handlers = { hears: [], listens: [], answers: [] };
const others = (but: Speaker) => speakers.filter((speaker) => speaker !== but);
const answerMs = 300;

beforeAll(() => Logger.overrideLogger(false));

/** The users and permissions are those that the contracts generate; the attacker has the password of a whole service. */
(server === null ? describe.skip : describe)('who may say and hear approvals (needs TEST_NATS_URL)', () => {
  let world: NatsWorld;
  let stream: string;
  const connections: NatsConnection[] = [];

  beforeAll(async () => {
    if (server === null) return;
    world = await natsWorld(server);
    stream = streamIn(world.place.namespace, 'VERDICTS');
    await (await world.connect('risk-gate')).bus.send(approved, note('demo', 'secret'));
  });
  afterAll(async () => {
    for (const connection of connections.splice(0)) await connection.close();
    await world?.close();
  });

  /** A connection as that user without our library's manners. */
  async function as(speaker: Speaker, inboxPrefix = `_INBOX.${speaker}`) {
    const { url, user, password } = world.place.address(speaker);
    const connection = await connect({ servers: url, user, pass: password, inboxPrefix });
    const refused: string[] = [];
    void (async () => {
      for await (const status of connection.status()) if (status.type === 'error') refused.push(status.error.message);
    })();
    connections.push(connection);
    return { connection, refused };
  }

  const subject = () => `${world.place.namespace}.order.approved.v1.demo`;
  const approvals = async () =>
    (await world.stored('VERDICTS')).filter((stored) => stored.subject.startsWith('order.approved'));

  test('the intended path works: risk-gate approves, execution hears it', async () => {
    const heard: string[] = [];
    const handle = async ({ text }: Note) => {
      heard.push(text);
      return done;
    };
    const execution = await world.connect('execution');
    await execution.receiver.receive({ ...nothing, hears: [hearing(approved, handle)] });
    await until('the approval', () => heard.length > 0);
    expect(heard).toEqual(['secret']);
  });

  test.each(others('risk-gate'))(
    '%s cannot publish an approval, neither through the bus nor past it',
    async (speaker) => {
      const before = (await approvals()).length;
      const { bus } = await world.connect(speaker);
      await expect(bus.send(approved, note('demo', 'forged'))).rejects.toMatchObject({
        code: 'REFUSED',
      } satisfies Partial<SendFailed>);
      const { connection, refused } = await as(speaker);
      connection.publish(subject(), approved.encode(note('demo', 'forged')));
      await connection.flush();
      await until('the refusal', () => refused.length > 0);
      expect(refused[0]).toMatch(/Permissions Violation for Publish/i);
      expect(await approvals()).toHaveLength(before);
    },
  );

  test.each(speakers)(
    '%s cannot subscribe to approvals, nor to everything, nor to another’s inbox',
    async (speaker) => {
      const { connection, refused } = await as(speaker);
      const stranger = speaker === 'execution' ? 'gateway' : 'execution';
      const wanted = [
        subject(),
        `${world.place.namespace}.>`,
        '>',
        `_INBOX.${stranger}.>`,
        '_INBOX.>',
        '$JS.ACK.>',
        '*.order.approved.v1.*',
      ];
      for (const one of wanted) connection.subscribe(one, { callback: () => {} });
      await connection.flush();
      await until('the refusals', () => refused.length === wanted.length);
      for (const text of refused) expect(text).toMatch(/Permissions Violation for Subscription/i);
    },
  );

  test('the risk gate reads back which verdict was first, and nobody else reads a stream', async () => {
    const { readBack } = await world.connect('risk-gate');
    expect(approved.decode((await readBack.at('VERDICTS', 1))?.payload ?? new Uint8Array()).text).toBe('secret');
    for (const speaker of others('risk-gate')) {
      const { readBack: refused } = await world.connect(speaker);
      await expect(refused.at('VERDICTS', 1)).rejects.toThrow('no answer');
    }
  });

  test.each(speakers)('%s cannot create a consumer or read a stream directly', async (speaker) => {
    const { connection, refused } = await as(speaker);
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: answerMs });
    const consumer = { ack_policy: AckPolicy.None, filter_subject: subject() };
    const byPlace = {
      'a message by its number': () => manager.streams.getMessage(stream, { seq: 1 }),
      'the last message': () => manager.streams.getMessage(stream, { last_by_subj: subject() }),
    };
    const attempts: Record<string, () => Promise<unknown>> = {
      'a durable consumer': () => manager.consumers.add(stream, { ...consumer, durable_name: `${speaker}-2` }),
      'a named consumer': () => manager.consumers.add(stream, { ...consumer, name: `${speaker}-3` }),
      'a consumer that pushes': () =>
        manager.consumers.add(stream, { ...consumer, deliver_subject: `_INBOX.${speaker}.x` }),
      'its own durable, made wider': () => manager.consumers.add(stream, { ...consumer, durable_name: speaker }),
      ...(speaker === 'risk-gate' ? {} : byPlace),
      'a direct get': () => manager.direct.getMessage(stream, { seq: 1 }),
      'a purge': () => manager.streams.purge(stream),
      'a wider stream': () => manager.streams.update(stream, { allow_direct: true }),
      'a mirror': () => manager.streams.add({ name: `${stream}-copy`, mirror: { name: stream } }),
      'the deletion of execution’s consumer': () => manager.consumers.delete(stream, 'execution'),
    };
    for (const [what, attempt] of Object.entries(attempts)) {
      await expect(attempt().then(() => `${what} was possible`)).rejects.toThrow();
    }
    await connection.flush();
    await until('the refusals', () => refused.length >= Object.keys(attempts).length);
    const admin = await jetstreamManager(world.administrator);
    const names = (await admin.consumers.list(stream).next()).map(({ name }) => name);
    expect(names.sort()).toEqual(['execution', 'gateway', 'notifications', 'strategy']);
  });

  test.each(others('execution'))(
    '%s cannot pull execution’s consumer, nor take its messages away by acknowledging',
    async (speaker) => {
      const { connection, refused } = await as(speaker);
      const inbox = `_INBOX.${speaker}.stolen`;
      const stolen: string[] = [];
      connection.subscribe(inbox, { callback: (_, message) => void stolen.push(message.subject) });
      const attempts = [
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.execution`,
        `$JS.API.CONSUMER.INFO.${stream}.execution`,
        `$JS.ACK.${stream}.execution.1.1.1.1.0`,
        ...(speaker === 'risk-gate' ? [] : [`$JS.API.STREAM.MSG.GET.${stream}`]),
        `$JS.API.DIRECT.GET.${stream}`,
      ];
      for (const one of attempts) connection.publish(one, JSON.stringify({ batch: 1, seq: 1 }), { reply: inbox });
      await connection.flush();
      await until('the refusals', () => refused.length === attempts.length);
      expect(stolen).toEqual([]);
    },
  );

  test('pulling its own consumer, a service never sees an approval', async () => {
    for (const speaker of ['strategy', 'gateway'] as const) {
      const { connection } = await as(speaker);
      const consumer = await jetstream(connection).consumers.get(stream, speaker);
      expect((await consumer.info(true)).num_pending).toBe(0);
    }
  });

  test('an answering service cannot be made to write an approval for whoever asks', async () => {
    const before = (await approvals()).length;
    const strategy = await world.connect('strategy');
    let asked = 0;
    const answer = async () => {
      asked += 1;
      return 'forged';
    };
    await strategy.receiver.receive({ ...nothing, answers: [answering(question, answer)] });
    const { connection } = await as('gateway');
    const full = `${world.place.namespace}.${question.subject}`;
    connection.publish(full, question.request.encode('do it'), { reply: subject(), headers: headers() });
    await until('the question', () => asked === 1);
    expect(await (await world.connect('gateway')).bus.ask(question, 'and properly')).toBe('forged');
    expect(await approvals()).toHaveLength(before);
  });

  test('a request keeps being possible for those who may make it', async () => {
    const { bus } = await world.connect('strategy');
    expect(await bus.send(requested, note('demo', 'buy'))).toEqual({ duplicate: false });
    const gateway = await world.connect('gateway');
    // Orders by hand.
    expect(await gateway.bus.send(requested, note('demo', 'sell'))).toEqual({ duplicate: false });
    for (const speaker of ['market-data', 'notifications', 'inference', 'research'] as const) {
      const { bus: another } = await world.connect(speaker);
      await expect(another.send(requested, note('demo', 'buy'))).rejects.toMatchObject({ code: 'REFUSED' });
    }
  });
});
