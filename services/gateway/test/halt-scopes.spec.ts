import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountChanged } from '@scalpstorm/contracts';
import { RiskService } from '@scalpstorm/contracts/api';
import { AccountId, BotId, InstrumentId, Quantity, VenueId } from '@scalpstorm/model';
import { aBot, anAccount, describeWithServers, eventually } from '@scalpstorm/testkit';
import { BothDoors } from './both-doors.js';
import { GatewayRig, type Member, meta } from './gateway-rig.js';

const [first, second] = [BotId.of('bot_scoped01'), BotId.of('bot_scoped02')];

describeWithServers('the brake of a scope, and the proof that nothing is open, on real servers', (servers) => {
  let rig: GatewayRig;
  let doors: BothDoors;
  let owner: Member;
  let other: Member;
  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    doors = new BothDoors(rig);
    owner = await rig.setUp();
    other = await rig.addUser(owner.token, 'other@example.com');
    for (const id of [first, second]) {
      await rig.announce(aBot({ id, userId: owner.userId, desired: 'running', observed: 'running' }));
    }
    const account = anAccount({ id: AccountId.of('demo'), venue: VenueId.of('sim') });
    await rig.speakers.execution.bus.send(accountChanged, { meta: meta(), account, balances: [], positions: [] });
    await eventually(async () =>
      expect((await rig.ask('GET', `/v1/bots/${second}`, { token: owner.token })).status).toBe(200),
    );
    await eventually(async () =>
      expect((await rig.ask('GET', '/v1/accounts', { token: owner.token })).body.data).toHaveLength(1),
    );
  });
  afterAll(async () => {
    doors.close();
    await rig.close();
  });

  const halt = (scope: string, member = owner, level = 'cancel') =>
    rig.ask('POST', '/v1/halt', { token: member.token, body: { scope, level, text: 'storm' } });

  it('halts one bot, tells no other, and releases what it has halted', async () => {
    const { status, body } = await halt(`bot:${first}`);
    expect([status, body.state, body.scope]).toEqual([200, 'halted', `bot:${first}`]);
    expect(body.bots.map(({ bot }: { bot: string }) => bot)).toEqual([first]);
    const said = { kind: 'set', state: 'halted', scope: { kind: 'bot', id: first }, level: 'cancel', by: owner.userId };
    expect(rig.services.riskCommands.at(-1)).toMatchObject(said);
    const released = await rig.ask('POST', '/v1/release', { token: owner.token, body: { scope: `bot:${first}` } });
    expect([released.status, released.body.state]).toEqual([200, 'active']);
    expect(rig.services.riskCommands.at(-1)).toMatchObject({ kind: 'set', state: 'active', scope: said.scope });
  });

  it('reaches every bot of an account and of a venue, also while market-data is away', async () => {
    const { onInstruments } = rig.services;
    rig.services.onInstruments = () => new Promise(() => {});
    for (const scope of ['account:demo', 'venue:sim']) {
      const { status, body } = await halt(scope);
      expect([scope, status]).toEqual([scope, 200]);
      expect(body.bots.map(({ bot }: { bot: string }) => bot)).toEqual([first, second]);
    }
    rig.services.onInstruments = onInstruments;
  });

  it('is refused to whoever it is not, and for what is no scope', async () => {
    for (const scope of [`bot:${first}`, 'account:demo']) expect((await halt(scope, other)).status).toBe(404);
    for (const scope of ['platform', 'venue:sim']) expect((await halt(scope, other)).status).toBe(403);
    expect((await halt('everything')).body).toMatchObject({ code: 'VALIDATION_FAILED' });
    const proof = await rig.ask('GET', '/v1/halt/proof?scope=platform', { token: other.token });
    expect(proof.status).toBe(403);
  });

  it('proves through both doors what execution says, and nothing while execution is silent', async () => {
    const order = { ...{ instrumentId: InstrumentId.of('sim', 'BTC-USDT'), clientOrderId: 'web_1' } };
    const why = { planId: null, code: 'PLACED_ELSEWHERE', text: 'nobody placed it here' };
    const row = { ...order, side: 'buy' as const, quantity: Quantity.of('1'), botId: null, ...why, ours: false };
    const { onFlat } = rig.services;
    rig.services.onFlat = async ({ accountIds, scopes }) => ({
      accounts: accountIds.map((accountId) => ({ accountId, code: '', text: '', orders: [row], positions: [] })),
      halted: scopes.length === 1,
    });
    const asked = { http: ['GET', '/v1/halt/proof?scope=platform'], rpc: RiskService.method.getHaltProof } as const;
    const { overHttp, overGrpc } = await doors.ask({ ...asked, grpc: { scope: 'platform' } }, owner);
    const found = { scope: 'platform', flat: false, halted: true, openOrders: 1, unproven: [] };
    expect([overHttp.status, overHttp.body]).toMatchObject([200, found]);
    expect(overGrpc.code).toBe(0);
    rig.services.onFlat = () => new Promise(() => {});
    const silent = rig.ask('GET', '/v1/halt/proof?scope=account:demo', { token: owner.token });
    expect((await silent).body).toMatchObject({ flat: null, halted: false, unproven: [{ account: 'demo' }] });
    rig.services.onFlat = onFlat;
    const own = await rig.ask('GET', '/v1/halt/proof', { token: other.token });
    expect(own.body).toMatchObject({ scope: 'mine', flat: true, openOrders: 0 });
  });
});
