import { describe, expect, it } from '@jest/globals';
import { distanceBps, draftFaults, livesOf, type OrderDraft, orderBody, orderKinds } from './order-draft.js';
import { previewOf, worthOfDraft } from './order-preview.js';

const now = Date.parse('2026-11-22T10:00:00.000Z');
const draft: OrderDraft = {
  ...{ account: 'demo', symbol: 'BTC-USDT', side: 'sell', kind: 'limit', quantity: ' 0.002 ', price: '61000' },
  ...{ triggerPrice: '59000', distance: '1.5', activationPrice: '', source: 'last', life: 'GTC', expiresAt: '' },
  ...{ reduceOnly: false, displayQuantity: '' },
};
const market = { base: 'BTC', quote: 'USDT' };
const plain = { account: 'demo', symbol: 'BTC-USDT', side: 'sell', quantity: '0.002', purpose: 'open' };

describe('an order by hand as it is typed', () => {
  it('becomes what the API takes, without what its kind does not have', () => {
    expect(orderBody(draft)).toEqual({ ...plain, type: 'limit', price: '61000', timeInForce: 'GTC' });
    expect(orderBody({ ...draft, kind: 'market', life: 'PO', reduceOnly: true })).toEqual({
      ...{ ...plain, type: 'market', timeInForce: 'GTC', purpose: 'close' },
    });
    expect(orderBody({ ...draft, kind: 'stop-limit', source: 'mark' })).toMatchObject({
      ...{ type: 'limit', price: '61000', trigger: { kind: 'stop', source: 'mark', price: '59000' } },
    });
    expect(orderBody({ ...draft, kind: 'trailing', activationPrice: '62000' })).toMatchObject({
      ...{ type: 'market', trigger: { kind: 'trailing', distanceBps: 150, activationPrice: '62000' } },
    });
  });

  it('sends its end as an instant, and what others see only where it rests', () => {
    const expiresAt = '2026-11-22T14:30';
    const hidden = { ...draft, displayQuantity: '0.001' };
    expect(orderBody({ ...hidden, life: 'GTD', expiresAt })).toMatchObject({
      ...{ timeInForce: 'GTD', expiresAt: new Date(expiresAt).toISOString(), displayQuantity: '0.001' },
    });
    expect(orderBody({ ...hidden, life: 'IOC', expiresAt })).not.toHaveProperty('displayQuantity');
    expect(orderBody({ ...hidden, life: 'IOC', expiresAt })).not.toHaveProperty('expiresAt');
  });

  it('is offered only lives that fit its kind', () => {
    expect(orderKinds.filter(({ kind }) => livesOf(kind).includes('PO')).map(({ kind }) => kind)).toEqual(['limit']);
    expect(livesOf('market')).toEqual(['GTC']);
  });

  it('names what is wrong by the API’s own names of the fields', () => {
    expect(draftFaults(draft, now)).toEqual({});
    const empty = { ...draft, account: '', symbol: '', quantity: '', price: '1,5' };
    expect(Object.keys(draftFaults(empty, now))).toEqual(['/account', '/symbol', '/quantity', '/price']);
    expect(draftFaults({ ...draft, kind: 'stop', triggerPrice: '0' }, now)).toHaveProperty(['/trigger/price']);
    expect(draftFaults({ ...draft, kind: 'trailing', distance: '0.001' }, now)).toHaveProperty([
      '/trigger/distanceBps',
    ]);
    expect(draftFaults({ ...draft, life: 'GTD' }, now)['/expiresAt']).toBe('Until when is it good?');
    expect(draftFaults({ ...draft, life: 'GTD', expiresAt: '2020-01-01T00:00' }, now)['/expiresAt']).toBe(
      'This is over already.',
    );
    // What belongs to another kind is nobody's fault.
    expect(draftFaults({ ...draft, kind: 'market', price: 'x', displayQuantity: 'x' }, now)).toEqual({});
  });

  it('turns percent into whole basis points, exactly', () => {
    expect(['1.5', '0.07', '50', ' 2 '].map(distanceBps)).toEqual([150, 7, 5000, 200]);
    expect(['', '0', '0.001', '50.01', '-1', 'x'].map(distanceBps)).toEqual([null, null, null, null, null, null]);
  });
});

describe('the preview of an order', () => {
  it('says what happens, in the order in which it does', () => {
    expect(previewOf(draft, market)).toEqual([
      'Sells 0.002 BTC at 61,000 USDT or higher.',
      'It rests until it is filled or canceled.',
      'The risk gate judges it against your limits first.',
    ]);
    expect(previewOf({ ...draft, kind: 'stop', reduceOnly: true }, market)[0]).toBe(
      'Waits until the last trade falls to 59,000 USDT, then sells 0.002 BTC at whatever price there is.',
    );
    expect(previewOf({ ...draft, kind: 'take-profit', side: 'buy', source: 'mid' }, market)[0]).toBe(
      'Waits until the middle of the book falls to 59,000 USDT, then buys 0.002 BTC at whatever price there is.',
    );
    expect(previewOf({ ...draft, kind: 'trailing', activationPrice: '62000' }, market)[0]).toBe(
      'Follows the last trade from 62,000 USDT on until it has fallen by 1.5 % from its best, then sells 0.002 BTC at whatever price there is.',
    );
    expect(
      previewOf({ ...draft, displayQuantity: '0.001', life: 'GTD', expiresAt: '2026-11-22T14:30' }, market),
    ).toContain('Others see 0.001 BTC of it at a time.');
  });

  it('is worth what its own price says, else that of its trigger, else the last', () => {
    expect(worthOfDraft(draft, '60000')).toBe('122');
    expect(worthOfDraft({ ...draft, kind: 'stop' }, '60000')).toBe('118');
    expect(worthOfDraft({ ...draft, kind: 'market' }, '60000')).toBe('120');
    expect(worthOfDraft({ ...draft, kind: 'market' }, null)).toBeNull();
  });
});
