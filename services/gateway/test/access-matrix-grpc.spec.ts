import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BotId, UserId } from '@scalpstorm/model';
import { describeWithServers } from '@scalpstorm/testkit';
import { grpcStatusOf } from '../src/handlers/grpc/grpc-problems.js';
import { actsForAnybody, type Cast, castOf, destructive, expected } from './actors.js';
import { aimedCalls, type Named, ofOwner } from './aimed-calls.js';
import { settle } from './api-calls.js';
import { askedTwice, asTwice, BothDoors, boundMethods, expectSameRefusal, textOf } from './both-doors.js';

const refusals = new Map(([401, 403, 404] as const).map((status) => [grpcStatusOf(status) as number, status]));

describeWithServers('who may do what over gRPC, on real servers', (servers) => {
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

  it.each(boundMethods.filter(([, , { route }]) => route.access !== 'public'))('%s, as %s', async (_, id, method) => {
    const { rig, owner, actors, marks } = cast;
    const outcomes: [string, number | 'pass'][] = [];
    for (const actor of actors) {
      const wanted = expected(actor, id);
      const target = wanted === 'pass' && destructive.includes(id) ? await settle(rig, owner) : cast.mine;
      const before = rig.services.commands.length;
      const { http, rpc, grpc } = askedTwice(method, target);
      const answered = await doors.overGrpc(rpc, grpc, { token: actor.token });
      if (wanted !== 'pass') {
        const overHttp = await rig.ask(http[0], http[1], { token: actor.token, body: http[2] });
        expectSameRefusal({ overHttp, overGrpc: answered }, { status: wanted, code: overHttp.body.code });
      }
      outcomes.push([actor.name, refusals.get(answered.code) ?? 'pass']);
      if (wanted !== 'pass') expect([actor.name, rig.services.commands.length]).toEqual([actor.name, before]);
      if (wanted === 'pass' && actor.owns && id !== 'changePassword')
        expect([actor.name, answered.code]).toEqual([actor.name, 0]);
      const shown = textOf([answered.reply, answered.problem]);
      if (!actor.owns && !actsForAnybody(actor, id)) for (const mark of marks) expect(shown).not.toContain(mark);
    }
    expect(outcomes).toEqual(actors.map((actor) => [actor.name, expected(actor, id)]));
  });

  it.each(aimedCalls)('%s %s of somebody else is as of one that is not there', async (id, _, status, call) => {
    const { rig, actors, mine } = cast;
    const method = boundMethods.find(([, bound]) => bound === id)?.[2];
    if (method === undefined) throw new Error(`${id} has no call of gRPC`);
    const token = actors.find(({ name }) => name === 'a trader who is a stranger')?.token;
    const ask = (named: Named) => doors.ask(asTwice(method, call(named)), { token: token ?? '' });
    const theirs = ofOwner(mine);
    const missing: Named = { bot: BotId.of('bot_missing1'), userId: UserId.of('usr_missing'), account: 'missing' };
    const before = [...rig.services.riskCommands, ...rig.services.commands].length;
    const [answered, none] = [await ask(theirs), await ask(missing)];
    const { code } = none.overHttp.body;
    expectSameRefusal(answered, { status, code });
    // Nothing but what was asked for by name differs.
    const told = ({ overHttp }: typeof answered, { account }: Named) =>
      JSON.stringify({ ...overHttp.body, instance: '', request_id: '' }).replaceAll(` ${account}`, '');
    expect(told(answered, theirs)).toBe(told(none, missing));
    expect([...rig.services.riskCommands, ...rig.services.commands]).toHaveLength(before);
  });
});
