import { describe, expect, it } from '@jest/globals';
import { type PlanDraft, planBody, planFaults, planPointers } from './plan-draft.js';
import { planPreview, worthOfPlan } from './plan-preview.js';

const draft: PlanDraft = {
  ...{ account: 'demo', symbol: 'BTC-USDT', side: 'buy', kind: 'limit', quantity: ' 0.002 ', price: '60000' },
  ...{ triggerPrice: '', distance: '', activationPrice: '', source: 'last', life: 'GTC', expiresAt: '' },
  ...{ reduceOnly: false, displayQuantity: '', plan: 'bracket', entryAtMarket: false, stopTrails: false },
  ...{ stopTrigger: '58000', stopDistance: '1.5', stopLimit: '', exitSource: 'last', target: '65000' },
  ...{ targetAtMarket: false, slices: '4', intervalSeconds: '90', show: '0.001' },
};
const market = { base: 'BTC', quote: 'USDT' };
const whose = { account: 'demo', symbol: 'BTC-USDT', quantity: '0.002' };
const stop = { trigger: { kind: 'stop', source: 'last', price: '58000' } };
const target = { price: '65000', source: 'last', type: 'limit' };

describe('an order plan as it is typed', () => {
  it('becomes what the API takes, without what its kind does not have', () => {
    expect(planBody(draft)).toEqual({
      ...{ ...whose, kind: 'bracket', side: 'buy', entry: { type: 'limit', price: '60000' }, stop, target },
    });
    expect(planBody({ ...draft, entryAtMarket: true, target: ' ', stopTrails: true, stopLimit: '57000' })).toEqual({
      ...{ ...whose, kind: 'bracket', side: 'buy', entry: { type: 'market' } },
      stop: { trigger: { kind: 'trailing', source: 'last', distanceBps: 150 } },
    });
    expect(planBody({ ...draft, plan: 'oco', side: 'sell', stopLimit: '57000', targetAtMarket: true })).toEqual({
      ...{ ...whose, kind: 'oco', side: 'sell', purpose: 'close', stop: { ...stop, price: '57000' } },
      target: { ...target, type: 'market' },
    });
    const sliced = { ...whose, side: 'buy', kind: 'twap', slices: 4, intervalSeconds: 90 };
    expect(planBody({ ...draft, plan: 'twap', price: '', reduceOnly: true })).toEqual({ ...sliced, purpose: 'close' });
    expect(planBody({ ...draft, plan: 'twap' })).toEqual({ ...sliced, purpose: 'open', price: '60000' });
    expect(planBody({ ...draft, plan: 'iceberg' })).toEqual({
      ...{ ...whose, side: 'buy', kind: 'iceberg', purpose: 'open', price: '60000', show: '0.001' },
    });
  });

  it.each([
    ['/entry/price', { price: '' }],
    ['/stop/trigger/price', { stopTrigger: '' }],
    ['/stop/trigger/distanceBps', { stopTrails: true, stopDistance: '80' }],
    ['/stop/price', { stopLimit: 'x' }],
    ['/target/price', { plan: 'oco', target: '' }],
    ['/slices', { plan: 'twap', slices: '1' }],
    ['/intervalSeconds', { plan: 'twap', intervalSeconds: '86401' }],
    ['/price', { plan: 'iceberg', price: '' }],
    ['/show', { plan: 'iceberg', show: '0' }],
  ] satisfies readonly (readonly [string, Partial<PlanDraft>])[])(
    'says at %s what is wrong there',
    (pointer, change) => {
      const wrong = { ...draft, ...change };
      expect(Object.keys(planFaults(wrong))).toEqual([pointer]);
      expect(planPointers(wrong)).toContain(pointer);
    },
  );

  it('has no fault where a field may stay empty', () => {
    expect(planFaults({ ...draft, target: '' })).toEqual({});
    expect(planFaults({ ...draft, entryAtMarket: true, price: '' })).toEqual({});
    expect(planFaults({ ...draft, plan: 'twap', price: '' })).toEqual({});
  });

  it('says in sentences what will happen, each exit on the other side of the entry', () => {
    expect(planPreview(draft, market).slice(0, 3)).toEqual([
      'Buys 0.002 BTC at 60,000 USDT or lower.',
      'With each of its fills, as much more is protected: it sells at whatever price there is when the last trade falls to 58,000 USDT.',
      'When the last trade rises to 65,000 USDT the stop is taken back, and it sells at 65,000 USDT or higher.',
    ]);
    expect(planPreview({ ...draft, plan: 'oco', side: 'sell', stopTrails: true }, market)[0]).toBe(
      'A stop for 0.002 BTC that you hold by hand: it sells when the last trade has fallen by 1.5 % from its best.',
    );
    expect(planPreview({ ...draft, plan: 'twap', price: '' }, market).slice(0, 2)).toEqual([
      'Buys 0.002 BTC at whatever price there is, in 4 equal slices, one every 1 minute 30 seconds.',
      'The last one begins after 4 minutes 30 seconds.',
    ]);
  });

  it('is worth its own price where it has one, else the last', () => {
    expect(worthOfPlan(draft, '61000')).toBe('120');
    expect(worthOfPlan({ ...draft, entryAtMarket: true }, '61000')).toBe('122');
    expect(worthOfPlan({ ...draft, plan: 'oco' }, null)).toBeNull();
  });
});
