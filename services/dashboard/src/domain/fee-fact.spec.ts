import { expect, it } from '@jest/globals';
import { feeFact } from './fee-fact.js';

const usual = { makerFeeRate: '0.001', takerFeeRate: '0.001' };

it('tells the fees that the account pays, and those of the venue only as what they are', () => {
  const own = { makerFeeRate: '0.0001', takerFeeRate: '0.00075' };
  expect(feeFact(usual, own)).toEqual(['Your fee, maker / taker', '0.01 / 0.075 %']);
  expect(feeFact(usual, null)).toEqual(['Usual fee of the venue, maker / taker', '0.1 / 0.1 %']);
  expect(feeFact(usual, undefined)[1]).toBe('asking …');
});
