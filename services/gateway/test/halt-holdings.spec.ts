import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BotId, Quantity } from '@scalpstorm/model';
import { aBot, aBotTotals, describeWithServers, eventually } from '@scalpstorm/testkit';
import { GatewayRig } from './gateway-rig.js';

describeWithServers('a halt that goes further than the one before it, on real servers', (servers) => {
  let rig: GatewayRig;
  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
  });
  afterAll(() => rig.close());

  it('flattens also a bot that was stopped while it held something, and leaves one alone that holds nothing', async () => {
    const { token, userId } = await rig.setUp();
    const holds = BotId.of('bot_stopped1');
    const flat = BotId.of('bot_stopped2');
    const still = { userId, desired: 'stopped', observed: 'stopped' } as const;
    await rig.announce(aBot({ ...still, id: holds, totals: aBotTotals({ held: Quantity.of('0.5') }) }));
    await rig.announce(aBot({ ...still, id: flat, totals: aBotTotals({ held: Quantity.of('0') }) }));
    const shown = async (bot: BotId) => (await rig.ask('GET', `/v1/bots/${bot}`, { token })).status;
    await eventually(async () => expect([await shown(holds), await shown(flat)]).toEqual([200, 200]));
    const told = async (level: string) => {
      const { body } = await rig.ask('POST', '/v1/halt', { token, body: { level } });
      return body.bots.map((row: { bot: string }) => row.bot);
    };
    expect(await told('cancel')).toEqual([]);
    expect(await told('flatten')).toEqual([holds]);
  });
});
