import { expect, it } from '@jest/globals';
import { averagePlaces, pricePlaces } from './price-places.js';

const market = (symbol: string) => ({ venue: 'sim', symbol });
const row = (symbol: string, price: string | null) => ({ ...market(symbol), price });
const rows = [row('ETH-USDT', '2999.4'), row('ETH-USDT', '2998.63'), row('BTC-USDT', '60000'), row('BTC-USDT', null)];

it('gives all prices of a market as many decimals as the finest of them has', () => {
  const places = pricePlaces(rows, () => undefined);
  expect(['ETH-USDT', 'BTC-USDT', 'SOL-USDT'].map((symbol) => places(market(symbol)))).toEqual([2, 0, 0]);
  expect(places({ venue: 'binance', symbol: 'ETH-USDT' })).toBe(0);
});

it('gives them as many as the price step of the market has, whatever the list holds', () => {
  const places = pricePlaces(rows, ({ symbol }) => (symbol === 'BTC-USDT' ? { tickSize: '0.01' } : { tickSize: '1' }));
  expect(['ETH-USDT', 'BTC-USDT', 'SOL-USDT'].map((symbol) => places(market(symbol)))).toEqual([2, 2, 0]);
});

it.each([
  ['2999.923333333333', 2, 4],
  ['2999.5', 2, 2],
  ['3000', 2, 2],
  ['0.0000123', 0, 7],
  [null, 2, 2],
] as const)('rounds the average %s of a market with %i decimals to %i', (average, places, wanted) => {
  expect(averagePlaces(average, places)).toBe(wanted);
});
