import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeyService } from '@scalpstorm/contracts/api';
import { describeWithServers } from '@scalpstorm/testkit';
import { BothDoors } from './both-doors.js';
import { GatewayRig, type Member, password } from './gateway-rig.js';

describeWithServers('an Idempotency-Key where a secret is said, on real servers', (servers) => {
  let rig: GatewayRig;
  let doors: BothDoors;
  let owner: Member;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    doors = new BothDoors(rig);
    owner = await rig.setUp();
  });
  afterAll(async () => {
    doors.close();
    await rig.close();
  });

  const ask = (path: string, body: object, key: string) =>
    rig.ask('POST', path, { token: owner.token, body, headers: { 'idempotency-key': key } });

  const secretOf = (body: Readonly<Record<string, string>>) => body['key'] ?? body['secret'] ?? body['code'] ?? '';
  const cases = [
    ['createApiKey', '/v1/api-keys', { label: 'robot', scopes: ['read'] }, { label: 'other', scopes: ['read'] }],
    ['linkTelegram', '/v1/notifications/telegram', {}, null],
    [
      'setNotificationWebhook',
      '/v1/notifications/webhook',
      { url: 'https://hooks.example.com/a' },
      { url: 'https://hooks.example.com/b' },
    ],
  ] as const;

  describe.each(cases)('%s', (id, path, body, other) => {
    it('gives a repeat the secret that the first got, and does nothing twice', async () => {
      const first = await ask(path, body, `${id}-1`);
      const asked = rig.services.noticeCommands.length;
      const second = await ask(path, body, `${id}-1`);
      expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([first.status, 'true']);
      expect(second.body).toEqual(first.body);
      expect(secretOf(first.body)).not.toBe('');
      expect(rig.services.noticeCommands).toHaveLength(asked);
      if (other === null) return;
      expect(await ask(path, other, `${id}-1`)).toMatchObject({
        status: 409,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      });
    });

    it('keeps the secret sealed, and not for long; a late repeat is refused and still does nothing', async () => {
      const { body: made } = await ask(path, body, `${id}-2`);
      const kept = JSON.stringify([await rig.sql('select * from idempotency_keys'), rig.log.lines]);
      expect(kept).not.toContain(secretOf(made));
      await rig.sql(`update idempotency_keys set sealed_until = now() - interval '1 second' where key = '${id}-2'`);
      const asked = rig.services.noticeCommands.length;
      expect(await ask(path, body, `${id}-2`)).toMatchObject({
        status: 409,
        body: { code: 'IDEMPOTENT_ANSWER_GONE' },
      });
      expect(rig.services.noticeCommands).toHaveLength(asked);
    });
  });

  it('a user is created once, and neither password nor its plain hash is kept', async () => {
    const wanted = { email: 'once@example.com', password: 'planted password of once', role: 'risk' };
    const first = await ask('/v1/users', wanted, 'user-1');
    const second = await ask('/v1/users', wanted, 'user-1');
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    const other = await ask('/v1/users', { ...wanted, password: 'another password of once' }, 'user-1');
    expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const kept = JSON.stringify([await rig.sql('select * from idempotency_keys'), rig.log.lines]);
    expect(kept).not.toContain(wanted.password);
    expect(kept).not.toContain(password);
  });

  it('a key of one door is known at the other, and the secret comes out of either', async () => {
    const wanted = { label: 'both', scopes: ['read'] };
    const headers = { 'idempotency-key': 'both-1' };
    const { body } = await ask('/v1/api-keys', wanted, 'both-1');
    const call = { token: owner.token, headers };
    const overGrpc = await doors.overGrpc(ApiKeyService.method.createApiKey, wanted, call);
    expect((overGrpc.reply as { key: string }).key).toBe(body.key);
    expect(overGrpc.trailers.get('idempotent-replayed')).toEqual(['true']);
  });

  it('of somebody else’s row nothing comes out, even if it was copied', async () => {
    const body = { label: 'mine', scopes: ['read'] };
    const mine = await ask('/v1/api-keys', body, 'copied-1');
    const thief = await rig.addUser(owner.token, 'thief@example.com');
    const theirs = { token: thief.token, body, headers: { 'idempotency-key': 'copied-1' } };
    await rig.ask('POST', '/v1/api-keys', theirs);
    await rig.sql(`update idempotency_keys t set sealed = s.sealed from idempotency_keys s
      where t.user_id = '${thief.userId}' and s.user_id = '${owner.userId}' and s.key = 'copied-1' and t.key = s.key`);
    const answered = await rig.ask('POST', '/v1/api-keys', theirs);
    expect(answered).toMatchObject({ status: 409, body: { code: 'IDEMPOTENT_ANSWER_GONE' } });
    expect(JSON.stringify(answered.body)).not.toContain(mine.body.key);
  });
});
