import { describe, expect, it } from '@jest/globals';
import { isDust, withoutDust } from './dust.js';
import type { Holdings, PriceRow } from './rows.js';

const rules = { quantityMin: '0.00001', notionalMin: '5' };
const price = (last: string | null, bid: string | null = null) => ({ last, bid }) as PriceRow;

describe('dust', () => {
  it.each([
    ['0.0000088', '60000', true],
    ['-0.0000088', '60000', true],
    ['0.00007', '60000', true],
    // 4.8 USDT: the average price of the venue may lie above the last one, and a flatten tries it.
    ['0.00008', '60000', false],
    ['-0.00008', '60000', false],
    ['0.001', '60000', false],
    ['0', '60000', false],
  ])('%s at %s is dust: %s', (quantity, last, dust) => {
    expect(isDust({ quantity }, rules, price(last))).toBe(dust);
  });

  it('is told by the quantity alone while there is no price, and by what is bid before the first trade', () => {
    expect(isDust({ quantity: '0.0000088' }, rules, undefined)).toBe(true);
    expect(isDust({ quantity: '0.00007' }, rules, undefined)).toBe(false);
    expect(isDust({ quantity: '0.00007' }, rules, price(null))).toBe(false);
    expect(isDust({ quantity: '0.00007' }, rules, price(null, '60000'))).toBe(true);
  });

  it('is nothing of a market whose rules are not known', () => {
    expect(isDust({ quantity: '0.0000088' }, undefined, price('60000'))).toBe(false);
  });

  it('is no position of an account, and takes no other from it', () => {
    const [small, large] = [{ symbol: 'BTC-USDT' }, { symbol: 'ETH-USDT' }];
    const accounts = [{ id: 'demo', positions: [small, large] }] as unknown as readonly Holdings[];
    const kept = withoutDust(accounts, ({ symbol }) => symbol === 'BTC-USDT');
    expect(kept).toEqual([{ id: 'demo', positions: [large] }]);
  });
});
