import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createGatewayClient } from './launcher/gateway-client.mjs';

describe('the gateway as the launcher asks it', () => {
  let answers;
  let keys;
  let server;
  let client;

  beforeEach(async () => {
    keys = [];
    server = createServer((request, response) => {
      keys.push(request.headers['idempotency-key']);
      const { status, headers = {} } = answers.shift();
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"id":"bot_1"}');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = createGatewayClient(`http://127.0.0.1:${server.address().port}`);
  });

  afterEach(() => server.close());

  test.each([
    ['there were too many requests', { status: 429, headers: { 'retry-after': '1' } }],
    ['a part did not answer in time', { status: 503 }],
  ])('asks again under the same key when %s', async (_, first) => {
    answers = [first, { status: 201 }];
    expect(await client.createBot({ name: 'one' })).toEqual({ id: 'bot_1' });
    expect(keys).toEqual([keys[0], keys[0]]);
  });

  test.each([
    ['what is wrong', { status: 422 }],
    ['what must wait for minutes', { status: 429, headers: { 'retry-after': '300' } }],
  ])('says %s, and does not ask again', async (_, refusal) => {
    answers = [refusal];
    await expect(client.createBot({ name: 'one' })).rejects.toMatchObject({ code: 'GATEWAY_REFUSED' });
    expect(keys).toHaveLength(1);
  });
});
