import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { botQuestion, orderApproved, orderRequested, quoteChanged, type Speaker } from '@scalpstorm/contracts';
import { type Bus, NoAnswer } from '../bus.js';
import type { BusOutboxPublisher } from '../outbox.js';
import { outboxMessage } from '../outbox.js';
import { done, poison, retry } from '../outcome.js';
import type { ReadBack } from '../read-back.js';
import { answering, type Handlers, hearing, listening, type MessageContext, type Receiver } from '../receiver.js';
import { type Note, note, noteContract, textQuestion } from './note.js';
import { until } from './until.js';

/** One speaker on the bus. */
export interface BusConnection {
  readonly bus: Bus;
  readonly receiver: Receiver;
  readonly outbox: BusOutboxPublisher;
  readonly readBack: ReadBack;
  close(): Promise<void>;
}

/** Somewhere empty for speakers to meet. */
export interface BusWorld {
  connect(speaker: Speaker): Promise<BusConnection>;
  deadLetters(): Promise<
    readonly { readonly payload: Uint8Array; readonly headers: Readonly<Record<string, string>> }[]
  >;
  close(): Promise<void>;
}

export interface ContractCase {
  /** A sentence, for the runner. */
  readonly name: string;
  run(): Promise<void>;
}

const requested = noteContract(orderRequested);
const approved = noteContract(orderApproved);
const quoted = noteContract(quoteChanged);
const question = textQuestion(botQuestion);
const nothing: Handlers = { hears: [], listens: [], answers: [] };

type Scene = (world: BusWorld) => Promise<void>;

/** What every bus does; run on the fake and on NATS: `for (const { name, run } of busContract(make)) test(name, run)`. */
export function busContract(makeWorld: () => Promise<BusWorld>): readonly ContractCase[] {
  return Object.entries(scenes).map(([name, scene]) => ({
    name,
    run: async () => {
      const world = await makeWorld();
      try {
        await scene(world);
      } finally {
        await world.close();
      }
    },
  }));
}

/** Hears requests as risk-gate and keeps what it heard. */
async function gate(
  world: BusWorld,
  outcomeOf: (event: Note, context: MessageContext) => ReturnType<typeof retry> = () => done,
) {
  const connection = await world.connect('risk-gate');
  const heard: { readonly text: string; readonly context: MessageContext }[] = [];
  const handle = async (event: Note, context: MessageContext) => {
    heard.push({ text: event.text, context });
    return outcomeOf(event, context);
  };
  await connection.receiver.receive({ ...nothing, hears: [hearing(requested, handle)] });
  return { heard, texts: () => heard.map(({ text }) => text), close: () => connection.close() };
}

