import { describe, expect, test } from '@jest/globals';
import { inferStep, splitSymbol } from './inference.js';

describe('a step inferred from values', () => {
  test.each<[string, string[], number | null]>([
    ['the last decimal of few values', ['100.50', '101.00', '99.75'], 1e6],
    ['one when all are whole', ['2', '4', '10'], 1e8],
    ['whole lots, not their common factor', ['100', '200', '1000'], 1e8],
    ['nothing when there is no value', ['0.000'], null],
    ['the finest the wire knows', ['0.00000001', '5'], 1],
  ])('is %s', (_what, texts, step) => {
    expect(inferStep(texts)).toBe(step);
  });

  test('is the common step of many values, as venues have it', () => {
    const values = Array.from({ length: 400 }, (_, index) => ((index + 1) * 0.05).toFixed(2));
    expect(inferStep(values)).toBe(5e6);
  });
});

test.each([
  ['BTCUSDT', { base: 'BTC', quote: 'USDT' }],
  ['BTCFDUSD', { base: 'BTC', quote: 'FDUSD' }],
  ['ETHBTC', { base: 'ETH', quote: 'BTC' }],
  ['1000SHIBUSDT', { base: '1000SHIB', quote: 'USDT' }],
  ['USDT', null],
  ['ABCXYZ', null],
])('%s is split at its quote currency', (symbol, split) => {
  expect(splitSymbol(symbol)).toEqual(split);
});
