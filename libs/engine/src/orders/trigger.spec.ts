import { describe, expect, it } from '@jest/globals';
import { Price, type Trigger } from '@scalpstorm/model';
import { exampleRequest } from '../testing.js';
import { isReached, isSameTrigger, sourcePrice, triggerLevel, worstPrice } from './trigger.js';

const price = Price.of;
const at = (kind: 'stop' | 'take-profit', level: string): Trigger => ({ kind, price: price(level), source: 'last' });
const trailing = (distanceBps: number, activation: string | null = null): Trigger => ({
  kind: 'trailing',
  distanceBps,
  activation: activation === null ? null : price(activation),
  source: 'last',
});
const level = (side: 'buy' | 'sell', trigger: Trigger, market: string | null): string | null => {
  const found = triggerLevel({ side, trigger }, market === null ? null : price(market));
  return found === null ? null : Price.format(found);
};

describe('a trigger', () => {
  it.each([
    ['buy', 'stop', '100', true],
    ['buy', 'stop', '99.99', false],
    ['sell', 'stop', '100', true],
    ['sell', 'stop', '100.01', false],
    ['buy', 'take-profit', '100', true],
    ['buy', 'take-profit', '100.01', false],
    ['sell', 'take-profit', '100', true],
    ['sell', 'take-profit', '99.99', false],
  ] as const)('of a %s %s at 100 with the market at %s goes off: %s', (side, kind, now, reached) => {
    expect(isReached(at(kind, '100'), side, price(now))).toBe(reached);
  });

  it('that trails never goes off at once', () => {
    expect(isReached(trailing(100), 'sell', price('1'))).toBe(false);
  });

  it('looks at the price that it names', () => {
    const prices = { bid: price('99'), ask: price('101'), last: price('120') };
    expect(sourcePrice(prices, 'last')).toBe(price('120'));
    expect(sourcePrice(prices, 'mid')).toBe(price('100'));
    // A lone trade far off moves the mark to the edge of the book and no further.
    expect(sourcePrice(prices, 'mark')).toBe(price('101'));
    expect(sourcePrice({ ...prices, last: price('80') }, 'mark')).toBe(price('99'));
    expect(sourcePrice({ ...prices, last: price('100.5') }, 'mark')).toBe(price('100.5'));
    for (const source of ['mid', 'mark'] as const) expect(sourcePrice({ ...prices, bid: null }, source)).toBeNull();
  });

  it('says where the order comes to the market, the worst for who pays where it trails', () => {
    expect(level('buy', at('stop', '110'), '100')).toBe('110');
    expect(level('buy', trailing(100), '100')).toBe('101');
    expect(level('sell', trailing(100), '100')).toBe('99');
    expect(level('buy', trailing(100, '90'), '100')).toBe('90.9');
    expect(level('buy', trailing(100, '110'), '100')).toBe('101');
    expect(level('sell', trailing(100, '120'), '100')).toBe('118.8');
    expect(level('buy', trailing(100), null)).toBeNull();
    expect(level('sell', trailing(100, '120'), null)).toBe('118.8');
  });

  it('makes a buy at the market as dear as its collar lets', () => {
    const atMarket = { type: 'market', price: null, trigger: at('stop', '200') } as const;
    expect(worstPrice(exampleRequest(atMarket), price('100'), 100)).toBe(price('202'));
    expect(worstPrice(exampleRequest({ ...atMarket, side: 'sell' }), price('100'), 100)).toBe(price('200'));
    expect(worstPrice(exampleRequest({ trigger: at('stop', '200'), price: price('205') }), price('100'), 100)).toBe(
      price('205'),
    );
    expect(worstPrice(exampleRequest({ type: 'market', price: null }), price('100'), 100)).toBeNull();
  });

  it('is the same wish with the same kind, level and source alone', () => {
    const all = [null, at('stop', '1'), at('stop', '2'), at('take-profit', '1'), trailing(1), trailing(2)];
    const more = [...all, trailing(1, '5'), { ...at('stop', '1'), source: 'mid' as const }];
    for (const [left, one] of more.entries())
      for (const [right, other] of more.entries()) {
        expect(isSameTrigger(one, other === null ? null : { ...other })).toBe(left === right);
      }
  });
});
