import { describe, expect, it } from '@jest/globals';
import type { OrderPlan } from '../generated/api.js';
import { cancelConsequence, durationWords, legText, type PlanOrder, planTerms } from './plan-words.js';

const trigger = { kind: 'stop', source: 'mid', price: '58000', distanceBps: null, activationPrice: null } as const;
const order: PlanOrder = {
  ...{ clientOrderId: 'p000000000000S0000', leg: 'stop', quantity: '0.002', filledQuantity: '0', state: 'working' },
  code: null,
};
const plan: OrderPlan = {
  ...{ id: 'plan_000000000000', account: 'demo', mode: 'demo', venue: 'sim', symbol: 'BTC-USDT', kind: 'bracket' },
  ...{ side: 'buy', quantity: '0.002', purpose: null, slices: null, intervalSeconds: null, price: null, show: null },
  entry: { type: 'limit', price: '60000', timeInForce: 'GTC', trigger: null },
  stop: { trigger, price: null },
  target: { price: '65000', source: 'last', type: 'limit' },
  ...{ status: 'protecting', final: false, reason: null, orders: [order] },
  ...{ createdAt: '2026-11-22T01:00:00.000Z', updatedAt: '2026-11-22T01:00:00.000Z' },
};

describe('the words of a plan', () => {
  it('tell its terms by kind', () => {
    expect(planTerms(plan)).toBe('limit 60,000; stop at 58,000, by the middle of the book; target 65,000');
    const bare = { ...plan, entry: null, stop: null, target: null };
    expect(planTerms({ ...bare, kind: 'twap', slices: 4, intervalSeconds: 90 })).toBe(
      '4 slices; every 1 minute 30 seconds; at the market',
    );
    expect(planTerms({ ...bare, kind: 'iceberg', price: '60000', show: '0.001' })).toBe('limit 60,000; shows 0.001');
  });

  it('tell each order with what it traded and why it ended early', () => {
    expect(legText(order)).toBe('Stop 0.002: works');
    expect(legText({ ...order, leg: 'slice', state: 'ended', filledQuantity: '0.001', code: 'VENUE_CANCELED' })).toBe(
      'Slice 0.002: over, 0.001 filled (VENUE_CANCELED)',
    );
  });

  it('say before a cancel that the protective stop goes too, and only where there is one', () => {
    expect(cancelConsequence(plan)).toMatch(/^1 order of it will be canceled\. Its protective stop goes too/);
    expect(cancelConsequence({ stop: null, orders: [] })).not.toMatch(/stop/);
  });

  it('count in the largest units', () => {
    expect([60, 3_661, 86_400].map(durationWords)).toEqual(['1 minute', '1 hour 1 minute 1 second', '1 day']);
  });
});
