import { describe, expect, it } from '@jest/globals';
import { activityText } from './activity-text.js';
import { nameFault, nameSuggestion } from './bot-name.js';
import { denialFigures } from './denial-figures.js';
import { limitLabel, limitText } from './limit-words.js';
import { parameterLines } from './parameter-lines.js';
import type { Order } from './rows.js';
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
    const prices = { exit: { from: 'entry', unit: 'ticks', offset: '1682' }, entry: { fixed: '40000' } };
    expect(parameterLines(undefined, prices).map(({ text }) => text)).toEqual(['1682 ticks from entry', '40000']);
  });

  it('tell the name of a bot once in a line of the log', () => {
    expect(activityText('my-bot: running', 'my-bot')).toBe('running');
    expect(activityText('my-bot-2: running', 'my-bot')).toBe('my-bot-2: running');
    expect(activityText('Trading is halted', null)).toBe('Trading is halted');
  });

  it('tell a limit of a refusal where it is a figure, and not where it is a state', () => {
    const denied = (limit: string, value: string) => denialFigures({ limit, value } as Order['denial']);
    expect(denied('active', 'halted')).toEqual({ limit: '', value: '' });
    expect(denied('5000', '6000')).toEqual({ limit: '5000', value: '6000' });
    expect(denialFigures(null)).toEqual({ limit: '', value: '' });
  });

  it('draw a flat course in the middle, and nothing of a single price', () => {
    expect(sparkPath(['1'])).toBe('');
    expect(sparkPath(['5', '5'])).toBe('M0.00,16.00 L100.00,16.00');
    expect(sparkPath(['1', '2'])).toBe('M0.00,30.00 L100.00,2.00');
  });
});
