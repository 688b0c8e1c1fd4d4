import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountChanged } from '@scalpstorm/contracts';
import { AccountId, BotId, InstrumentId, Price, Quantity } from '@scalpstorm/model';
import {
  aBot,
  aBotTotals,
  anAccount,
  anInstrument,
  aPosition,
  describeWithServers,
  eventually,
} from '@scalpstorm/testkit';
import { GatewayRig, type Member, meta } from './gateway-rig.js';

describeWithServers('a halt that goes further than the one before it, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
  });
  afterAll(() => rig.close());

  it('flattens also a bot that was stopped while it held something, and leaves one alone that holds nothing', async () => {
    const { token, userId } = owner;
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

  it('names what a deleted bot holds at each flatten, but not dust, which its deletion has told', async () => {
    const { token, userId } = await rig.addUser(owner.token, 'deleter@example.com');
    const botId = BotId.of('bot_deleted1');
    await rig.announce(aBot({ id: botId, userId, desired: 'stopped', observed: 'stopped' }), true);
    await rig.sql(`INSERT INTO account_owners (account_id, user_id) VALUES ('ofdeleter', '${userId}')`);
    const account = anAccount({ id: AccountId.of('ofdeleter') });
    const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
    rig.services.onInstruments = async () => ({
      instruments: [anInstrument({ id: instrumentId })],
      lastPrices: [{ instrumentId, price: Price.of('60000') }],
    });
    const left = async (held: string) => {
      const positions = [aPosition({ accountId: account.id, botId, instrumentId, quantity: Quantity.of(held) })];
      await rig.speakers.execution.bus.send(accountChanged, { meta: meta(), account, balances: [], positions });
      await eventually(async () =>
        expect((await rig.ask('GET', '/v1/positions', { token })).body.data).toMatchObject([{ quantity: held }]),
      );
      return (await rig.ask('POST', '/v1/halt', { token, body: { level: 'flatten' } })).body.remaining;
    };
    const nothing = { bots: 0, orders: 0, positions: 0, complete: true, items: [] };
    expect(await left('0.0001')).toEqual(nothing);
    const named = { kind: 'position', id: 'ofdeleter:sim:BTC-USDT', bot: botId, code: 'POSITION_OF_NO_BOT' };
    expect(await left('0.5')).toMatchObject({ positions: 1, items: [named] });
    rig.services.onInstruments = () => new Promise(() => {});
    expect(await left('0.00015')).toMatchObject({ positions: 1, complete: true, items: [named] });
  });
});