const scenes: Readonly<Record<string, Scene>> = {
  async 'what was sent is heard, with its subject and place'(world) {
    const { bus } = await world.connect('strategy');
    deepEqual(await bus.send(requested, note('demo', 'buy')), { duplicate: false });
    const { heard } = await gate(world);
    await until('the message', () => heard.length === 1);
    const { receivedAt, traceparent, ...context } = heard[0]?.context ?? fail();
    deepEqual(context, { subject: 'order.requested.v1.demo', deliveries: 1, streamSequence: 1 });
    ok(receivedAt > 0);
  },

  async 'a message id that was sent before is kept once and told as a duplicate'(world) {
    const { bus } = await world.connect('strategy');
    const event = note('demo', 'buy');
    await bus.send(requested, event);
    deepEqual(await bus.send(requested, event), { duplicate: true, first: 1 });
    await bus.send(requested, note('demo', 'first verdict'), 'verdict:1');
    deepEqual(await bus.send(requested, note('demo', 'second verdict'), 'verdict:1'), { duplicate: true, first: 2 });
    const { texts } = await gate(world);
    await bus.send(requested, note('demo', 'last'));
    await until('the last message', () => texts().includes('last'));
    deepEqual(texts(), ['buy', 'first verdict', 'last']);
  },

  async 'whoever was second under a message id reads the first one back'(world) {
    const { bus, readBack } = await world.connect('risk-gate');
    await bus.send(approved, note('demo', 'the verdict before'), 'verdict:0');
    await bus.send(approved, note('demo', 'the first one'), 'verdict:1');
    const { first = 0 } = await bus.send(approved, note('demo', 'another one'), 'verdict:1');
    const kept = await readBack.at('VERDICTS', first);
    equal(kept?.subject, 'order.approved.v1.demo');
    equal(approved.decode(kept?.payload ?? fail()).text, 'the first one');
    equal(await readBack.at('VERDICTS', first + 1), null);
  },

  async 'a repeated message keeps the order of its key and lets other keys pass'(world) {
    const { bus } = await world.connect('strategy');
    let fails = 2;
    let passed = false;
    // It fails until the other key was heard, however late that comes: if it had to wait for this one, it never would be.
    const { heard, texts } = await gate(world, ({ text }) => {
      if (text === 'b1') passed = true;
      return text === 'a1' && (fails-- > 0 || !passed) ? retry('later', 50) : done;
    });
    for (const text of ['a1', 'a2', 'b1', 'a3']) await bus.send(requested, note(text.slice(0, 1), text));
    await until('everything', () => texts().includes('a3'));
    const deliveries = heard.filter(({ text }) => text === 'a1').map(({ context }) => context.deliveries);
    ok(deliveries.length >= 3, 'it was repeated');
    deepEqual(
      deliveries,
      deliveries.map((_, index) => index + 1),
    );
    deepEqual(
      texts().filter((text) => text.startsWith('a')),
      [...deliveries.map(() => 'a1'), 'a2', 'a3'],
    );
  },

  async 'poison goes to the dead letters with its reason, and the next message is handled'(world) {
    const { bus } = await world.connect('strategy');
    const { texts } = await gate(world, ({ text }) => (text === 'bad' ? poison('no such account') : done));
    await bus.send(requested, note('demo', 'bad'), 'bad-1');
    await bus.send(requested, note('demo', 'good'));
    await until('the next message', () => texts().includes('good'));
    const [letter, ...others] = await world.deadLetters();
    equal(others.length, 0);
    equal(requested.decode(letter?.payload ?? fail()).text, 'bad');
    const { 'Dead-Deliveries': deliveries, ...headers } = letter?.headers ?? fail();
    equal(deliveries, '1');
    equal(headers['Dead-Cause'], 'poison');
    equal(headers['Dead-Reason'], 'no such account');
    equal(headers['Dead-Subject'], 'order.requested.v1.demo');
    equal(headers['Dead-Stream'], 'ORDER_REQUESTS');
    equal(headers['Original-Nats-Msg-Id'], 'bad-1');
  },

  async 'what cannot be read goes to the dead letters without reaching the handler'(world) {
    const { outbox, bus } = await world.connect('strategy');
    await outbox.publish('order.requested.v1.demo', new Uint8Array([1, 2, 3]), {}, 'garbage');
    await bus.send(requested, note('demo', 'good'));
    const { texts } = await gate(world);
    await until('the next message', () => texts().includes('good'));
    await until('the dead letter', async () => (await world.deadLetters()).length === 1);
    deepEqual(texts(), ['good']);
    equal((await world.deadLetters())[0]?.headers['Dead-Cause'], 'unreadable');
  },

  async 'weather is waited out beyond every number of deliveries, in the order of its key'(world) {
    const { bus } = await world.connect('strategy');
    let outage = 40;
    let passed = false;
    const { heard, texts } = await gate(world, ({ text }) => {
      if (text === 'b1') passed = true;
      if (text === 'a1' && (outage-- > 0 || !passed)) {
        if (outage % 2 === 0) throw Object.assign(new Error('no connection'), { code: 'STORE_UNAVAILABLE' });
        return retry('Postgres is away', 1);
      }
      return done;
    });
    for (const text of ['a1', 'a2', 'b1']) await bus.send(requested, note(text.slice(0, 1), text));
    await until('everything', () => texts().includes('a2'));
    const repeated = texts().filter((text) => text === 'a1').length;
    ok(repeated >= 41, 'it was given up');
    ok(texts().lastIndexOf('a1') < texts().indexOf('a2'), 'the next one passed it');
    ok(heard.every(({ context }) => context.deliveries <= repeated));
    deepEqual(await world.deadLetters(), []);
  },

  async 'a handler that always throws is given up after as many deliveries as the topology allows'(world) {
    const { bus } = await world.connect('strategy');
    const { heard } = await gate(world, () => {
      throw new Error('undefined is not a function');
    });
    await bus.send(requested, note('demo', 'doomed'));
    await until('the dead letter', async () => (await world.deadLetters()).length === 1);
    equal(heard.length, 8);
    const { headers } = (await world.deadLetters())[0] ?? fail();
    deepEqual(
      [headers['Dead-Cause'], headers['Dead-Reason']],
      ['exhausted', 'the handler threw: undefined is not a function'],
    );
  },

  async 'a consumer keeps its place while its service is away'(world) {
    const { bus } = await world.connect('strategy');
    await bus.send(requested, note('demo', 'first'));
    const before = await gate(world);
    await until('the first message', () => before.texts().length === 1);
    await before.close();
    await bus.send(requested, note('demo', 'second'));
    const after = await gate(world);
    await until('the second message', () => after.texts().length > 0);
    deepEqual(after.texts(), ['second']);
  },

  async 'closing lets the running handler finish and acknowledge'(world) {
    const { bus } = await world.connect('strategy');
    const connection = await world.connect('risk-gate');
    let finish = () => {};
    let begun = 0;
    const slow = () => {
      begun += 1;
      return new Promise<typeof done>((resolve) => {
        finish = () => resolve(done);
      });
    };
    await connection.receiver.receive({ ...nothing, hears: [hearing(requested, slow)] });
    await bus.send(requested, note('demo', 'slow'));
    await until('the handler', () => begun === 1);
    const closing = connection.close();
    finish();
    await closing;
    await bus.send(requested, note('demo', 'next'));
    const { texts } = await gate(world);
    await until('the next message', () => texts().includes('next'));
    deepEqual(texts(), ['next']);
  },

  async 'an outbox row is heard like an event that was sent'(world) {
    const { outbox } = await world.connect('risk-gate');
    const execution = await world.connect('execution');
    const heard: string[] = [];
    const handle = async ({ text }: Note) => {
      heard.push(text);
      return done;
    };
    await execution.receiver.receive({ ...nothing, hears: [hearing(approved, handle)] });
    const row = outboxMessage(approved, note('demo', 'yes'), 'verdict:order-1');
    for (const _ of ['sent', 'sent again after a crash']) {
      await outbox.publish(row.subject, row.payload, row.headers, row.messageId);
    }
    await outbox.publish(row.subject, row.payload, row.headers, 'verdict:order-2');
    await until('both', () => heard.length === 2);
    deepEqual(heard, ['yes', 'yes']);
  },

  async 'listeners hear what is published to the tokens they want'(world) {
    const feed = await world.connect('market-data');
    const strategy = await world.connect('strategy');
    const [all, some]: [string[], string[]] = [[], []];
    const listens = [
      listening(quoted, ({ text }) => void all.push(text)),
      listening(quoted, ({ text }) => void some.push(text), { filter: { symbol: 'BTC-USDT' } }),
    ];
    await strategy.receiver.receive({ ...nothing, listens });
    for (const symbol of ['ETH-USDT', 'BTC-USDT']) feed.bus.publish(quoted, note(symbol, symbol));
    await until('both quotes', () => all.length === 2 && some.length === 1);
    deepEqual({ all, some }, { all: ['ETH-USDT', 'BTC-USDT'], some: ['BTC-USDT'] });
  },

  async 'a listener that fails has missed one and hears the next'(world) {
    const feed = await world.connect('market-data');
    const strategy = await world.connect('strategy');
    const heard: string[] = [];
    const on = ({ text }: Note) => {
      if (text === 'bad') throw new Error('cannot');
      heard.push(text);
    };
    await strategy.receiver.receive({ ...nothing, listens: [listening(quoted, on)] });
    for (const text of ['bad', 'good']) feed.bus.publish(quoted, note('BTC-USDT', text));
    await until('the next', () => heard.length === 1);
    deepEqual(heard, ['good']);
  },

  async 'a question is answered'(world) {
    const strategy = await world.connect('strategy');
    await strategy.receiver.receive({ ...nothing, answers: [answering(question, async (text) => `${text}? yes`)] });
    const { bus } = await world.connect('gateway');
    equal(await bus.ask(question, 'running'), 'running? yes');
  },

  async 'nobody there, a failure and silence are told apart'(world) {
    const { bus } = await world.connect('gateway');
    await rejects(bus.ask(question, 'anyone'), (error) => error instanceof NoAnswer && error.code === 'NO_RESPONDER');
    const strategy = await world.connect('strategy');
    const answer = (text: string) =>
      text === 'fail' ? Promise.reject(new Error('secret')) : new Promise<string>(() => {});
    await strategy.receiver.receive({ ...nothing, answers: [answering(question, answer)] });
    await rejects(bus.ask(question, 'fail'), (error) => {
      return error instanceof NoAnswer && error.code === 'FAILED' && !error.message.includes('secret');
    });
    await rejects(bus.ask(question, 'silence', 50), (error) => error instanceof NoAnswer && error.code === 'TIMEOUT');
  },
};

function fail(): never {
  throw new Error('nothing was there');
}
