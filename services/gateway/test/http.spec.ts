import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BotCommand } from '@scalpstorm/contracts';
import { BotId } from '@scalpstorm/model';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botRow, reconciliationReply, tradingStateReply } from '../src/handlers/http/schemas.js';
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

describeWithServers('the HTTP interface on real servers', (servers) => {
  let rig: GatewayRig;
  let token: string;
  let userId: string;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    ({ token, userId } = await rig.setUp());
  });
  afterAll(() => rig.close());

  const create = (body: unknown = newBot, headers: Record<string, string> = {}) =>
    rig.ask('POST', '/v1/bots', { token, body, headers });

  describe('bad input', () => {
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
      ['a method that does not exist', 'PATCH', '/v1/orders', undefined, 404, 'ROUTE_NOT_FOUND'],
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
              detail: refusal.text,
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

    it('a service that does not answer is a 503 with a next step', async () => {
      const obey = rig.services.onRisk;
      rig.services.onRisk = () => Promise.reject(new Error('broken'));
      const answered = await rig.ask('POST', '/v1/halt', { token, body: { text: 'now' } });
      rig.services.onRisk = obey;
      expect(answered).toMatchObject({
        status: 503,
        body: { code: 'SERVICE_UNAVAILABLE', errors: [{ next: expect.stringContaining('Idempotency-Key') }] },
      });
      expect(answered.headers.get('retry-after')).toBe('2');
    });
  });

  describe('bots', () => {
    it('are created for the user who asks, and read back at once', async () => {
      const created = await create();
      expect(created.status).toBe(201);
      const bot = botRow.parse(created.body);
      expect(bot).toMatchObject({
        name: 'Storm',
        account: 'demo',
        venue: 'sim',
        symbol: 'BTC-USDT',
        mode: 'demo',
        parameters: newBot.parameters,
      });
      expect(rig.services.commands.at(-1)).toMatchObject({ kind: 'create', userId });
      const { warnings, ...row } = created.body;
      expect(warnings).toEqual([]);
      expect((await rig.ask('GET', `/v1/bots/${bot.id}`, { token })).body).toEqual(row);
      expect((await rig.ask('GET', '/v1/bots', { token })).body.data).toContainEqual(row);
    });

    it('are answered with what is odd about their parameters when they are created and edited, and only then', async () => {
      const odd = { code: 'LOSES_AFTER_FEES', field: '/parameters/sellPrice', text: 'too near', next: 'Raise it.' };
      const { onBot } = rig.services;
      rig.services.onBot = async (command) => {
        const answer = await onBot(command);
        return answer.ok ? { ...answer, warnings: [odd] } : answer;
      };
      try {
        const created = await create();
        expect(created.body).toMatchObject({ warnings: [odd] });
        const path = `/v1/bots/${created.body.id}`;
        const edited = await rig.ask('PATCH', path, { token, body: { parameters: { quantity: '0.003' } } });
        expect(edited.body).toMatchObject({ warnings: [odd] });
        expect((await rig.ask('POST', `${path}/start`, { token })).body).not.toHaveProperty('warnings');
      } finally {
        rig.services.onBot = onBot;
      }
    });

    it('take every verb', async () => {
      const { id } = (await create()).body;
      for (const verb of ['start', 'pause', 'resume', 'stop', 'flatten']) {
        expect((await rig.ask('POST', `/v1/bots/${id}/${verb}`, { token, body: {} })).status).toBe(202);
        expect(rig.services.commands.at(-1)).toMatchObject({ kind: 'verb', verb, botId: id, userId });
      }
      expect((await rig.ask('POST', `/v1/bots/${id}/start`, { token })).status).toBe(202);
    });

    it('are edited field by field; null removes one', async () => {
      const { id } = (await create({ ...newBot, parameters: { quantity: '0.001', loop: true, note: 'x' } })).body;
      await rig.ask('PATCH', `/v1/bots/${id}`, {
        token,
        body: { name: 'Calm', parameters: { quantity: '0.002', note: null } },
      });
      expect(rig.services.commands.at(-1)).toMatchObject({
        kind: 'edit',
        name: 'Calm',
        parameters: { quantity: '0.002', loop: true },
      });
      const { parameters } = rig.services.commands.at(-1) as Extract<BotCommand, { kind: 'edit' }>;
      expect(parameters).not.toHaveProperty('note');
      expect((await rig.ask('PATCH', `/v1/bots/${id}`, { token, body: {} })).status).toBe(422);
    });

    it('are gone after they were deleted', async () => {
      const { id } = (await create()).body;
      expect((await rig.ask('DELETE', `/v1/bots/${id}`, { token })).status).toBe(204);
      expect((await rig.ask('GET', `/v1/bots/${id}`, { token })).status).toBe(404);
      expect((await rig.ask('DELETE', `/v1/bots/${id}`, { token })).status).toBe(404);
    });

    it('come in pages, newest first, without a gap or a repetition', async () => {
      const other = await rig.addUser(token, 'pages@example.com');
      const ids = Array.from({ length: 5 }, (_, index) => BotId.of(`bot_page000${index}`));
      for (const id of ids) await rig.announce(aBot({ id, userId: other.userId, version: 1 }));
      await eventually(async () =>
        expect((await rig.ask('GET', '/v1/bots', { token: other.token })).body.data).toHaveLength(5),
      );
      const seen: string[] = [];
      let path = '/v1/bots?limit=2';
      for (let page = 0; page < 3; page += 1) {
        const { body } = await rig.ask('GET', path, { token: other.token });
        seen.push(...body.data.map(({ id }: { id: string }) => id));
        expect(body.hasMore).toBe(page < 2);
        path = `/v1/bots?limit=2&after=${body.nextCursor}`;
      }
      expect(seen).toHaveLength(5);
      expect(new Set(seen)).toEqual(new Set(ids));
    });
  });

  describe('the platform', () => {
    it('is halted and released by its user', async () => {
      const halted = await rig.ask('POST', '/v1/halt', { token, body: { text: 'spread went crazy' } });
      expect(tradingStateReply.parse(halted.body)).toMatchObject({ state: 'halted', text: 'spread went crazy' });
      expect(rig.services.riskCommands.at(-1)).toMatchObject({ kind: 'halt', userId, text: 'spread went crazy' });
      expect((await rig.ask('POST', '/v1/release', { token })).body.state).toBe('active');
      expect((await rig.ask('GET', '/v1/trading-state', { token })).status).toBe(200);
    });

    it('reconciles every account of the user, and none of others', async () => {
      const asked: string[] = [];
      const obey = rig.services.onAccount;
      rig.services.onAccount = (request) => {
        asked.push(`${request.kind}:${request.accountId}`);
        return obey(request);
      };
      const own = await rig.ask('GET', '/v1/reconciliation', { token });
      expect(reconciliationReply.parse(own.body)).toEqual({ reconciled: true, differences: [] });
      expect(asked).toEqual(['list:', 'reconcile:demo']);
      const other = await rig.addUser(token, 'books@example.com');
      await rig.ask('GET', '/v1/reconciliation', { token: other.token });
      rig.services.onAccount = obey;
      expect(asked).toEqual(['list:', 'reconcile:demo', 'list:']);
    });

    it('lists strategies, instruments and accounts', async () => {
      expect((await rig.ask('GET', '/v1/strategies', { token })).body.data[0]).toMatchObject({
        id: 'scalping-cycle',
        schema: { type: 'object' },
      });
      expect((await rig.ask('GET', '/v1/instruments', { token })).body.data[0]).toMatchObject({
        id: 'sim:BTC-USDT',
        tickSize: '0.01',
        lastPrice: null,
      });
      expect((await rig.ask('GET', '/v1/accounts', { token })).body.data[0]).toMatchObject({
        id: 'demo',
        mode: 'demo',
      });
    });

    it('serves the page and its files with headers that forbid everything else', async () => {
      const page = await rig.ask('GET', '/');
      expect(page.headers.get('content-type')).toContain('text/html');
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      expect(page.headers.get('x-frame-options')).toBe('DENY');
      expect(page.body).not.toMatch(/<script(?![^>]*src=)|style=|onclick=/);
      const files = [...String(page.body).matchAll(/\/assets\/[\w.-]+/g)].map(([path]) => path);
      expect(files.length).toBeGreaterThan(3);
      for (const path of files) expect((await rig.ask('GET', path)).status).toBe(200);
      const etag = page.headers.get('etag') ?? '';
      expect((await rig.ask('GET', '/', { headers: { 'if-none-match': etag } })).status).toBe(304);
    });

    it('keeps answers out of caches, and tells its health and figures', async () => {
      expect((await rig.ask('GET', '/v1/me', { token })).headers.get('cache-control')).toBe('no-store');
      await eventually(async () => expect((await rig.ask('GET', '/health/ready')).status).toBe(200));
      const metrics = (await rig.ask('GET', '/metrics')).body as string;
      expect(metrics).toMatch(/scalpstorm_http_request_duration_seconds_count\{[^}]*route="\/v1\/bots\/:id"/);
    });
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
