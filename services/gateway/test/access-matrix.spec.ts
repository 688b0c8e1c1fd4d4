import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { type Actor, actsForAnybody, type Cast, castOf, destructive, expected, ofOneObject } from './actors.js';
import { type Belongings, callOf, operationIds, routeOf, send, settle } from './api-calls.js';
import type { GatewayRig, Member } from './gateway-rig.js';

const guarded = operationIds.filter((id) => routeOf(id).access !== 'public');

describeWithServers('who may do what, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let mine: Belongings;
  let marks: readonly string[];
  let actors: readonly Actor[];
  let keyOf: Cast['keyOf'];

  beforeAll(async () => {
    ({ rig, owner, mine, marks, actors, keyOf } = await castOf(servers));
  });
  afterAll(() => rig.close());

  it.each(guarded)('%s', async (id) => {
    const outcomes: [string, number | 'pass'][] = [];
    for (const actor of actors) {
      const wanted = expected(actor, id);
      const target = wanted === 'pass' && destructive.includes(id) ? await settle(rig, owner) : mine;
      const before = rig.services.commands.length;
      const answered = await send(rig, callOf(id, target), actor.token);
      const told = [401, 403, 404].includes(answered.status) ? answered.status : 'pass';
      outcomes.push([actor.name, told]);
      // What is refused has reached nobody.
      if (wanted !== 'pass') expect([actor.name, rig.services.commands.length]).toEqual([actor.name, before]);
      if (wanted === 'pass' && actor.owns && id !== 'changePassword')
        expect([actor.name, answered.status]).toEqual([actor.name, routeOf(id).status]);
      const { instance: _, ...rest } = typeof answered.body === 'object' ? answered.body : { instance: '' };
      if (!actor.owns && !actsForAnybody(actor, id))
        for (const mark of marks) expect(JSON.stringify(rest)).not.toContain(mark);
    }
    expect(outcomes).toEqual(actors.map((actor) => [actor.name, expected(actor, id)]));
  });

  it('has a line for every operation on one object', () => {
    const inPath = operationIds.filter(
      (id) => /:(id|clientOrderId)/.test(routeOf(id).path) && !['getStrategy', 'editUser'].includes(id),
    );
    expect(inPath.filter((id) => !ofOneObject.includes(id))).toEqual([]);
  });

  it('keeps from keys what would outlive them, and from all but administrators what concerns others', () => {
    expect(operationIds.filter((id) => routeOf(id).personOnly).sort()).toEqual(
      [
        ...['addVenueAccount', 'editVenueAccount', 'rotateVenueAccount', 'commandVenueAccount', 'removeVenueAccount'],
        ...['listApiKeys', 'createApiKey', 'revokeApiKey', 'createUser', 'editUser', 'listUsers'],
        ...[
          'changePassword',
          'listSessions',
          'endSession',
          'listAuditRecords',
          'listAnomalies',
          'listAuditChains',
          'verifyAuditChain',
        ],
        ...['linkTelegram', 'unlinkTelegram', 'setNotificationPreferences', 'testNotification', 'retryNotification'],
        ...['setNotificationEmail', 'verifyNotificationEmail', 'removeNotificationEmail'],
        ...['setNotificationWebhook', 'removeNotificationWebhook'],
      ].sort(),
    );
    expect(operationIds.filter((id) => routeOf(id).access === 'admin')).toEqual([
      'editUser',
      'createUser',
      'listUsers',
      'listAuditChains',
      'verifyAuditChain',
    ]);
    expect(operationIds.filter((id) => routeOf(id).access === 'public')).toEqual([
      'setupState',
      'setUp',
      'logIn',
      'refresh',
      'logOut',
      'version',
    ]);
  });

  describe('an API key', () => {
    it('works only from the addresses of its list', async () => {
      const near = await keyOf(owner.token, ['read'], { allowedAddresses: ['127.0.0.0/8'] });
      expect((await rig.ask('GET', '/v1/me', { token: near.key })).status).toBe(200);
      const far = await keyOf(owner.token, ['read'], { allowedAddresses: ['203.0.113.7'] });
      expect(await rig.ask('GET', '/v1/me', { token: far.key })).toMatchObject({
        status: 403,
        body: { code: 'ADDRESS_NOT_ALLOWED' },
      });
    });

    it('is shown once, and kept as a hash', async () => {
      const { key, id } = await keyOf(owner.token, ['read']);
      expect(key).toMatch(/^scs_[\w-]{43}$/);
      const listed = await rig.ask('GET', '/v1/api-keys', { token: owner.token });
      expect(listed.body.data.map((row: { id: string }) => row.id)).toContain(id);
      const kept = JSON.stringify([listed.body, await rig.sql('select * from api_keys'), rig.log.lines]);
      expect(kept).not.toContain(key);
    });

    it.each(['viewer', 'risk'] as const)('of role %s is never a key to trade', async (wanted) => {
      const token = actors.find(({ role }) => role === wanted)?.token;
      const body = { label: 'x', scopes: ['trade'] };
      const answered = await rig.ask('POST', '/v1/api-keys', { token, body });
      expect(answered).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    });
  });

  describe('a halt', () => {
    it('of the platform is for the roles risk and admin, as persons, and tells the bots of everybody', async () => {
      const body = { text: 'storm', level: 'flatten', scope: 'platform' };
      expect(await rig.ask('POST', '/v1/halt', { token: owner.token, body })).toMatchObject({ status: 403 });
      const tokenOf = (wanted: string) => actors.find(({ role, scopes }) => role === wanted && scopes === null)?.token;
      const releasing = { token: tokenOf('risk'), body: { scope: 'platform', confirm: 'platform' } };
      const unconfirmed = { token: tokenOf('risk'), body: { scope: 'platform' } };
      const refused = { status: 422, body: { code: 'CONFIRMATION_MISSING' } };
      expect(await rig.ask('POST', '/v1/release', unconfirmed)).toMatchObject(refused);
      expect(await rig.ask('POST', '/v1/halt', { token: tokenOf('risk'), body })).toMatchObject({ status: 200 });
      expect(await rig.ask('POST', '/v1/release', releasing)).toMatchObject({ status: 200, body: { state: 'active' } });
      const admin = tokenOf('admin');
      const { status, body: halted } = await rig.ask('POST', '/v1/halt', { token: admin, body });
      expect(status).toBe(200);
      expect(halted).toMatchObject({ state: 'halted', level: 'flatten', scope: 'platform' });
      expect(halted.bots).toContainEqual({ bot: mine.bot, verb: 'flatten', code: null, text: '' });
      expect(rig.services.riskCommands.at(-1)).toMatchObject({ kind: 'halt', userId: null });
    });

    it('of one’s own comes before the first bot is told, and names each bot that did not obey', async () => {
      const obey = rig.services.onBot;
      rig.services.onBot = () => Promise.reject(new Error('lost'));
      const before = rig.services.riskCommands.length;
      const { body } = await rig.ask('POST', '/v1/halt', { token: owner.token, body: { level: 'cancel' } });
      rig.services.onBot = obey;
      expect(rig.services.riskCommands.slice(before)).toMatchObject([{ kind: 'halt', userId: owner.userId }]);
      expect(body.bots).toContainEqual(
        expect.objectContaining({ bot: mine.bot, verb: 'stop', code: 'SERVICE_UNAVAILABLE' }),
      );
    });
  });
});
