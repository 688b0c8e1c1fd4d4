import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { attemptLimits } from '../src/domain/attempt-limits.js';
import { GatewayRig, password, setupToken } from './gateway-rig.js';

describeWithServers('sessions on real servers', (servers) => {
  let rig: GatewayRig;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
  });
  afterAll(() => rig.close());

  const logIn = (body: object) => rig.ask('POST', '/v1/auth/login', { body });

  describe('before anybody is set up', () => {
    it('says that set-up is needed, and refuses a wrong token and a weak password with the rule', async () => {
      expect((await rig.ask('GET', '/v1/setup')).body).toEqual({ needed: true });
      const wrong = await rig.ask('POST', '/v1/setup', { body: { token: 'guess', email: 'a@b.co', password } });
      expect(wrong).toMatchObject({
        status: 403,
        body: { code: 'SETUP_TOKEN_WRONG', errors: [{ pointer: '/token' }] },
      });
      const weak = await rig.ask('POST', '/v1/setup', {
        body: { token: setupToken, email: 'a@b.co', password: 'short' },
      });
      expect(weak).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/password', code: 'PASSWORD_TOO_SHORT', allowed: '12 to 128 characters' }] },
      });
      expect((await rig.ask('GET', '/v1/setup')).body).toEqual({ needed: true });
    });

    it('makes exactly one first user, however many ask at once', async () => {
      const asked = Array.from({ length: 5 }, (_, index) =>
        rig.ask('POST', '/v1/setup', { body: { token: setupToken, email: `first${index}@example.com`, password } }),
      );
      const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
      expect(statuses).toEqual([201, 409, 409, 409, 409]);
      const again = await rig.ask('POST', '/v1/setup', {
        body: { token: setupToken, email: 'x@example.com', password },
      });
      expect(again.body.code).toBe('ALREADY_SET_UP');
      expect((await rig.ask('GET', '/v1/setup')).body).toEqual({ needed: false });
    });
  });

  describe('with users', () => {
    let admin: string;

    beforeAll(async () => {
      for (let index = 0; index < 5; index += 1) {
        const { status, body } = await logIn({ email: `first${index}@example.com`, password });
        if (status === 200) admin = body.accessToken;
      }
    });

    it('an administrator creates users, others do not', async () => {
      const created = await rig.ask('POST', '/v1/users', {
        token: admin,
        body: { email: 'Vera@Example.com', password, role: 'viewer' },
      });
      expect(created).toMatchObject({ status: 201, body: { email: 'vera@example.com', role: 'viewer' } });
      const twice = await rig.ask('POST', '/v1/users', {
        token: admin,
        body: { email: 'vera@example.com', password, role: 'viewer' },
      });
      expect(twice).toMatchObject({ status: 409, body: { code: 'EMAIL_TAKEN' } });
      const vera = (await logIn({ email: 'vera@example.com', password })).body.accessToken as string;
      expect((await rig.ask('GET', '/v1/me', { token: vera })).body).toMatchObject({
        email: 'vera@example.com',
        role: 'viewer',
      });
      const refused = await rig.ask('POST', '/v1/users', {
        token: vera,
        body: { email: 'w@example.com', password, role: 'admin' },
      });
      expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
      expect((await rig.ask('POST', '/v1/halt', { token: vera, body: {} })).status).toBe(403);
    });

    it('a wrong password and an unknown user get the very same answer', async () => {
      const wrong = await logIn({ email: 'vera@example.com', password: 'not her password' });
      const unknown = await logIn({ email: 'nobody@example.com', password: 'not her password' });
      const without = ({ request_id: _, ...rest }: Record<string, unknown>) => rest;
      expect(wrong.status).toBe(401);
      expect(without(wrong.body)).toEqual(without(unknown.body));
      expect(wrong.body.code).toBe('WRONG_CREDENTIALS');
    });

    it('a refresh token works once; a second use ends the whole session', async () => {
      const first = (await logIn({ email: 'vera@example.com', password })).body;
      const refresh = (refreshToken: string) => rig.ask('POST', '/v1/auth/refresh', { body: { refreshToken } });
      const second = await refresh(first.refreshToken);
      expect(second.status).toBe(200);
      expect((await rig.ask('GET', '/v1/me', { token: second.body.accessToken })).status).toBe(200);
      // Within seconds it is a second window; later it is a thief.
      expect(await refresh(first.refreshToken)).toMatchObject({
        status: 409,
        body: { code: 'REFRESH_TOKEN_SUPERSEDED' },
      });
      await rig.sql('update refresh_tokens set used_at = used_at - 60000000 where used_at is not null');
      expect(await refresh(first.refreshToken)).toMatchObject({
        status: 401,
        body: { code: 'REFRESH_TOKEN_REFUSED' },
      });
      expect((await refresh(second.body.refreshToken)).status).toBe(401);
      expect(rig.log.lines.some(({ level, text }) => level === 'warn' && text.includes('used twice'))).toBe(true);
    });

    it('of two refreshes at once at most one succeeds', async () => {
      const { refreshToken } = (await logIn({ email: 'vera@example.com', password })).body;
      const both = await Promise.all([1, 2].map(() => rig.ask('POST', '/v1/auth/refresh', { body: { refreshToken } })));
      expect(both.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    });

    it('logging out ends the session, and an unknown token is no error', async () => {
      const { refreshToken } = (await logIn({ email: 'vera@example.com', password })).body;
      expect((await rig.ask('POST', '/v1/auth/logout', { body: { refreshToken } })).status).toBe(204);
      expect((await rig.ask('POST', '/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
      expect((await rig.ask('POST', '/v1/auth/logout', { body: { refreshToken: 'nonsense' } })).status).toBe(204);
    });

    it('guessing is slowed down with the seconds to wait', async () => {
      let last = await logIn({ email: 'target@example.com', password: 'guess' });
      // Twice what a window has, because one may end in between.
      for (let attempt = 0; attempt < 2 * attemptLimits.accountFromAddress && last.status === 401; attempt += 1) {
        last = await logIn({ email: 'target@example.com', password: `guess ${attempt}` });
      }
      expect(last).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
      expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await logIn({ email: 'vera@example.com', password })).status).toBe(200);
    });

    it('neither log nor database holds a password or a token as it is', async () => {
      const { refreshToken, accessToken } = (await logIn({ email: 'vera@example.com', password })).body;
      const said = JSON.stringify(rig.log.lines);
      const stored = JSON.stringify([
        await rig.sql('select * from users'),
        await rig.sql('select * from refresh_tokens'),
      ]);
      for (const secret of [password, refreshToken, accessToken, setupToken]) {
        expect(said).not.toContain(secret);
        expect(stored).not.toContain(secret);
      }
    });
  });
});
