import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { GatewayRig } from './gateway-rig.js';

const newBot = {
  name: 'Storm',
  strategy: 'scalping-cycle',
  account: 'demo',
  venue: 'sim',
  symbol: 'BTC-USDT',
  mode: 'demo',
  parameters: { quantity: '0.001' },
};

describeWithServers('what HTTP refuses, on real servers', (servers) => {
  let rig: GatewayRig;
  let token: string;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    ({ token } = await rig.setUp());
  });
  afterAll(() => rig.close());

  const create = (body: unknown = newBot) => rig.ask('POST', '/v1/bots', { token, body });

  const problem = {
    type: expect.any(String),
    title: expect.any(String),
    detail: expect.any(String),
    request_id: expect.any(String),
    errors: expect.any(Array),
  };

  it.each([
    ['a malformed body', 'POST', '/v1/bots', '{"name":', 400, 'MALFORMED_JSON'],
    ['an empty body', 'POST', '/v1/bots', undefined, 422, 'VALIDATION_FAILED'],
    ['a body that is no object', 'POST', '/v1/bots', '[]', 422, 'VALIDATION_FAILED'],
    ['a route that does not exist', 'GET', '/v1/nonsense', undefined, 404, 'ROUTE_NOT_FOUND'],
    ['a method that does not exist', 'PATCH', '/v1/orders', undefined, 405, 'METHOD_NOT_ALLOWED'],
    ['a path outside the API', 'GET', '/.env', undefined, 404, 'ROUTE_NOT_FOUND'],
    ['a file outside the page', 'GET', '/assets/..%2Fpackage.json', undefined, 404, 'NOT_FOUND'],
    ['an id that is none', 'GET', '/v1/bots/1', undefined, 404, 'NOT_FOUND'],
    ['a path with a part that is too long', 'DELETE', `/v1/bots/${'x'.repeat(300)}`, undefined, 414, 'URL_UNUSABLE'],
    ['a path that is not encoded', 'GET', '/v1/bots/%zz', undefined, 400, 'URL_UNUSABLE'],
    ['a verb that does not exist', 'POST', '/v1/bots/bot_00000001/explode', '{}', 404, 'NOT_FOUND'],
    ['a page size out of range', 'GET', '/v1/orders?limit=100000', undefined, 422, 'VALIDATION_FAILED'],
    ['a cursor that is none', 'GET', '/v1/fills?after=DROP', undefined, 422, 'VALIDATION_FAILED'],
    ['a character that cannot be stored', 'POST', '/v1/halt', '{"text":"\\u0000"}', 422, 'VALIDATION_FAILED'],
  ])('%s is answered with its code', async (_, method, path, body, status, code) => {
    const answered = await rig.ask(method, path, { token, body });
    expect(answered).toMatchObject({ status, body: { ...problem, code, status, instance: path.split('?')[0] } });
    expect(answered.headers.get('content-type')).toContain('application/problem+json');
    expect(answered.headers.get('x-request-id')).toBe(answered.body.request_id);
  });

  it('another content type is refused', async () => {
    const answered = await rig.ask('POST', '/v1/bots', {
      token,
      body: '<bot/>',
      headers: { 'content-type': 'application/xml' },
    });
    expect(answered).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  it('a body of 10 MB is refused before it is read, and the next request is answered', async () => {
    expect(await statusOfLargeBody(rig.gateway.url, token)).toEqual({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    expect((await rig.ask('GET', '/v1/me', { token })).status).toBe(200);
  });

  it('every refusal of the strategy keeps its code, its field, what is allowed and the next step', async () => {
    const refusal = {
      code: 'PRICE_OFF_TICK',
      field: '/parameters/buyPrice',
      text: 'not a multiple of 0.01',
      allowed: '0.01',
      next: 'Use 100.01',
    };
    const obey = rig.services.onBot;
    rig.services.onBot = async () => ({ ok: false, refusals: [refusal] });
    const answered = await create();
    rig.services.onBot = obey;
    expect(answered).toMatchObject({
      status: 422,
      body: {
        code: 'PRICE_OFF_TICK',
        errors: [
          {
            pointer: '/parameters/buyPrice',
            code: 'PRICE_OFF_TICK',
            detail: 'not a multiple of 0.01.',
            allowed: '0.01',
            next: 'Use 100.01',
          },
        ],
      },
    });
  });

  it('an account of nobody is refused before the strategy is asked', async () => {
    const before = rig.services.commands.length;
    const other = await rig.addUser(token, 'poor@example.com');
    const answered = await rig.ask('POST', '/v1/bots', { token: other.token, body: newBot });
    expect(answered).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/account', code: 'ACCOUNT_NOT_FOUND' }] },
    });
    expect(rig.services.commands).toHaveLength(before);
  });

  it.each([
    ['PUT', '/v1/bots', 'GET, POST'],
    ['POST', '/v1/bots/bot_00000001', 'DELETE, GET, PATCH'],
    ['DELETE', '/v1/halt', 'POST'],
  ])('%s at %s is a 405 that names the methods which are there', async (method, path, allow) => {
    const answered = await rig.ask(method, path, { token });
    expect(answered).toMatchObject({
      status: 405,
      body: { code: 'METHOD_NOT_ALLOWED', errors: [{ next: `Use ${allow}.` }] },
    });
    expect(answered.headers.get('allow')).toBe(allow);
    expect(await rig.ask(method, '/v1/nothing', { token })).toMatchObject({ body: { code: 'ROUTE_NOT_FOUND' } });
  });

  it('a service that does not answer is a 503 with a next step', async () => {
    const obey = rig.services.onRisk;
    rig.services.onRisk = () => Promise.reject(new Error('broken'));
    const answered = await rig.ask('POST', '/v1/halt', { token, body: { text: 'now' } });
    rig.services.onRisk = obey;
    expect(answered).toMatchObject({
      status: 503,
      body: {
        code: 'SERVICE_UNAVAILABLE',
        detail: expect.stringMatching(/^The risk gate did not answer in time\./),
        errors: [{ next: expect.stringMatching(/^Look whether it was done before/) }],
      },
    });
    expect(answered.headers.get('retry-after')).toBe('2');
  });
});

/** Written by hand, because fetch cannot tell a refused upload from a lost connection. */
function statusOfLargeBody(url: string, token: string): Promise<{ status: number | undefined; code: string }> {
  return new Promise((resolve, reject) => {
    const size = 10_000_000;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': size };
    const request = httpRequest(`${url}/v1/bots`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        request.destroy();
        resolve({ status: response.statusCode, code: (JSON.parse(text) as { code: string }).code });
      });
    });
    request.on('error', reject);
    request.write(Buffer.alloc(64_000, ' '));
  });
}
