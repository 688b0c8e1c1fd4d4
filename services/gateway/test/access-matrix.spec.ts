import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { roles } from '../src/domain/principal.js';
import {
  type Belongings,
  callOf,
  demoAccount,
  type OperationId,
  operationIds,
  routeOf,
  send,
  settle,
} from './api-calls.js';
import { GatewayRig } from './gateway-rig.js';

/** Operations on one object: whoever does not own it is told that it does not exist. */
const ofOneObject: readonly OperationId[] = [
  ...(['getBot', 'editBot', 'deleteBot', 'commandBot', 'closePosition'] as const),
  ...(['listBotCycles', 'listBotOrders', 'listBotFills', 'getOrder', 'cancelOrder'] as const),
  ...(['getVenueAccount', 'editVenueAccount', 'rotateVenueAccount', 'commandVenueAccount'] as const),
  ...(['removeVenueAccount', 'revokeApiKey', 'unlinkTelegram', 'retryNotification'] as const),
];
/** After these the object is gone, so each who may gets one of their own. */
const destructive: readonly OperationId[] = ['deleteBot', 'removeVenueAccount', 'revokeApiKey'];
const guarded = operationIds.filter((id) => routeOf(id).access !== 'public');

interface Actor {
  readonly name: string;
  readonly token: string | undefined;
  /** Null: nobody. */
  readonly role: (typeof roles)[number] | null;
  readonly scope: 'read' | 'trade' | null;
  readonly owns: boolean;
}

/** The rule in words of its own: 401 for nobody, 403 for too little, 404 for what is another's, else it passes. */
function expected(actor: Actor, id: OperationId): number | 'pass' {
  const { access, personOnly } = routeOf(id);
  if (access === 'public') return 'pass';
  if (actor.role === null) return 401;
  if (roles.indexOf(actor.role) < roles.indexOf(access)) return 403;
  if (actor.scope !== null) {
    if (personOnly || access === 'admin') return 403;
    if (access === 'trader' && actor.scope !== 'trade') return 403;
  }
  return ofOneObject.includes(id) && !actor.owns ? 404 : 'pass';
}

describeWithServers('who may do what, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: { token: string; userId: Belongings['userId'] };
  let mine: Belongings;
  let marks: readonly string[];
  const actors: Actor[] = [];

  const keyOf = async (token: string, scopes: readonly string[], more: object = {}) =>
    (await rig.ask('POST', '/v1/api-keys', { token, body: { label: 'key', scopes, ...more } })).body;

  beforeAll(async () => {
    const roomy = { REQUESTS_PER_SECOND_PER_USER: '10000', REQUESTS_PER_SECOND_PER_ADDRESS: '10000' };
    rig = await GatewayRig.start(servers, roomy);
    const admin = await rig.setUp('admin@example.com');
    owner = await rig.addUser(admin.token, 'owner@example.com');
    await rig.sql(`insert into account_owners values ('${demoAccount}', '${owner.userId}')`);
    mine = await settle(rig, owner);
    marks = [mine.bot, mine.order, mine.venueAccount, mine.apiKey, '"account":"demo"'];
    const stranger = await rig.addUser(admin.token, 'stranger@example.com');
    const viewer = await rig.addUser(admin.token, 'viewer@example.com', 'viewer');
    const revoked = await keyOf(owner.token, ['read', 'trade']);
    await rig.ask('DELETE', `/v1/api-keys/${revoked.id}`, { token: owner.token });
    const expired = await keyOf(owner.token, ['read', 'trade'], { expiresAt: '2999-01-01T00:00:00Z' });
    await rig.sql(`update api_keys set expires_at = 1 where id = '${expired.id}'`);
    const person = { scope: null, owns: false } as const;
    const nobody = { role: null, scope: null, owns: false } as const;
    actors.push(
      { name: 'nobody', token: undefined, ...nobody },
      { name: 'a revoked key', token: revoked.key, ...nobody },
      { name: 'an expired key', token: expired.key, ...nobody },
      { name: 'a key that never was', token: `scs_${'A'.repeat(43)}`, ...nobody },
      { name: 'a viewer who is a stranger', token: viewer.token, role: 'viewer', ...person },
      { name: 'a trader who is a stranger', token: stranger.token, role: 'trader', ...person },
      { name: 'an administrator who is a stranger', token: admin.token, role: 'admin', ...person },
      {
        name: 'a stranger’s key',
        token: (await keyOf(stranger.token, ['read', 'trade'])).key,
        role: 'trader',
        scope: 'trade',
        owns: false,
      },
      {
        name: 'the owner’s key to read',
        token: (await keyOf(owner.token, ['read'])).key,
        role: 'trader',
        scope: 'read',
        owns: true,
      },
      {
        name: 'the owner’s key to trade',
        token: (await keyOf(owner.token, ['read', 'trade'])).key,
        role: 'trader',
        scope: 'trade',
        owns: true,
      },
      { name: 'the owner', token: owner.token, role: 'trader', scope: null, owns: true },
    );
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
      if (wanted === 'pass' && actor.owns)
        expect([actor.name, answered.status]).toEqual([actor.name, routeOf(id).status]);
      const { instance: _, ...rest } = typeof answered.body === 'object' ? answered.body : { instance: '' };
      if (!actor.owns) for (const mark of marks) expect(JSON.stringify(rest)).not.toContain(mark);
    }
    expect(outcomes).toEqual(actors.map((actor) => [actor.name, expected(actor, id)]));
  });

  it('has a line for every operation on one object', () => {
    const inPath = operationIds.filter((id) => /:(id|clientOrderId)/.test(routeOf(id).path) && id !== 'getStrategy');
    expect(inPath.filter((id) => !ofOneObject.includes(id))).toEqual([]);
  });

  it('keeps from keys what would outlive them, and from all but administrators what concerns others', () => {
    expect(operationIds.filter((id) => routeOf(id).personOnly).sort()).toEqual(
      [
        ...['addVenueAccount', 'editVenueAccount', 'rotateVenueAccount', 'commandVenueAccount', 'removeVenueAccount'],
        ...['listApiKeys', 'createApiKey', 'revokeApiKey', 'createUser', 'listUsers'],
        ...['linkTelegram', 'unlinkTelegram', 'setNotificationPreferences', 'testNotification', 'retryNotification'],
        ...['setNotificationEmail', 'verifyNotificationEmail', 'removeNotificationEmail'],
        ...['setNotificationWebhook', 'removeNotificationWebhook'],
      ].sort(),
    );
    expect(operationIds.filter((id) => routeOf(id).access === 'admin')).toEqual(['createUser', 'listUsers']);
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

    it('of a viewer is never a key to trade', async () => {
      const viewer = actors.find(({ role }) => role === 'viewer')?.token;
      const answered = await rig.ask('POST', '/v1/api-keys', {
        token: viewer,
        body: { label: 'x', scopes: ['trade'] },
      });
      expect(answered).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    });
  });

  describe('a halt', () => {
    it('of the platform is for administrators, and tells the bots of everybody', async () => {
      const body = { text: 'storm', level: 'flatten', scope: 'platform' };
      expect(await rig.ask('POST', '/v1/halt', { token: owner.token, body })).toMatchObject({ status: 403 });
      const admin = actors.find(({ role }) => role === 'admin')?.token;
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
