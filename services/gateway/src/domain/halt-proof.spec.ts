import { describe, expect, it } from '@jest/globals';
import type { AccountFlatness, InstrumentsReply } from '@scalpstorm/contracts';
import { AccountId, BotId, InstrumentId, PlanId, Price, Quantity } from '@scalpstorm/model';
import { anInstrument } from '@scalpstorm/testkit';
import { proofOf } from './halt-proof.js';

const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const botId = BotId.of('bot_00000001');
const listing: InstrumentsReply = {
  instruments: [anInstrument({ id: instrumentId })],
  lastPrices: [{ instrumentId, price: Price.of('60000') }],
};
const at = { scope: 'platform', checkedAt: '2026-11-22T00:00:00.000Z' };

const account = (changes: Partial<AccountFlatness> = {}): AccountFlatness => ({
  ...{ accountId: AccountId.of('demo'), code: '', text: '', orders: [], positions: [] },
  ...changes,
});
const order = {
  ...{ instrumentId, clientOrderId: 'web_1', side: 'buy' as const, quantity: Quantity.of('1') },
  ...{ botId: null, planId: null, code: 'PLACED_ELSEWHERE', text: 'nobody placed it here', ours: false },
};
const held = { instrumentId, botId, planId: null, code: 'BOT_HOLDS', text: 'its bot closes it' };
const holding = (quantity: string) => ({ ...held, quantity: Quantity.of(quantity) });
const proved = (found: readonly AccountFlatness[], of: InstrumentsReply | null = listing, accounts = ['demo']) =>
  proofOf({ ...at, accounts }, { accounts: found, halted: true }, of);

describe('proof of flat', () => {
  it('is given when every account says that nothing is open', () => {
    expect(proved([account()])).toEqual({
      ...{ ...at, flat: true, halted: true, openOrders: 0 },
      ...{ orders: [], positions: [], dust: [], unproven: [] },
    });
  });

  it('counts an order that was placed elsewhere as one that is open', () => {
    expect(proved([account({ orders: [order] })])).toMatchObject({
      ...{ flat: false, openOrders: 1 },
      orders: [{ account: 'demo', clientOrderId: 'web_1', ours: false }],
    });
  });

  it('takes what no order can close for dust, while the listing says so, and for a position otherwise', () => {
    const dust = { account: 'demo', instrument: 'sim:BTC-USDT', quantity: '0.00001', bot: botId };
    const found = [account({ positions: [holding('0.00001')] })];
    expect(proved(found)).toMatchObject({ flat: true, positions: [], dust: [dust] });
    expect(proved(found, null)).toMatchObject({ flat: false, positions: [dust], dust: [] });
    expect(proved([account({ positions: [holding('0.5')] })])).toMatchObject({ flat: false, dust: [] });
  });

  it('counts what was sold by hand beyond what was bought here as flat, and says whose each row is and what to do', () => {
    const sold = { ...holding('-0.5'), botId: null, code: 'SOLD_MORE_THAN_BOUGHT', text: 'nothing is held' };
    expect(proved([account({ positions: [sold] })])).toMatchObject({
      flat: true,
      positions: [],
      dust: [{ quantity: '-0.5' }],
    });
    const planId = PlanId.of('plan_000000000001');
    const ofPlan = { ...holding('0.5'), botId: null, planId, code: 'PLAN_HOLDS', text: 'its plan sees to it' };
    const [row] = proved([account({ positions: [ofPlan] })]).positions;
    expect(row).toMatchObject({ bot: null, plan: planId, reason: 'PLAN_HOLDS: its plan sees to it' });
    expect(row?.nextStep).toMatch(/Halt at level flatten/);
  });

  it('is not known, and never flat, while one account proves nothing, whether it answers so or not at all', () => {
    const code = 'VENUE_UNREACHABLE';
    const found = proved([account({ code, text: 'timeout' })], listing, ['demo', 'silent']);
    expect(found).toMatchObject({
      flat: null,
      unproven: [
        { account: 'demo', reason: 'VENUE_UNREACHABLE: timeout' },
        { account: 'silent', reason: expect.stringMatching(/^EXECUTION_DOES_NOT_ANSWER/) },
      ],
    });
    expect(found.unproven.every(({ nextStep }) => nextStep !== '')).toBe(true);
    // What is open for certain stays so.
    expect(proved([account({ code, orders: [order] })])).toMatchObject({ flat: false, openOrders: 1 });
  });
});
