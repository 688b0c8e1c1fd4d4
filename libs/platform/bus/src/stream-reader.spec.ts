import { afterEach, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { orderChanged } from '@scalpstorm/contracts';
import { describeWithServers } from '@scalpstorm/testkit';
import { provisionTopology } from './provision.js';
import type { StreamReader } from './stream-reader.js';
import { type NatsWorld, natsWorld, note, noteContract, testNats } from './testing.js';

const changed = noteContract(orderChanged);
const limits = { messagesMax: 100, bytesMax: 1_000_000 };

describeWithServers('a reader of a stream', () => {
  let world: NatsWorld | null = null;
  let reader: StreamReader | null = null;

  afterEach(async () => {
    await reader?.stop(1_000);
    await world?.close();
    [reader, world] = [null, null];
  });

  const open = async () => {
    const server = testNats();
    if (server === null) throw new Error('no NATS');
    const opened = await natsWorld(server);
    world = opened;
    await provisionTopology(opened.place.administrator, { optional: ['kafka-bridge'] });
    const execution = await opened.connect('execution');
    const say = async (...texts: string[]) => {
      for (const text of texts) await execution.bus.send(changed, note('ann', text));
    };
    return { opened, say };
  };

  const read = async (from: StreamReader, count: number): Promise<string[]> => {
    const texts: string[] = [];
    while (texts.length < count) {
      const batch = await from.next(limits);
      texts.push(...batch.map(({ data }) => changed.decode(data).text));
      from.done(batch);
    }
    return texts;
  };

  it('gives what a dead process had in hand before anything newer', async () => {
    const { opened, say } = await open();
    await say('1', '2', '3');
    const stream = `${opened.place.namespace}-ORDER_EVENTS`;
    const consumer = await jetstream(opened.administrator).consumers.get(stream, 'kafka-bridge');
    const taken = await consumer.fetch({ max_messages: 3, expires: 5_000 });
    for await (const { info } of taken) if (info.streamSequence === 3) break;
    // Nobody will ever acknowledge them.
    reader = await (await opened.connect('kafka-bridge')).read('ORDER_EVENTS');
    await reader.begin();
    await say('4', '5');
    expect(await read(reader, 5)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('stays within messages and bytes, and gives a single one that is larger', async () => {
    const { opened, say } = await open();
    await say('1', '2', '3', 'x'.repeat(5_000));
    reader = await (await opened.connect('kafka-bridge')).read('ORDER_EVENTS');
    await reader.begin();
    const sizes: number[] = [];
    while (sizes.reduce((sum, size) => sum + size, 0) < 4) {
      const batch = await reader.next({ messagesMax: 2, bytesMax: 1_000 });
      sizes.push(batch.length);
      expect(batch.length).toBeLessThanOrEqual(2);
      reader.done(batch);
    }
    expect(sizes.at(-1)).toBe(1);
  });
});
