import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RiskService } from '@scalpstorm/contracts/api';
import { describeWithServers } from '@scalpstorm/testkit';
import { type Cast, castOf } from './actors.js';
import { demoAccount } from './api-calls.js';
import { type AskedTwice, BothDoors, expectSameRefusal } from './both-doors.js';

const { method: risk } = RiskService;

describeWithServers('who says what holds for whom, at both doors, on real servers', (servers) => {
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

  const asking = (scope: string, state = 'reducing'): AskedTwice => {
    const body = { scope, state, text: 'calm down' };
    return { http: ['POST', '/v1/risk/state', body], rpc: risk.setRiskState, grpc: body };
  };
  const tokenOf = (name: string): string => {
    const token = cast.actors.find((actor) => actor.name === name)?.token;
    if (token === undefined) throw new Error(`nobody is ${name}`);
    return token;
  };
  const ask = (scope: string, token: string, state?: string) => doors.ask(asking(scope, state), { token });

  it('a user says it of himself, his account and his bot, and the gate is told whose they are', async () => {
    const { owner, mine } = cast;
    for (const scope of [`user:${owner.userId}`, `account:${demoAccount}`, `bot:${mine.bot}`]) {
      const { overHttp, overGrpc } = await ask(scope, owner.token);
      expect([overHttp.status, overGrpc.code]).toEqual([200, 0]);
      expect(overHttp.body).toMatchObject({
        scope,
        state: 'reducing',
        text: 'calm down',
        by: owner.userId,
        operator: false,
      });
      expect(overGrpc.reply).toMatchObject({ state: { scope, state: 'reducing', by: owner.userId } });
    }
    const told = { kind: 'set', state: 'reducing', by: owner.userId, operator: false, userId: owner.userId };
    expect(cast.rig.services.riskCommands).toHaveLength(6);
    for (const command of cast.rig.services.riskCommands) expect(command).toMatchObject(told);
  });

  it('what is somebody else’s is not there for a trader, and is for people of role risk', async () => {
    const { owner, mine } = cast;
    for (const scope of [`user:${owner.userId}`, `account:${demoAccount}`, `bot:${mine.bot}`]) {
      const refused = await ask(scope, tokenOf('a trader who is a stranger'));
      expectSameRefusal(refused, { status: 404, code: 'NOT_FOUND' });
    }
    expect(cast.rig.services.riskCommands).toEqual([]);
    const { overHttp } = await ask(`bot:${mine.bot}`, tokenOf('somebody of role risk'), 'halted');
    expect(overHttp.status).toBe(200);
    expect(cast.rig.services.riskCommands[0]).toMatchObject({ kind: 'set', operator: true, userId: owner.userId });
  });

  it.each(['platform', 'venue:sim', 'instrument:sim:BTC-USDT'])(
    '%s is for people of role risk or admin who logged in',
    async (scope) => {
      expectSameRefusal(await ask(scope, cast.owner.token), { status: 403, code: 'FORBIDDEN' });
      const adminsKey = (await cast.keyOf(tokenOf('an administrator who is a stranger'), ['read', 'trade'])).key;
      expectSameRefusal(await ask(scope, adminsKey), { status: 403, code: 'PERSON_NEEDED' });
      const { overHttp, overGrpc } = await ask(scope, tokenOf('somebody of role risk'));
      expect([overHttp.status, overGrpc.code]).toEqual([200, 0]);
      expect(cast.rig.services.riskCommands).toMatchObject([
        { kind: 'set', userId: null, operator: true },
        { kind: 'set', userId: null, operator: true },
      ]);
    },
  );

  it('the platform and venues are set to active only by who names them once more', async () => {
    // Of another person than elsewhere: nobody has more calls a minute at the brake than its budget.
    const token = tokenOf('an administrator who is a stranger');
    for (const scope of ['platform', 'venue:sim']) {
      expectSameRefusal(await ask(scope, token, 'active'), { status: 422, code: 'CONFIRMATION_MISSING' });
      expect(cast.rig.services.riskCommands).toEqual([]);
    }
    const body = { scope: 'platform', state: 'active', text: '', confirm: 'platform' };
    const asked: AskedTwice = { http: ['POST', '/v1/risk/state', body], rpc: risk.setRiskState, grpc: body };
    const { overHttp, overGrpc } = await doors.ask(asked, { token });
    expect([overHttp.status, overGrpc.code]).toEqual([200, 0]);
    expect(cast.rig.services.riskCommands).toMatchObject([{ state: 'active' }, { state: 'active' }]);
  });

  it.each(['venue:moon', 'instrument:sim:MOON-USDT', 'account:nobodys', 'bot:bot_zzzzzzzz', 'user:usr_nobody'])(
    'a word on %s, which is not there, is not taken for one that holds',
    async (scope) => {
      expectSameRefusal(await ask(scope, tokenOf('somebody of role risk')), { status: 404, code: 'NOT_FOUND' });
      expect(cast.rig.services.riskCommands).toEqual([]);
    },
  );

  it('what is no scope, and what is no state, is named', async () => {
    for (const [scope, state, pointer] of [
      ['bots', 'halted', '/scope'],
      ['platform', 'stopped', '/state'],
    ] as const) {
      const { overHttp } = await ask(scope, cast.owner.token, state);
      expect(overHttp).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    }
  });

  it('that only an operator makes it milder is a 403 with its own code', async () => {
    const { onRisk } = cast.rig.services;
    const refusal = {
      code: 'RELEASE_NEEDS_OPERATOR',
      field: '/state',
      text: 'Set by an operator.',
      allowed: '',
      next: 'Ask.',
    };
    cast.rig.services.onRisk = async () => ({ ok: false, refusals: [refusal] });
    const refused = await ask(`bot:${cast.mine.bot}`, cast.owner.token, 'active');
    cast.rig.services.onRisk = onRisk;
    expectSameRefusal(refused, { status: 403, code: 'RELEASE_NEEDS_OPERATOR' });
  });

  it('operators see what is said of everybody, users what concerns them', async () => {
    for (const [name, userId] of [
      ['somebody of role risk', null],
      ['the owner', cast.owner.userId],
    ] as const) {
      cast.rig.services.riskCommands.length = 0;
      const { status, body } = await cast.rig.ask('GET', '/v1/risk/state', { token: tokenOf(name) });
      expect([status, body.states]).toEqual([200, []]);
      expect(cast.rig.services.riskCommands.find(({ kind }) => kind === 'states')).toMatchObject({ userId });
    }
  });
});
