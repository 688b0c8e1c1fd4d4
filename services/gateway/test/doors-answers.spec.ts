import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { destructive } from './actors.js';
import { type Belongings, settle } from './api-calls.js';
import { askedTwice, BothDoors, boundMethods, expectSameAnswer, expectSameRefusal, textOf } from './both-doors.js';
import { GatewayRig, type Member, password } from './gateway-rig.js';

/** These answer with the time; of the states, because nobody ever set the state of a test. */
const inexact = ['GetHaltProof', 'GetVersion', 'GetRiskState', 'GetTradingState'];

describeWithServers('every call at both doors, on real servers', (servers) => {
  let rig: GatewayRig;
  let doors: BothDoors;
  let owner: Member;
  let mine: Belongings;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, {
      GRPC_PORT: '0',
      REQUESTS_PER_SECOND_PER_USER: '10000',
      REQUESTS_PER_SECOND_PER_ADDRESS: '10000',
    });
    doors = new BothDoors(rig);
    owner = await rig.setUp();
    mine = await settle(rig, owner);
  });
  afterAll(async () => {
    doors.close();
    await rig.close();
  });

  const session = async (): Promise<string> =>
    (await rig.ask('POST', '/v1/auth/login', { body: { email: 'owner@example.com', password } })).body.refreshToken;

  it.each(boundMethods)('%s is answered as %s', async (_, id, method) => {
    const asked = askedTwice(method, mine);
    const [verb, path, body] = asked.http;
    if (id === 'setUp') {
      expectSameRefusal(await doors.ask(asked), { status: 409, code: 'ALREADY_SET_UP' });
      return;
    }
    if (id === 'changePassword') {
      const answered = await doors.ask(asked, { token: owner.token });
      expectSameRefusal(answered, { status: 422, code: answered.overHttp.body.code });
      return;
    }
    // What is gone or used up after the first is had twice.
    if (id === 'refresh') {
      const overHttp = await rig.ask(verb, path, { body: { refreshToken: await session() } });
      const overGrpc = await doors.overGrpc(method.rpc, { refreshToken: await session() });
      expectSameAnswer({ overHttp, overGrpc }, method, { exact: false });
      return;
    }
    const other = destructive.includes(id) ? await settle(rig, owner) : mine;
    const own = destructive.includes(id) ? askedTwice(method, await settle(rig, owner)) : asked;
    const overHttp = await rig.ask(own.http[0], own.http[1], { token: owner.token, body: own.http[2] ?? body });
    const again = askedTwice(method, other);
    const overGrpc = await doors.overGrpc(method.rpc, again.grpc, { token: owner.token });
    const exact = method.route.method === 'GET' && !inexact.includes(method.rpc.name);
    expectSameAnswer({ overHttp, overGrpc }, method, { exact });
  });

  it('a secret of a venue that came over gRPC is sealed for execution, and nowhere else', async () => {
    const secret = 'planted-secret-of-grpc';
    const account = { label: 'By gRPC', venue: 'sim', mode: 'demo', apiKey: 'k', secret };
    const method = boundMethods.find(([name]) => name === 'AddVenueAccount')?.[2];
    if (method === undefined) throw new Error('there is no such call');
    const headers = { 'idempotency-key': 'sealed-1' };
    const answered = await doors.overGrpc(method.rpc, account, { token: owner.token, headers });
    expect(answered.code).toBe(0);
    expect(rig.services.venueAccounts.opened.at(-1)).toContain(secret);
    const kept = textOf([answered.reply, rig.log.lines, await rig.sql('select * from idempotency_keys')]);
    expect(kept).not.toContain(secret);
    // The hash of the ledger is keyed as over HTTP, so the key is known there.
    const repeat = await rig.ask('POST', '/v1/venue-accounts', { token: owner.token, body: account, headers });
    expect([repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  });
});
