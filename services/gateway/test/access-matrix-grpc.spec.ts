import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { grpcStatusOf } from '../src/handlers/grpc/grpc-problems.js';
import { actsForAnybody, type Cast, castOf, destructive, expected } from './actors.js';
import { settle } from './api-calls.js';
import { askedTwice, BothDoors, boundMethods, expectSameRefusal, textOf } from './both-doors.js';

const refusals = new Map(([401, 403, 404] as const).map((status) => [grpcStatusOf(status) as number, status]));

describeWithServers('who may do what over gRPC, on real servers', (servers) => {
  let cast: Cast;
  let doors: BothDoors;

  beforeAll(async () => {
    cast = await castOf(servers, { GRPC_PORT: '0' });
    doors = new BothDoors(cast.rig);
  }, 90_000);
  afterAll(async () => {
    doors.close();
    await cast.rig.close();
  });

  it.each(boundMethods.filter(([, , { route }]) => route.access !== 'public'))(
    '%s, as %s',
    async (_, id, method) => {
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
    },
    60_000,
  );
});
