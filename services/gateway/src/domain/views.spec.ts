import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Money, PlanId, Price, Quantity } from '@scalpstorm/model';
import { aBot, aCycle, aFill, anOrder, anOrderRequest } from '@scalpstorm/testkit';
import { botView, cycleView, fillView, orderView } from './views.js';

describe('what clients see', () => {
  it('is a bot with exact texts and its reason', () => {
    const bot = aBot();
    const view = botView({
      ...bot,
      totals: { ...bot.totals, pnl: Money.of('-0.000000000000000001', 'USDT'), held: Quantity.of('0.000000000001') },
    });
    expect(view).toMatchObject({
      id: bot.id,
      pnl: '-0.000000000000000001',
      held: '0.000000000001',
      currency: 'USDT',
      venue: 'sim',
      symbol: 'BTC-USDT',
    });
    expect(view.reason).toEqual(bot.reason);
  });

  it('is an average price only when something was filled', () => {
    expect(orderView(anOrder()).averagePrice).toBeNull();
    const filled = anOrder({ filledQuantity: Quantity.of('0.03'), filledNotional: Money.of('1500.10', 'USDT') });
    expect(orderView(filled).averagePrice).toBe('50003.333333333333');
  });

  it('is no price for a market order', () => {
    expect(orderView(anOrder({ request: anOrderRequest({ type: 'market', price: null }) })).price).toBeNull();
  });

  it('is an order that names its plan, and one of none does not', () => {
    const planId = PlanId.of('plan_000000000001');
    const clientOrderId = PlanId.childOf({ planId, leg: 'stop', attempt: 0 });
    expect(orderView(anOrder({ request: anOrderRequest({ clientOrderId }) })).plan).toBe(planId);
    expect(orderView(anOrder()).plan).toBeNull();
  });

  it('is a fee in a third currency with what it was worth, and the price and time by which that is known', () => {
    const fee = Money.of('0.01', 'BNB');
    const priced = { price: Price.of('600.10'), at: Timestamp.fromMillis(1_700_000_000_000) };
    const valued = { fee, value: Money.of('6.001', 'USDT'), priced };
    const unknown = { fee, value: null, priced: null };
    expect(cycleView(aCycle({ otherFees: [valued, unknown] })).otherFees).toEqual([
      {
        fee: { amount: '0.01', currency: 'BNB' },
        value: { amount: '6.001', currency: 'USDT' },
        priced: { price: '600.1', at: '2023-11-14T22:13:20.000Z' },
      },
      { fee: { amount: '0.01', currency: 'BNB' }, value: null, priced: null },
    ]);
  });

  it('is a fill with its fee in the currency that was taken', () => {
    const fill = aFill({ price: Price.of('50000.10'), fee: Money.of('0.00001', 'BTC') });
    expect(fillView(fill, anOrderRequest())).toMatchObject({
      price: '50000.1',
      fee: { amount: '0.00001', currency: 'BTC' },
    });
  });
});
