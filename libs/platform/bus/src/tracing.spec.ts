import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { orderApproved, orderRequested, quoteChanged, strategiesQuestion } from '@scalpstorm/contracts';
import {
  currentLogContext,
  currentTraceparent,
  type LogContext,
  span,
  startTracing,
  withLogContext,
} from '@scalpstorm/observability';
import { aboutOf } from './about.js';
import { outboxMessage } from './outbox.js';
import { done } from './outcome.js';
import { answering, type Handlers, hearing, listening } from './receiver.js';
import type { BusWorld } from './testing/bus-contract.js';
import { memoryWorld } from './testing/memory-world.js';
import { natsWorld } from './testing/nats-world.js';
import { type Note, note, noteContract, textQuestion } from './testing/note.js';
import { testNats } from './testing/throw-away-namespace.js';
import { until } from './testing/until.js';

const server = testNats();
const requested = noteContract(orderRequested);
const approved = noteContract(orderApproved);
const quoted = noteContract(quoteChanged);
const asked = textQuestion(strategiesQuestion);
const nothing: Handlers = { hears: [], listens: [], answers: [] };
const exporter = new InMemorySpanExporter();
let flush: () => Promise<void>;

beforeAll(() => {
  Logger.overrideLogger(false);
  flush = startTracing({ service: 'bus', exporter, tracesPerSecondMax: 1_000 });
});
afterEach(async () => {
  await flush();
  exporter.reset();
});

const worlds: readonly (readonly [string, () => Promise<BusWorld>])[] = [
  ['memory', async () => memoryWorld()],
  ...(server === null ? [] : [['NATS', () => natsWorld(server)] as const]),
];
const traced = <T>(work: () => T): T => span('decide', {}, work, { begins: true });

describe.each(worlds)('a trace over %s', (_, newWorld) => {
  const open: BusWorld[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });
  const world = async () => {
    const made = await newWorld();
    open.push(made);
    return made;
  };
  const named = async (name: string): Promise<ReadableSpan> => {
    const find = () => exporter.getFinishedSpans().find((one) => one.name === name);
    await until(name, async () => {
      await flush();
      return find() !== undefined;
    });
    return find() as ReadableSpan;
  };
  const place = (one: ReadableSpan) => [one.spanContext().traceId, one.parentSpanContext?.spanId];

  test('goes with what is sent, into the handler that hears it', async () => {
    const here = await world();
    const gate = await here.connect('risk-gate');
    let seen: string | null = null;
    const handle = async (_event: Note) => {
      seen = currentTraceparent();
      return done;
    };
    await gate.receiver.receive({ ...nothing, hears: [hearing(requested, handle)] });
    const { bus } = await here.connect('strategy');
    await traced(() => bus.send(requested, note('demo', 'traced'), 'a-message'));
    const processed = await named('process order.requested.v1.{account}');
    const sent = await named('send order.requested.v1.{account}');
    const decided = await named('decide');
    expect(place(processed)).toEqual([decided.spanContext().traceId, sent.spanContext().spanId]);
    expect(place(sent)).toEqual([decided.spanContext().traceId, decided.spanContext().spanId]);
    expect(seen).toContain(processed.spanContext().spanId);
    expect(processed.attributes).toMatchObject({
      'messaging.system': 'nats',
      'messaging.operation.type': 'process',
      'messaging.destination.template': 'order.requested.v1.{account}',
      'messaging.destination.name': 'order.requested.v1.demo',
      'messaging.consumer.group.name': 'risk-gate',
      'messaging.message.id': 'a-message',
      'event.id': expect.any(String),
    });
  });

  test('waits in the outbox, and names the message when it leaves', async () => {
    const here = await world();
    const execution = await here.connect('execution');
    await execution.receiver.receive({ ...nothing, hears: [hearing(approved, async () => done)] });
    const { outbox } = await here.connect('risk-gate');
    const row = traced(() => outboxMessage(approved, note('demo', 'yes'), 'verdict:1'));
    const given = { ...row.headers };
    await outbox.publish(row.subject, row.payload, row.headers, row.messageId);
    const sent = await named('send order.approved.v1.{account}');
    const processed = await named('process order.approved.v1.{account}');
    expect(place(sent)).toEqual([given['traceparent']?.split('-')[1], given['traceparent']?.split('-')[2]]);
    expect(place(processed)).toEqual([sent.spanContext().traceId, sent.spanContext().spanId]);
  });

  test('is not begun by news of the moment, nor by what came without one', async () => {
    const here = await world();
    const [feed, strategy] = [await here.connect('market-data'), await here.connect('strategy')];
    const heard: (string | null)[] = [];
    const hear = async () => {
      heard.push(currentTraceparent());
      return done;
    };
    const gate = await here.connect('risk-gate');
    await strategy.receiver.receive({ ...nothing, listens: [listening(quoted, () => void hear())] });
    await gate.receiver.receive({ ...nothing, hears: [hearing(requested, hear)] });
    feed.bus.publish(quoted, note('BTC-USDT', 'a price'));
    await strategy.bus.send(requested, note('demo', 'untraced'));
    await until('both', () => heard.length === 2);
    expect(heard).toEqual([null, null]);
    traced(() => feed.bus.publish(quoted, note('BTC-USDT', 'one that somebody follows')));
    await named('process market.quote.v1.{venue}.{symbol}');
    await flush();
    expect(exporter.getFinishedSpans()).toHaveLength(3);
  });

  test('and the request of a user are told to whoever answers, and to nobody after', async () => {
    const here = await world();
    const strategy = await here.connect('strategy');
    const seen: LogContext[] = [];
    const answer = async () => {
      seen.push(currentLogContext());
      return 'yes';
    };
    await strategy.receiver.receive({ ...nothing, answers: [answering(asked, answer)] });
    const { bus } = await here.connect('gateway');
    await withLogContext({ requestId: 'r-1' }, () => traced(() => bus.ask(asked, 'one')));
    await withLogContext({ requestId: 'two words' }, () => bus.ask(asked, 'two'));
    await bus.ask(asked, 'three');
    expect(seen).toEqual([{ requestId: 'r-1' }, {}, {}]);
    expect(place(await named('answer bot.strategies.v1'))[1]).toBe(
      (await named('ask bot.strategies.v1')).spanContext().spanId,
    );
  });
});

describe('what a message is about', () => {
  const ids = { clientOrderId: 's1-0-e-0', accountId: 'demo', botId: 'bot_1', instrumentId: 'sim:BTC-USDT' };
  const { clientOrderId, accountId, botId, instrumentId } = ids;
  const request = { ...ids, userId: 'u', side: 'buy' };
  const meta = { eventId: 'e1' };

  test.each([
    ['a request', { meta, order: request }, { eventId: 'e1', ...ids }],
    [
      'an order',
      { meta, order: { request, status: 'accepted' }, event: { kind: 'accepted' } },
      { eventId: 'e1', ...ids, happened: 'accepted' },
    ],
    ['a cancel', { meta, accountId, clientOrderId }, { eventId: 'e1', accountId, clientOrderId }],
    ['a command', { kind: 'delete', commandId: 'c', userId: 'u', botId }, { botId }],
    ['a bot', { bot: { id: botId, config: { accountId, instrumentId } } }, { botId, accountId, instrumentId }],
    ['an activity of nobody', { activity: { botId: null, text: 'x' } }, {}],
    ['a question for all', { kind: 'list', accountId: '' }, {}],
    ['a text', 'hello', {}],
  ])('%s', (_, message, expected) => {
    expect(aboutOf(message)).toEqual(expected);
  });
});
