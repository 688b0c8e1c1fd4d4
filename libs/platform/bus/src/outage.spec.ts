import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { botQuestion, orderRequested, quoteChanged } from '@scalpstorm/contracts';
import { Metrics } from '@scalpstorm/observability';
import { NoAnswer } from './bus.js';
import { BusMetrics } from './metrics.js';
import { NatsBus } from './nats-bus.js';
import { done } from './outcome.js';
import { type Handlers, hearing } from './receiver.js';
import { natsServerCommand } from './testing/nats-server-command.js';
import { natsWorld } from './testing/nats-world.js';
import { type Note, note, noteContract, textQuestion } from './testing/note.js';
import { type PrivateNats, privateNats } from './testing/private-nats.js';
import { until } from './testing/until.js';

const requested = noteContract(orderRequested);
const quoted = noteContract(quoteChanged);
const nothing: Handlers = { hears: [], listens: [], answers: [] };
const command = await natsServerCommand();

(command === null ? describe.skip : describe)('an outage of NATS (needs a nats-server to kill)', () => {
  let server: PrivateNats;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    if (command === null) return;
    server = await privateNats(command);
    await server.start();
  });
  afterAll(async () => server?.remove());

  test('everything goes on after the server was killed and started again', async () => {
    const world = await natsWorld(server);
    const registry = new Metrics('test');
    const died: Error[] = [];
    const die = (error: Error) => void died.push(error);
    const gate = await world.connect('risk-gate', { die });
    const { bus } = await world.connect('strategy', { metrics: new BusMetrics(registry), die });
    const feed = await world.connect('market-data', { metrics: new BusMetrics(registry), die });
    const heard: string[] = [];
    const handle = async ({ text }: Note) => {
      heard.push(text);
      return done;
    };
    await gate.receiver.receive({ ...nothing, hears: [hearing(requested, handle)] });
    await bus.send(requested, note('demo', 'before'));
    await until('the first', () => heard.includes('before'));

    await server.kill();
    await until('the loss', () => [bus, feed.bus, gate.bus].every(({ state }) => state === 'reconnecting'));
    await expect(gate.check()).rejects.toThrow('NATS: reconnecting');
    const asked = bus.ask(textQuestion(botQuestion), 'anyone', 500);
    await expect(asked).rejects.toMatchObject({ code: 'DISCONNECTED' } satisfies Partial<NoAnswer>);
    feed.bus.publish(quoted, note('BTC-USDT', 'nobody hears'));
    const sending = bus.send(requested, note('demo', 'during'));

    await server.start();
    expect(await sending).toEqual({ duplicate: false });
    await bus.send(requested, note('demo', 'after'));
    await until('the rest', () => heard.includes('during') && heard.includes('after'));
    await until('health', async () => (await gate.check().catch((error: Error) => error)) === undefined);
    expect([...new Set(heard)]).toEqual(['before', 'during', 'after']);
    expect(died).toEqual([]);
    // The feed asks for nothing meanwhile, so it may be the last one that is back.
    await until('the return of all', () => [bus, feed.bus, gate.bus].every(({ reconnects }) => reconnects > 0));
    const text = await registry.registry.metrics();
    expect(text).toMatch(/scalpstorm_bus_published_total\{[^}]*result="dropped"[^}]*\} 1/);
    expect(text).toMatch(/scalpstorm_bus_reconnects_total\{[^}]*\} [1-9]/);
    await world.close();
  });

  test('a wrong password fails the start instead of waiting for a better day', async () => {
    const address = { url: server.url, user: 'strategy', password: 'wrong', namespace: 'test' };
    await expect(NatsBus.open({ ...address, speaker: 'strategy' })).rejects.toThrow(/authorization/i);
  });
});
