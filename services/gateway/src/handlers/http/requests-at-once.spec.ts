import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@scalpstorm/testkit';
import { type FastifyInstance, fastify } from 'fastify';
import { limitRequestsAtOnce, probePath } from './requests-at-once.js';

const brakes = ['/v1/halt', '/v1/release'];

describe('requests at once', () => {
  let server: FastifyInstance;
  let url: string;
  let waiting: (() => void)[] = [];

  beforeEach(async () => {
    server = fastify();
    limitRequestsAtOnce(server, 2);
    server.get('/slow', () => new Promise((resolve) => waiting.push(() => resolve('done'))));
    server.post('/slow', () => 'done');
    for (const brake of brakes) server.post(brake, () => 'done');
    server.post('/v1/risk/state', () => 'done');
    server.get('/v1/risk/state', () => 'done');
    server.get(probePath, () => 'live');
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });

  afterEach(async () => {
    for (const end of waiting) end();
    waiting = [];
    await server.close();
  });

  const full = async () => {
    const answers = [fetch(`${url}/slow`), fetch(`${url}/slow`)];
    await eventually(() => expect(waiting).toHaveLength(2));
    return answers;
  };

  it('refuses what is too much with a code and the time to wait, and has room again afterwards', async () => {
    const answers = await full();
    const refused = await fetch(`${url}/slow`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({
      code: 'TOO_MANY_CALLS',
      detail: expect.stringContaining('At most 2'),
    });
    for (const end of waiting) end();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    await eventually(async () => expect((await fetch(`${url}/slow`, { method: 'POST' })).status).toBe(200));
  });

  it('refuses neither the brake nor a probe', async () => {
    await full();
    for (const brake of [...brakes, '/v1/risk/state'])
      expect((await fetch(url + brake, { method: 'POST' })).status).toBe(200);
    // To look is no brake, though the path is the same.
    expect((await fetch(`${url}/v1/risk/state`)).status).toBe(429);
    expect((await fetch(url + probePath)).status).toBe(200);
  });

  it('gives the room of a client that has gone to others', async () => {
    const gone = new AbortController();
    const lost = [0, 1].map(() => fetch(`${url}/slow`, { signal: gone.signal }).catch((error: Error) => error.name));
    await eventually(() => expect(waiting).toHaveLength(2));
    gone.abort();
    expect(await Promise.all(lost)).toEqual(['AbortError', 'AbortError']);
    await eventually(async () => expect((await fetch(`${url}/slow`, { method: 'POST' })).status).toBe(200));
  });
});
