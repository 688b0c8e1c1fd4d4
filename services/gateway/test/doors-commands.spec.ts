import { fromJson, type JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BotService, NotificationService, RiskService } from '@scalpstorm/contracts/api';
import { BotId, botVerbs } from '@scalpstorm/model';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import { BothDoors, expectSameRefusal } from './both-doors.js';
import { GatewayRig, type Member } from './gateway-rig.js';

const bot = BotId.of('bot_doors001');
const newBot = {
  name: 'Storm',
  strategy: 'scalping-cycle',
  account: 'demo',
  venue: 'sim',
  symbol: 'BTC-USDT',
  mode: 'demo',
  parameters: { quantity: '0.001', levels: [1, 2], nested: { on: true } },
};
const { method: bots } = BotService;
const { method: risk } = RiskService;
const tells = (verb: (typeof botVerbs)[number]) =>
  ({ http: ['POST', `/v1/bots/${bot}/${verb}`, {}], rpc: bots[`${verb}Bot`], grpc: { id: bot } }) as const;

describeWithServers('commands at both doors, on real servers', (servers) => {
  let rig: GatewayRig;
  let doors: BothDoors;
  let owner: Member;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    doors = new BothDoors(rig);
    owner = await rig.setUp();
    await rig.announce(aBot({ id: bot, userId: owner.userId }));
    await eventually(async () =>
      expect((await rig.ask('GET', `/v1/bots/${bot}`, { token: owner.token })).status).toBe(200),
    );
  });
  afterAll(async () => {
    doors.close();
    await rig.close();
  });

  const bare = (from: number): readonly JsonObject[] =>
    rig.services.commands
      .slice(from)
      .map(({ commandId: _, until: _until, ...command }) => command as unknown as JsonObject);

  it.each(botVerbs)('%s is the same command', async (verb) => {
    const before = rig.services.commands.length;
    const { overHttp, overGrpc } = await doors.ask(tells(verb), owner);
    expect([overHttp.status, overGrpc.code]).toEqual([202, 0]);
    const [first, second] = bare(before);
    expect(first).toMatchObject({ kind: 'verb', verb, botId: bot, userId: owner.userId });
    expect(second).toEqual(first);
  });

  it('a bot is created, edited and deleted by the same commands', async () => {
    const before = rig.services.commands.length;
    const created = await doors.ask({ http: ['POST', '/v1/bots', newBot], rpc: bots.createBot, grpc: newBot }, owner);
    const ids = [created.overHttp.body.id, (created.overGrpc.reply as { bot: { id: string } }).bot.id];
    const change = { name: 'Calm', parameters: { quantity: '0.002', levels: null } };
    await rig.ask('PATCH', `/v1/bots/${ids[0]}`, { token: owner.token, body: change });
    expect((await doors.overGrpc(bots.editBot, { id: ids[1], ...change }, owner)).code).toBe(0);
    await rig.ask('DELETE', `/v1/bots/${ids[0]}`, { token: owner.token });
    expect((await doors.overGrpc(bots.deleteBot, { id: ids[1] }, owner)).code).toBe(0);
    const commands = bare(before).map((command) => ({ ...command, botId: null }));
    expect(commands.map((command) => (command as JsonObject)['kind'])).toEqual([
      ...['create', 'create', 'edit', 'edit'],
      ...['delete', 'delete'],
    ]);
    for (const index of [0, 2, 4]) expect(commands[index + 1]).toEqual(commands[index]);
  });

  it('warnings about parameters are told by both', async () => {
    const odd = { code: 'LOSES_AFTER_FEES', field: '/parameters/sellPrice', text: 'too near', next: 'Raise it.' };
    const { onBot } = rig.services;
    rig.services.onBot = async (command) => {
      const answer = await onBot(command);
      return answer.ok ? { ...answer, warnings: [odd] } : answer;
    };
    const change = { parameters: { quantity: '0.003' } };
    const created = await doors.ask({ http: ['POST', '/v1/bots', newBot], rpc: bots.createBot, grpc: newBot }, owner);
    const edited = await doors.ask(
      { http: ['PATCH', `/v1/bots/${bot}`, change], rpc: bots.editBot, grpc: { id: bot, ...change } },
      owner,
    );
    rig.services.onBot = onBot;
    for (const { overHttp, overGrpc } of [created, edited]) {
      expect(overHttp.body.warnings).toEqual([odd]);
      expect(overGrpc.reply).toMatchObject({ warnings: [odd] });
    }
  });

  it('an idempotency key of one door is known at the other', async () => {
    const asking = { token: owner.token, headers: { 'idempotency-key': 'doors-1' } };
    const before = rig.services.commands.length;
    const { overHttp, overGrpc } = await doors.ask(tells('pause'), asking);
    expect(rig.services.commands).toHaveLength(before + 1);
    expect(overGrpc.trailers.get('idempotent-replayed')).toEqual(['true']);
    expect((overGrpc.reply as { bot: { version: number } }).bot.version).toBe(overHttp.body.version);
    expectSameRefusal(await doors.ask(tells('stop'), asking), { status: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('a halt and a release are told alike', async () => {
    const halt = await doors.overGrpc(risk.halt, { text: 'storm' }, owner);
    const state = { state: 'halted', text: 'storm' };
    expect(halt.reply).toMatchObject({ tradingState: state, level: 'halt', scope: 'mine' });
    const wanted = { kind: 'halt', userId: owner.userId, text: 'storm' };
    expect(rig.services.riskCommands.at(-1)).toMatchObject(wanted);
    const released = await doors.overGrpc(risk.release, {}, owner);
    expect(released.reply).toMatchObject({ tradingState: { state: 'active' } });
  });

  it('preferences are changed by what is named, taken away by saying so, and left alone else', async () => {
    const { setPreferences } = NotificationService.method;
    const asked = (grpc: JsonObject) => doors.overGrpc(setPreferences, grpc, owner);
    const quietHours = { from: '22:00', to: '07:00' };
    const muted = [{ kind: 'order-placed', channel: 'email' }];
    for (const [grpc, body] of [
      [{ timeZone: 'Europe/Berlin' }, { timeZone: 'Europe/Berlin' }],
      [{ quietHours }, { quietHours }],
      [
        { noQuietHours: true, noSummary: true },
        { quietHours: null, summaryAt: null },
      ],
      [{ muted: { data: muted } }, { muted }],
      [{ muted: {} }, { muted: [] }],
    ] as const) {
      const before = rig.services.noticeCommands.length;
      expect((await asked(fromIt(grpc))).code).toBe(0);
      const overHttp = await rig.ask('PATCH', '/v1/notifications/preferences', { token: owner.token, body });
      expect(overHttp.status).toBe(200);
      const wishes = rig.services.noticeCommands.slice(before).filter(({ kind }) => kind === 'set-preferences');
      const [first, second] = wishes.map(({ commandId: _, ...wish }) => wish);
      expect(first).toMatchObject({ preferences: body });
      expect(second).toEqual(first);
    }
    expect(() => fromJson(setPreferences.input, { nonsense: 1 })).toThrow();
  });

  it('a key of a program passes both doors from where it may', async () => {
    const wanted = { label: 'test', scopes: ['read'], allowedAddresses: ['10.1.2.3'] };
    const { key } = (await rig.ask('POST', '/v1/api-keys', { token: owner.token, body: wanted })).body;
    const asked = { http: ['GET', '/v1/bots'], rpc: bots.listBots, grpc: {} } as const;
    expectSameRefusal(await doors.ask(asked, { token: key }), { status: 403, code: 'ADDRESS_NOT_ALLOWED' });
  });
});

const fromIt = (json: unknown): JsonObject => json as JsonObject;
