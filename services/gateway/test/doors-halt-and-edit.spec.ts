import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { BotCommand } from '@scalpstorm/contracts';
import { BotService, RiskService } from '@scalpstorm/contracts/api';
import { describeWithServers } from '@scalpstorm/testkit';
import { type Cast, castOf } from './actors.js';
import { type AskedTwice, BothDoors, expectSameRefusal } from './both-doors.js';
import { detailOf } from './grpc-client.js';

const { method: risk } = RiskService;
const { method: bots } = BotService;

describeWithServers('who halts the platform, and whose edit counts, at both doors, on real servers', (servers) => {
  let cast: Cast;
  let doors: BothDoors;
  let adminsKey: string;
  beforeAll(async () => {
    cast = await castOf(servers, { GRPC_PORT: '0' });
    doors = new BothDoors(cast.rig);
    adminsKey = (await cast.keyOf(adminOf(cast), ['read', 'trade'])).key;
  });
  afterAll(async () => {
    doors.close();
    await cast.rig.close();
  });
  beforeEach(() => {
    cast.rig.services.riskCommands.length = 0;
    cast.rig.services.commands.length = 0;
  });

  const body = { level: 'flatten', scope: 'platform' };
  const halts: AskedTwice = { http: ['POST', '/v1/halt', body], rpc: risk.halt, grpc: body };
  const scope = { scope: 'platform', confirm: 'platform' };
  const releases: AskedTwice = { http: ['POST', '/v1/release', scope], rpc: risk.release, grpc: scope };

  it.each([
    ['halt', halts],
    ['release', releases],
  ])('no key may %s the platform, also not an administrator’s', async (_, asked) => {
    const refused = await doors.ask(asked, { token: adminsKey });
    expectSameRefusal(refused, { status: 403, code: 'PERSON_NEEDED' });
    const byTrader = await doors.ask(asked, { token: cast.owner.token });
    expectSameRefusal(byTrader, { status: 403, code: 'FORBIDDEN' });
    expect(cast.rig.services.riskCommands).toEqual([]);
    expect(cast.rig.services.commands).toEqual([]);
  });

  it.each([
    ['halt', halts],
    ['release', releases],
  ])('an administrator who logged in may %s it', async (kind, asked) => {
    const { overHttp, overGrpc } = await doors.ask(asked, { token: adminOf(cast) });
    expect([overHttp.status, overGrpc.code]).toEqual([200, 0]);
    expect(cast.rig.services.riskCommands).toMatchObject([
      { kind, userId: null },
      { kind, userId: null },
    ]);
  });

  it('a key halts what is its user’s own', async () => {
    const own: AskedTwice = { http: ['POST', '/v1/halt', {}], rpc: risk.halt, grpc: {} };
    const { overHttp, overGrpc } = await doors.ask(own, { token: adminsKey });
    expect([overHttp.status, overGrpc.code]).toEqual([200, 0]);
  });

  it('a halt that the gate does not confirm tells what was done all the same', async () => {
    const own = { level: 'cancel' };
    const { onRisk } = cast.rig.services;
    cast.rig.services.onRisk = () => Promise.reject(new Error('broken'));
    const asked: AskedTwice = { http: ['POST', '/v1/halt', own], rpc: risk.halt, grpc: own };
    const answered = await doors.ask(asked, { token: cast.owner.token, headers: { 'idempotency-key': 'brake-1' } });
    cast.rig.services.onRisk = onRisk;
    expectSameRefusal(answered, { status: 503, code: 'SERVICE_UNAVAILABLE' });
    const { bots, ordersCanceled, remaining, errors } = answered.overHttp.body;
    expect(bots).toEqual([{ bot: cast.mine.bot, verb: 'stop', code: null, text: '' }]);
    expect(errors[0].next).toContain('same Idempotency-Key');
    expect(detailOf(answered.overGrpc.trailers, risk.halt.output)).toMatchObject({
      ordersCanceled,
      remaining: { bots: remaining.bots, orders: remaining.orders, complete: remaining.complete },
    });
  });

  it('a mistyped field halts nothing, and is named', async () => {
    const { token } = cast.owner;
    const answered = await cast.rig.ask('POST', '/v1/halt', { token, body: { levl: 'flatten' } });
    expect(answered).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED', errors: [{ pointer: '/levl', next: 'Did you mean level?' }] },
    });
    expect(cast.rig.services.riskCommands).toEqual([]);
  });

  it('an edit carries the version that was read, from the body, the header or the message', async () => {
    const { mine, rig, owner } = cast;
    const path = `/v1/bots/${mine.bot}`;
    const change = { name: 'edited' };
    const asked = { http: ['PATCH', path, { ...change, version: 7 }], rpc: bots.editBot } as const;
    const both = await doors.ask({ ...asked, grpc: { id: mine.bot, ...change, version: 7 } }, { token: owner.token });
    expect([both.overHttp.status, both.overGrpc.code]).toEqual([200, 0]);
    const byHeader = await rig.ask('PATCH', path, { token: owner.token, body: change, headers: { 'if-match': '"7"' } });
    expect(byHeader.status).toBe(200);
    const edits = rig.services.commands.map(({ commandId: _, until: _until, ...command }: BotCommand) => command);
    const edit = { kind: 'edit', userId: owner.userId, botId: mine.bot, name: 'edited', parameters: {}, merge: true };
    expect(edits).toEqual(edits.map(() => ({ ...edit, expectedVersion: 7 })));
    expect(edits).toHaveLength(3);
    expect((await rig.ask('PATCH', path, { token: owner.token, body: { version: 7 } })).status).toBe(422);
  });

  it('an edit that was made to an older version is refused alike', async () => {
    const { mine, rig, owner } = cast;
    const obey = rig.services.onBot;
    const refusal = {
      code: 'VERSION_CHANGED',
      field: '/version',
      text: 'a was changed',
      allowed: '9',
      next: 'Read it.',
    };
    rig.services.onBot = async () => ({ ok: false, refusals: [refusal] });
    const change = { name: 'edited', version: 7 };
    const asked: AskedTwice = {
      http: ['PATCH', `/v1/bots/${mine.bot}`, change],
      rpc: bots.editBot,
      grpc: { id: mine.bot, ...change },
    };
    const refused = await doors.ask(asked, { token: owner.token });
    rig.services.onBot = obey;
    expectSameRefusal(refused, { status: 412, code: 'VERSION_CHANGED' });
    expect(refused.overHttp.body.errors).toMatchObject([{ pointer: '/version', allowed: '9', next: 'Read it.' }]);
  });
});

function adminOf({ actors }: Cast): string {
  const token = actors.find(({ role }) => role === 'admin')?.token;
  if (token === undefined) throw new Error('the cast has no administrator');
  return token;
}
