import { expect, it } from '@jest/globals';
import { averagePlaces, pricePlaces } from './price-places.js';

it('gives all prices of a market as many decimals as the finest of them has', () => {
  const places = pricePlaces([
    { symbol: 'ETH-USDT', price: '2999.4' },
    { symbol: 'ETH-USDT', price: '2998.63' },
    { symbol: 'BTC-USDT', price: '60000' },
    { symbol: 'BTC-USDT', price: null },
  ]);
  expect([places('ETH-USDT'), places('BTC-USDT'), places('SOL-USDT')]).toEqual([2, 0, 0]);
});

it.each([
  ['2999.923333333333', 2, 4],
  ['2999.5', 2, 1],
  ['0.0000123', 0, 7],
  [null, 2, 0],
] as const)('rounds the average %s of a market with %i decimals to %i', (average, places, wanted) => {
  expect(averagePlaces(average, places)).toBe(wanted);
});
