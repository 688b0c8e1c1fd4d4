import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RiskService } from '@scalpstorm/contracts/api';
import { RiskScope } from '@scalpstorm/model';
import { describeWithServers } from '@scalpstorm/testkit';
import { type Cast, castOf } from './actors.js';
import { demoAccount } from './api-calls.js';
import { type AskedTwice, BothDoors, expectSameRefusal } from './both-doors.js';

const { method: risk } = RiskService;
const limits = { RISK_ORDER_NOTIONAL_MAX: '500', RISK_PRICE_COLLAR_BPS: null };

describeWithServers('who tightens limits for whom, at both doors, on real servers', (servers) => {
  let cast: Cast;
  let doors: BothDoors;
  beforeAll(async () => {
    cast = await castOf(servers, { GRPC_PORT: '0' });
    doors = new BothDoors(cast.rig);
  });
  afterAll(async () => {
    doors.close();
    await cast.rig.close();
  });
  beforeEach(() => {
    cast.rig.services.riskCommands.length = 0;
  });

  const asking = (scope: string, more: object = {}): AskedTwice => {
    const body = { scope, limits, text: 'small steps', ...more };
    return { http: ['PATCH', '/v1/risk/limits', body], rpc: risk.setRiskLimits, grpc: body };
  };
  const tokenOf = (name: string): string => {
    const token = cast.actors.find((actor) => actor.name === name)?.token;
    if (token === undefined) throw new Error(`nobody is ${name}`);
    return token;
  };
  const around = () => {
    const { owner, mine } = cast;
    const wide = ['platform', 'venue:sim', `user:${owner.userId}`, `account:${demoAccount}`];
    return { account: wide, bot: [...wide, `bot:${mine.bot}`] };
  };
  const scopesAsked = () =>
    cast.rig.services.riskCommands.map((command) => 'scopes' in command && command.scopes.map(RiskScope.format));

  it('an owner tightens his bot and his account, and the gate is told what is around them', async () => {
    const { owner, mine } = cast;
    for (const scope of [`bot:${mine.bot}`, `account:${demoAccount}`]) {
      const answered = await doors.ask(asking(scope, { version: 3 }), { token: owner.token });
      expect([answered.overHttp.status, answered.overGrpc.code]).toEqual([200, 0]);
      expect(answered.overHttp.body).toMatchObject({ version: 0, data: [{ value: '10000', source: null, own: null }] });
    }
    const { account, bot } = around();
    expect(scopesAsked()).toEqual([bot, bot, account, account]);
    const wishes = [
      { name: 'RISK_ORDER_NOTIONAL_MAX', value: '500' },
      { name: 'RISK_PRICE_COLLAR_BPS', value: null },
    ];
    const told = {
      kind: 'set-limits',
      by: owner.userId,
      userId: owner.userId,
      expectedVersion: 3,
      text: 'small steps',
    };
    for (const command of cast.rig.services.riskCommands) {
      expect(command).toMatchObject(told);
      expect('wishes' in command && command.wishes.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(wishes);
    }
  });

  it('the version comes in the header, too', async () => {
    const { owner, mine } = cast;
    const body = { scope: `bot:${mine.bot}`, limits };
    const asked = { token: owner.token, body, headers: { 'if-match': '"7"' } };
    expect((await cast.rig.ask('PATCH', '/v1/risk/limits', asked)).status).toBe(200);
    expect(cast.rig.services.riskCommands).toMatchObject([{ expectedVersion: 7 }]);
  });

  it('what bounds a user, a venue or everybody is for people of role risk or admin', async () => {
    const { owner } = cast;
    for (const scope of [`user:${owner.userId}`, 'venue:sim', 'platform']) {
      const refused = await doors.ask(asking(scope), { token: owner.token });
      expectSameRefusal(refused, { status: 403, code: 'FORBIDDEN' });
      expect(cast.rig.services.riskCommands).toEqual([]);
      const answered = await doors.ask(asking(scope), { token: tokenOf('somebody of role risk') });
      expect([answered.overHttp.status, answered.overGrpc.code]).toEqual([200, 0]);
      cast.rig.services.riskCommands.length = 0;
    }
  });

  it('what is somebody else’s is not there, neither to look at nor to tighten', async () => {
    const token = tokenOf('a trader who is a stranger');
    for (const scope of around().bot.slice(2)) {
      if (!scope.startsWith('user:')) {
        expectSameRefusal(await doors.ask(asking(scope), { token }), { status: 404, code: 'NOT_FOUND' });
      }
      const looked = await cast.rig.ask('GET', `/v1/risk/limits?scope=${encodeURIComponent(scope)}`, { token });
      expect([scope, looked.status]).toEqual([scope, 404]);
    }
    expect(cast.rig.services.riskCommands).toEqual([]);
  });

  it('everybody sees their own, those of the platform and of venues, and those of what is theirs', async () => {
    const { owner } = cast;
    const query = (scope: string) => `/v1/risk/limits?scope=${encodeURIComponent(scope)}`;
    for (const scope of ['venue:sim', ...around().bot.slice(2)]) {
      const asked: AskedTwice = { http: ['GET', query(scope), undefined], rpc: risk.listRiskLimits, grpc: { scope } };
      const { overHttp, overGrpc } = await doors.ask(asked, { token: owner.token });
      expect([scope, overHttp.status, overGrpc.code]).toEqual([scope, 200, 0]);
    }
    cast.rig.services.riskCommands.length = 0;
    await cast.rig.ask('GET', '/v1/risk/limits', { token: owner.token });
    expect(scopesAsked()).toEqual([['platform', `user:${owner.userId}`]]);
  });

  it('what is changed since it was read is a 412', async () => {
    const { onRisk } = cast.rig.services;
    const refusal = {
      code: 'LIMITS_VERSION_CHANGED',
      field: '/version',
      text: 'Changed.',
      allowed: '',
      next: 'Read them again.',
    };
    cast.rig.services.onRisk = async () => ({ ok: false, refusals: [refusal] });
    const refused = await doors.ask(asking(`bot:${cast.mine.bot}`), { token: cast.owner.token });
    cast.rig.services.onRisk = onRisk;
    expectSameRefusal(refused, { status: 412, code: 'LIMITS_VERSION_CHANGED' });
  });

  it('a change of nothing is refused', async () => {
    const { overHttp } = await doors.ask(asking(`bot:${cast.mine.bot}`, { limits: {} }), { token: cast.owner.token });
    expect(overHttp).toMatchObject({ status: 422, body: { errors: [{ pointer: '/limits' }] } });
  });
});
