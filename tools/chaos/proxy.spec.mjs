import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../recovery/run.mjs';
import { createLinks, through } from './links.mjs';
import { createProxy } from './proxy.mjs';

const longMs = 20_000;

describe('a proxy between a client and its server', () => {
  let server;
  let proxy;
  let taken;
  const clients = [];

  beforeEach(async () => {
    taken = [];
    server = createServer((socket) => {
      taken.push(socket);
      socket.on('data', (chunk) => socket.write(chunk));
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await createProxy({ target: { host: '127.0.0.1', port: server.address().port }, random: () => 0.5 });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    for (const socket of taken) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** A client that remembers what it heard and how it ended. */
  async function newClient() {
    const client = connect(proxy.port, '127.0.0.1');
    const heard = { text: '', ended: undefined };
    client.setEncoding('utf8');
    client.on('data', (text) => {
      heard.text += text;
    });
    client.on('error', ({ code }) => {
      heard.ended = code;
    });
    client.on('close', () => {
      heard.ended ??= 'closed';
    });
    clients.push(client);
    // Whoever is reset at once may never hear that he was connected.
    await new Promise((resolve) => {
      client.once('connect', resolve);
      client.once('close', resolve);
    });
    return { client, heard };
  }
  const eventually = async (met) => expect(await until(met, longMs)).toBe(true);

  test('carries everything both ways, in order, whatever its size', async () => {
    const { client, heard } = await newClient();
    const long = Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join('');
    client.write(long);
    await eventually(() => heard.text.length === long.length);
    expect(heard.text).toBe(long);
  });

  test('tells by which ports the server knows the connections', async () => {
    await newClient();
    await eventually(() => taken.length === 1);
    expect(proxy.upstreamPorts()).toEqual([taken[0].remotePort]);
  });

  test('passes the end of one side on, after what was said before it', async () => {
    const { client, heard } = await newClient();
    client.end('last word');
    await eventually(() => heard.ended !== undefined);
    expect(heard).toEqual({ text: 'last word', ended: 'closed' });
    await eventually(() => proxy.living() === 0);
  });

  test('slow, delivers later and still in order', async () => {
    const { client, heard } = await newClient();
    proxy.slow({ delayMs: 40, spreadMs: 40 });
    const began = performance.now();
    for (const word of ['a', 'b', 'c', 'd', 'e']) client.write(word);
    await eventually(() => heard.text === 'abcde');
    // There and back; timers may fire a millisecond early.
    expect(performance.now() - began).toBeGreaterThan(100);
    proxy.heal();
    client.write('f');
    await eventually(() => heard.text === 'abcdef');
  });

  test('cut, resets who is connected and who comes, until it is healed', async () => {
    const { heard } = await newClient();
    await eventually(() => taken.length === 1);
    proxy.cut();
    await eventually(() => heard.ended === 'ECONNRESET');
    const late = await newClient();
    await eventually(() => late.heard.ended !== undefined);
    expect(taken).toHaveLength(1);
    proxy.heal();
    const after = await newClient();
    after.client.write('back');
    await eventually(() => after.heard.text === 'back');
  });

  test('half-open, takes what is sent and says nothing, and the server does not hear that its client has gone', async () => {
    const { client, heard } = await newClient();
    client.write('before');
    await eventually(() => heard.text === 'before');
    proxy.halfOpen();
    client.write('into the void');
    const late = await newClient();
    late.client.write('nobody there');
    client.destroy();
    await eventually(() => heard.ended !== undefined);
    expect([late.heard.text, taken.map((socket) => socket.closed)]).toEqual(['', [false]]);
    proxy.heal();
    await eventually(() => late.heard.text === 'nobody there' && taken[0].closed);
  });

  test('half-open, forgets everything where it is healed by a reset', async () => {
    const { client, heard } = await newClient();
    client.write('before');
    await eventually(() => heard.text === 'before');
    proxy.halfOpen();
    client.write('lost');
    const late = await newClient();
    proxy.heal('reset');
    await eventually(() => heard.ended === 'ECONNRESET' && late.heard.ended !== undefined);
    expect(heard.text).toBe('before');
  });

  test('resets its client when there is no server', async () => {
    const free = await createProxy({ target: { host: '127.0.0.1', port: 1 }, random: () => 0 });
    const client = connect(free.port, '127.0.0.1');
    const [error] = await once(client, 'error');
    expect(error.code).toBe('ECONNRESET');
    await free.close();
  });
});

describe('links', () => {
  test('change the port of an address and nothing else', () => {
    expect(through('postgres://user:p%40ss@127.0.0.1:5432/name?sslmode=disable', 7)).toBe(
      'postgres://user:p%40ss@127.0.0.1:7/name?sslmode=disable',
    );
    expect(through('ws://127.0.0.1:99/stream/ws', 7)).toBe('ws://127.0.0.1:7/stream/ws');
    expect(through('http://127.0.0.1:99', 7)).toBe('http://127.0.0.1:7');
  });

  test('are each service’s own, and the venue’s only of those that speak to it', async () => {
    const links = createLinks({ random: () => 0 });
    const server = (name) => ({ name, url: `${name}://127.0.0.1:1` });
    const servers = { nats: server('nats'), postgres: server('postgres'), redis: server('redis'), all: [] };
    const address = 'http://127.0.0.1:2';
    const exchange = { rest: address, spotWs: 'ws://127.0.0.1:2/stream/ws', wsApi: 'ws://127.0.0.1:2/ws-api/v3' };
    const of = {};
    for (const name of ['execution', 'execution-second', 'gateway'])
      of[name] = await links.between(name, { servers, exchange });
    const ports = Object.values(of).map(({ servers: { nats } }) => nats.url);
    expect(new Set(ports).size).toBe(3);
    expect([
      links.of('execution', 'nats').length,
      links.of('all', 'nats').length,
      links.of('all', 'venue').length,
    ]).toEqual([1, 3, 2]);
    expect(of.gateway.exchange.rest).toBe(address);
    expect(new Set(Object.values(of['execution-second'].exchange).map((text) => new URL(text).port)).size).toBe(1);
    await links.close();
  });
});
