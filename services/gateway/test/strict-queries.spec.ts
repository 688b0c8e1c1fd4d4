import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { operationIds, routeOf } from './api-calls.js';
import { type Answered, GatewayRig } from './gateway-rig.js';

const unknownIn = ({ body }: Answered): Readonly<Record<string, string>> | undefined =>
  body.errors.find(({ code }: { code: string }) => code === 'UNKNOWN_PARAMETER');

describeWithServers('what stands behind the question mark, on real servers', (servers) => {
  let rig: GatewayRig;
  let token: string;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    ({ token } = await rig.setUp());
  });
  afterAll(() => rig.close());

  it('is refused by every operation when nobody reads it, with its name', async () => {
    for (const id of operationIds) {
      const { method, path } = routeOf(id);
      const answered = await rig.ask(method, `${path.replace(/:\w+/g, 'x')}?nobodyReadsThis=1`, { token });
      const error = unknownIn(answered);
      expect([id, answered.status, error?.pointer, error?.code]).toEqual([
        id,
        422,
        '/nobodyReadsThis',
        'UNKNOWN_PARAMETER',
      ]);
    }
  });

  it.each([
    ['/v1/fills?bott=bot_00000001', 'bot', 'limit, after, bot'],
    ['/v1/bots?limt=1', 'limit', 'limit, after'],
    ['/v1/orders?colour=red', null, 'limit, after, bot, status'],
    ['/v1/activity?levl=INFO', 'level', 'limit, after, bot, level'],
    ['/v1/candles?instrument=sim:BTC-USDT&timefrme=1m', 'timeframe', 'instrument, timeframe, limit'],
  ])('%s says what was meant and what there is', async (path, meant, allowed) => {
    const answered = await rig.ask('GET', path, { token });
    expect(answered.status).toBe(422);
    expect(unknownIn(answered)).toMatchObject({
      allowed,
      next: meant === null ? 'Remove it.' : `Did you mean ${meant}?`,
    });
  });

  it('is read where it is known', async () => {
    for (const path of ['/v1/orders?status=open&limit=1', '/v1/fills?limit=3', '/v1/activity?level=INFO'])
      expect((await rig.ask('GET', path, { token })).status).toBe(200);
  });
});
