import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountRequest, accountChanged, reconciled } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, BotId, InstrumentId } from '@scalpstorm/model';
import { aBot, anAccount, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botRow } from '../src/handlers/http/schemas-bots.js';
import { tradingStateReply } from '../src/handlers/http/schemas-risk.js';
import { reconciliationReply } from '../src/handlers/http/schemas-trading.js';
import { GatewayRig, meta } from './gateway-rig.js';

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

  describe('bots', () => {
    it('are created for the user who asks, and read back at once', async () => {
      const before = Date.now() * 1_000;
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
      const asked = rig.services.commands.at(-1);
      expect(asked).toMatchObject({ kind: 'create', userId });
      // Strategy refuses it afterwards: five seconds from the moment that it was asked.
      expect(asked?.until).toBeGreaterThanOrEqual(before + 5_000_000);
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
        parameters: { quantity: '0.002', note: null },
        merge: true,
      });
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
      const headers = { 'idempotency-key': 'compare-1' };
      const own = await rig.ask('POST', '/v1/reconciliation', { token, headers });
      expect(reconciliationReply.parse(own.body)).toMatchObject({ reconciled: true, differences: [] });
      expect((await rig.ask('POST', '/v1/reconciliation', { token, headers })).body).toEqual(own.body);
      expect(asked).toEqual(['list:', 'reconcile:demo']);
      const other = await rig.addUser(token, 'books@example.com');
      await rig.ask('POST', '/v1/reconciliation', { token: other.token });
      rig.services.onAccount = obey;
      expect(asked).toEqual(['list:', 'reconcile:demo', 'list:']);
    });

    it('tells what the last comparison found, and whoever looks asks no venue and mends nothing', async () => {
      const look = async (by = token) =>
        reconciliationReply.parse((await rig.ask('GET', '/v1/reconciliation', { token: by })).body);
      const obey = rig.services.onAccount;
      rig.services.onAccount = () => Promise.reject(new Error('a GET asked execution'));
      const account = anAccount({ id: AccountId.of('demo') });
      const { bus } = rig.speakers.execution;
      await bus.send(accountChanged, { meta: meta(), account, balances: [], positions: [] });
      await eventually(async () => expect(await look()).toEqual({ reconciled: false, at: null, differences: [] }));
      const found = {
        ...{ kind: 'balance' as const, accountId: account.id, subject: 'USDT', ours: '1', theirs: '2' },
        ...{ decision: 'told', repaired: false },
      };
      const told = { meta: meta(), accountId: account.id, trigger: 'timer' as const };
      await bus.send(reconciled, { ...told, differences: [found], clean: false });
      const { accountId: _, ...row } = found;
      await eventually(async () =>
        expect(await look()).toEqual({
          reconciled: false,
          at: Timestamp.toIso(told.meta.recordedAt),
          differences: [{ ...row, account: 'demo' }],
        }),
      );
      const other = await rig.addUser(token, 'looks@example.com');
      expect(await look(other.token)).toEqual({ reconciled: true, at: null, differences: [] });
      rig.services.onAccount = obey;
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
      const one = '/v1/instruments?instrument=sim:BTC-USDT';
      expect((await rig.ask('GET', one, { token })).body.data).toHaveLength(1);
      expect((await rig.ask('GET', '/v1/instruments?account=demo', { token })).body).toMatchObject({
        errors: [{ pointer: '/instrument', detail: expect.stringContaining('name it') }],
      });
      expect((await rig.ask('GET', '/v1/accounts', { token })).body.data[0]).toMatchObject({
        id: 'demo',
        mode: 'demo',
      });
    });

    it('tells what an account pays at a market, to its owner alone, and nothing where that is not known', async () => {
      const path = '/v1/instruments?instrument=sim:BTC-USDT&account=demo';
      const obey = rig.services.onAccount;
      const standing = { accounts: [], balances: [], positions: [], reconciled: true, differences: [] };
      const rates = {
        instrumentId: InstrumentId.of('sim', 'BTC-USDT'),
        makerFeeRate: '0.0001',
        takerFeeRate: '0.0007',
      };
      const asked: AccountRequest[] = [];
      rig.services.onAccount = async (request) => {
        asked.push(request);
        return { ok: true, value: { ...standing, fees: [rates] } };
      };
      const { data } = (await rig.ask('GET', path, { token })).body;
      expect(data).toMatchObject([{ id: 'sim:BTC-USDT', makerFeeRate: '0.0001', takerFeeRate: '0.0007' }]);
      const other = await rig.addUser(token, 'pays@example.com');
      expect((await rig.ask('GET', path, { token: other.token })).status).toBe(404);
      expect(asked).toEqual([{ kind: 'fees', accountId: 'demo', instrumentId: 'sim:BTC-USDT' }]);
      const away = { code: 'VENUE_UNREACHABLE', field: '/instrument', text: 'no answer', allowed: '', next: 'Wait.' };
      rig.services.onAccount = async () => ({ ok: false, refusals: [away] });
      expect(await rig.ask('GET', path, { token })).toMatchObject({ status: 502, body: { code: 'VENUE_UNREACHABLE' } });
      rig.services.onAccount = async () => ({ ok: true, value: standing });
      expect((await rig.ask('GET', path, { token })).status).toBe(404);
      rig.services.onAccount = obey;
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

    it('keeps answers out of caches, and tells its health and figures to operators alone', async () => {
      expect((await rig.ask('GET', '/v1/me', { token })).headers.get('cache-control')).toBe('no-store');
      await eventually(async () => expect((await rig.operations('/health/ready')).status).toBe(200));
      const metrics = await (await rig.operations('/metrics')).text();
      expect(metrics).toMatch(/scalpstorm_http_request_duration_seconds_count\{[^}]*route="\/v1\/bots\/:id"/);
      expect(metrics).toMatch(/scalpstorm_http_responses_total\{class="1xx"[^}]*\} 0\n/);
      expect(metrics).toMatch(/scalpstorm_http_responses_total\{class="2xx"[^}]*\} [1-9]/);
      for (const path of ['/metrics', '/health/ready', '/health', '/%6detrics']) {
        expect(await rig.ask('GET', path)).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
      }
    });
  });
});
