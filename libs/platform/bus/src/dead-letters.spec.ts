import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { orderRequested } from '@scalpstorm/contracts';
import { listDeadLetters, replayDeadLetters } from './dead-letters.js';
import { done, poison } from './outcome.js';
import { hearing } from './receiver.js';
import { type NatsWorld, natsWorld } from './testing/nats-world.js';
import { type Note, note, noteContract } from './testing/note.js';
import { testNats } from './testing/throw-away-namespace.js';
import { until } from './testing/until.js';

const server = testNats();
const requested = noteContract(orderRequested);

beforeAll(() => Logger.overrideLogger(false));

(server === null ? describe.skip : describe)('dead letters (needs TEST_NATS_URL)', () => {
  const open: NatsWorld[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });

  /** A gate that cannot handle anything until it is mended. */
  async function scene(count: number) {
    if (server === null) throw new Error('the suite is skipped without a server');
    const world = await natsWorld(server);
    open.push(world);
    const { bus } = await world.connect('strategy');
    const gate = await world.connect('risk-gate');
    const heard: Note[] = [];
    const state = { broken: true };
    const handle = async (event: Note) => {
      heard.push(event);
      return state.broken ? poison('no such\naccount') : done;
    };
    await gate.receiver.receive({ hears: [hearing(requested, handle)], listens: [], answers: [] });
    const sent = Array.from({ length: count }, (_, index) => note('demo', `${index + 1}`));
    for (const event of sent) await bus.send(requested, event);
    const { administrator } = world.place;
    // Over the connection that is there: the list opens one each time, and a busy machine may be too slow for one of many.
    await until('the letters', async () => (await world.deadLetters()).length === count);
    return { world, administrator, heard, state, sent };
  }

  test('are listed with where they come from and why, page by page', async () => {
    const { administrator, sent } = await scene(3);
    const first = await listDeadLetters(administrator, { limit: 2 });
    expect(first).toMatchObject({ total: 3, next: 2 });
    expect(first.letters).toHaveLength(2);
    expect(first.letters[0]).toMatchObject({
      sequence: 1,
      consumer: 'risk-gate',
      cause: 'poison',
      reason: 'no such account',
      subject: 'order.requested.v1.demo',
      stream: 'ORDER_REQUESTS',
      streamSequence: 1,
      deliveries: 1,
      messageId: sent[0]?.meta.eventId,
    });
    const second = await listDeadLetters(administrator, { after: first.next ?? 0, limit: 2 });
    expect(second.letters.map(({ sequence }) => sequence)).toEqual([3]);
    expect(second.next).toBeNull();
    expect(await listDeadLetters(administrator, { after: 3 })).toEqual({ letters: [], next: null, total: 3 });
  });

  test('are played back to their own subject with the same event, once, and are gone then', async () => {
    const { administrator, heard, state, sent } = await scene(2);
    state.broken = false;
    expect(await replayDeadLetters(administrator, [1, 2])).toEqual([
      { sequence: 1, ok: true, subject: 'order.requested.v1.demo', streamSequence: 3 },
      { sequence: 2, ok: true, subject: 'order.requested.v1.demo', streamSequence: 4 },
    ]);
    await until('both again', () => heard.length >= 4);
    expect(heard.slice(2)).toEqual(sent);
    expect(await listDeadLetters(administrator)).toMatchObject({ letters: [], total: 0 });
    expect(await replayDeadLetters(administrator, [1])).toEqual([{ sequence: 1, ok: false, code: 'NO_SUCH_LETTER' }]);
  });

  test('come back as new letters when they fail again, and do not carry the marks of the first time', async () => {
    const { world, administrator, heard } = await scene(1);
    await replayDeadLetters(administrator, [1]);
    await until('the new letter', async () => (await world.stored('DEAD_LETTERS'))[0]?.sequence === 2);
    expect(heard).toHaveLength(2);
    const [replayed] = (await world.stored('ORDER_REQUESTS')).filter(({ sequence }) => sequence === 2);
    expect(Object.keys(replayed?.headers ?? {}).filter((name) => name.startsWith('Dead-'))).toEqual([]);
  });

  test('without a stream to go back to are left where they are', async () => {
    const { world, administrator } = await scene(1);
    const { outbox } = await world.connect('risk-gate');
    const headers = { 'Dead-Subject': 'risk.trading-state.v1', 'Dead-Stream': 'ORDER_REQUESTS' };
    await outbox.publish('dead-letter.v1.risk-gate', new Uint8Array([1]), headers, 'odd');
    expect(await replayDeadLetters(administrator, [2])).toEqual([{ sequence: 2, ok: false, code: 'NOT_REPLAYABLE' }]);
    expect((await listDeadLetters(administrator)).total).toBe(2);
  });
});
