import { afterEach, describe, expect, test } from '@jest/globals';
import { type CarriedMessage, countMessages, fillStreams, readStream } from './carried-streams.js';
import { type NatsWorld, natsWorld } from './testing/nats-world.js';
import { testNats } from './testing/throw-away-namespace.js';

const server = testNats();
const farAhead = Date.now() + 86_400_000;

async function* messages(count: number): AsyncIterable<CarriedMessage> {
  for (let index = 1; index <= count; index += 1)
    yield { subject: 'bot.changed.v1.b', headers: { 'Nats-Msg-Id': `m${index}` }, data: new Uint8Array([index, 255]) };
}

(server === null ? describe.skip : describe)('streams that are carried to another place (needs TEST_NATS_URL)', () => {
  const open: NatsWorld[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });

  async function place() {
    if (server === null) throw new Error('the suite is skipped without a server');
    const world = await natsWorld(server);
    open.push(world);
    return world.place.administrator;
  }

  const read = async (from: Awaited<ReturnType<typeof place>>, sinceMs: number | null, untilMs: number) => {
    const taken: CarriedMessage[] = [];
    await readStream(from, { stream: 'BOT_EVENTS', sinceMs, untilMs }, async (message) => void taken.push(message));
    return taken;
  };

  test('arrive as they were, all of them and in their order', async () => {
    const from = await place();
    expect(await read(from, null, farAhead)).toEqual([]);
    expect(await fillStreams(from, messages(700))).toBe(700);
    const taken = await read(from, null, farAhead);
    expect(taken).toHaveLength(700);
    expect(taken[0]).toEqual({
      subject: 'bot.changed.v1.b',
      headers: { 'Nats-Msg-Id': 'm1' },
      data: new Uint8Array([1, 255]),
    });
    expect(taken.map(({ headers }) => headers['Nats-Msg-Id'])).toEqual(
      Array.from({ length: 700 }, (_, index) => `m${index + 1}`),
    );
  });

  test('are those of the span alone', async () => {
    const from = await place();
    await fillStreams(from, messages(3));
    expect(await read(from, null, Date.now() - 60_000)).toEqual([]);
    expect(await read(from, Date.now() - 60_000, farAhead)).toHaveLength(3);
  });

  test('are counted, and a stream that does not exist is none', async () => {
    const from = await place();
    await fillStreams(from, messages(2));
    expect(Object.fromEntries(await countMessages(from, ['BOT_EVENTS', 'OPS']))).toEqual({ BOT_EVENTS: 2, OPS: 0 });
    expect(await countMessages({ ...from, namespace: 'nobody' }, ['BOT_EVENTS'])).toEqual(new Map());
  });
});
