import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import { GatewayRig, type Member } from './gateway-rig.js';

describeWithServers('the journal of a bot', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let botId: string;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
    const bot = aBot({ userId: owner.userId });
    botId = bot.id;
    await rig.announce(bot);
    await eventually(async () => expect((await page()).status).toBe(200));
  });
  afterAll(() => rig?.close());

  const page = (query = '') => rig.ask('GET', `/v1/bots/${botId}/journal${query}`, { token: owner.token });

  it('comes in pages, oldest first, each row as it was written', async () => {
    rig.services.journal = ['{"kind":"begin","at":1}', '{"kind":"step","at":2}', '{"kind":"step","at":3}'];
    const first = await page('?limit=2');
    expect(first.body).toMatchObject({
      data: [
        { number: 1, entry: { kind: 'begin', at: 1 } },
        { number: 2, entry: { kind: 'step', at: 2 } },
      ],
      hasMore: true,
    });
    const second = await page(`?limit=2&after=${first.body['nextCursor']}`);
    expect(second.body).toEqual({
      data: [{ number: 3, entry: { kind: 'step', at: 3 } }],
      hasMore: false,
      nextCursor: null,
    });
  });

  it('may be empty', async () => {
    rig.services.journal = [];
    expect((await page()).body).toEqual({ data: [], hasMore: false, nextCursor: null });
  });
});
