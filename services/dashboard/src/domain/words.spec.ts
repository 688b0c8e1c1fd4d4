import { describe, expect, it } from '@jest/globals';
import { nameFault, nameSuggestion } from './bot-name.js';
import { limitLabel, limitText } from './limit-words.js';
import { parameterLines } from './parameter-lines.js';
import { sparkPath } from './spark-path.js';
import { age, ago, fineAge } from './time.js';

describe('words for people', () => {
  it('tell an age in the unit that fits', () => {
    expect([400, 3_000, 42_000, 300_000, 3_660_000, 90_000_000].map(age)).toEqual([
      '0 s',
      '3 s',
      '42 s',
      '5 min',
      '1 h 1 min',
      '1 d 1 h',
    ]);
    expect([400, 12_345].map(fineAge)).toEqual(['0.4 s', '12 s']);
    expect(ago(null, 0)).toBe('never');
    expect(ago('1970-01-01T00:00:01.000Z', 4_900)).toBe('3 s ago');
  });

  it('say what is wrong with a name and suggest one that is right', () => {
    expect(nameFault('my-bot-2')).toBeNull();
    expect(nameFault('My Bot')).toContain('Perhaps my-bot?');
    expect(nameFault('')).toBe('Give it a name.');
    expect(nameSuggestion('BTC-USDT')).toBe('my-btc-usdt');
  });

  it('make a limit readable from the name of its setting', () => {
    expect(limitLabel('RISK_ORDER_NOTIONAL_MAX')).toBe('Order notional, at most');
    expect(limitLabel('RISK_MARKET_AGE_MS_MAX')).toBe('Market age, at most');
    expect(limitLabel('priceCollarBps')).toBe('Price collar');
    expect(limitText('250000', 'USDT')).toBe('250,000.00 USDT');
    expect(limitText('50', 'orders')).toBe('50 orders');
  });

  it('tell parameters in the strategy’s words, and those that it does not know as they are', () => {
    const schema = { properties: { coolDownSeconds: { title: 'Cool-down, s', type: 'integer' } } };
    expect(parameterLines(schema, { coolDownSeconds: 5, old: { a: true } })).toEqual([
      { label: 'Cool-down', text: '5 s' },
      { label: 'old', text: 'on' },
    ]);
  });

  it('draw a flat course in the middle, and nothing of a single price', () => {
    expect(sparkPath(['1'])).toBe('');
    expect(sparkPath(['5', '5'])).toBe('M0.00,16.00 L100.00,16.00');
    expect(sparkPath(['1', '2'])).toBe('M0.00,30.00 L100.00,2.00');
  });
});
