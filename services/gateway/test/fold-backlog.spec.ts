import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountChanged, activityLogged } from '@scalpstorm/contracts';
import { AccountId } from '@scalpstorm/model';
import { anAccount, anActivity, describeWithServers, eventually } from '@scalpstorm/testkit';
import type { RunningGateway } from '../src/start.js';
import { GatewayRig, meta } from './gateway-rig.js';

const each = 200;

describeWithServers('a gateway that comes back to a backlog', (servers) => {
  let rig: GatewayRig;
  let again: RunningGateway | undefined;
  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    await rig.setUp();
  });
  afterAll(async () => {
    // The rig's own one is closed by the spec.
    await again?.close();
    await rig.world.close();
    await rig.sql('drop schema if exists {schema} cascade');
  });

  it('folds what one service said, and what happened to one account, together and not a commit each', async () => {
    await rig.gateway.close();
    const metas = Array.from({ length: 2 * each }, () => meta());
    const account = anAccount({ id: AccountId.of('demo') });
    for (const [place, head] of metas.entries()) {
      const { bus } = place % 2 === 0 ? rig.speakers.strategy : rig.speakers.execution;
      if (place % 2 === 0) await bus.send(activityLogged, { meta: head, activity: anActivity({ text: `${place}` }) });
      else await bus.send(accountChanged, { meta: head, account, balances: [], positions: [] });
    }
    again = await rig.replica();
    const ids = metas.map(({ eventId }) => `'${eventId}'`).join();
    const folded = async () =>
      (
        await rig.sql(`select count(*)::int as events, count(distinct xmin::text)::int as commits from inbox
          where event_id in (${ids})`)
      )[0];
    await eventually(async () => expect(await folded()).toMatchObject({ events: 2 * each }));
    expect((await folded())?.['commits']).toBeLessThan(each / 2);
    // In the order in which they were said, also where they came together.
    const lines = await rig.sql(`select view->>'text' as text from activity order by sequence`);
    expect(lines.map(({ text }) => Number(text))).toEqual(Array.from({ length: each }, (_, place) => 2 * place));
    const [row] = await rig.sql('select recorded_at::text as at from accounts');
    expect(Number(row?.['at'])).toBe(Math.max(...metas.filter((_, place) => place % 2 === 1).map((m) => m.recordedAt)));
  });
});
