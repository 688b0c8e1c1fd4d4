import { describe, expect, it } from '@jest/globals';
import { Money, Price, Quantity } from '@scalpstorm/model';
import { exampleInstrument } from '../testing.js';
import { evidenceMin } from './kelly.js';
import { basis, fundsOf, percent, wide } from './scene.js';
import { equityOf, sizeOf } from './size-of.js';
import type { Sizing, SizingBasis, SizingCaps } from './sizing.js';

const money = (text: string): bigint => Money.of(text, 'USDT').amount;
/** Quantity and working, or the code of the refusal. */
function said(sizing: Sizing, changes: Partial<SizingBasis> = {}, caps: Partial<SizingCaps> = {}): string {
  const sized = sizeOf(sizing, { ...wide, ...caps }, basis(changes));
  return sized.ok ? `${Quantity.format(sized.value.quantity)}: ${sized.value.working}` : sized.error.code;
}

const equity = { kind: 'equity', percent: percent(10) } as const;
const risk = { kind: 'risk', percent: percent(1) } as const;
const atr = { kind: 'atr', percent: percent(1), multiple: percent(2) } as const;
const kelly = { kind: 'kelly', percent: percent(50), start: percent(1) } as const;
/** Sixty cycles, of which forty gained 2 and twenty lost 1: W = 2/3, R = 2, f = 2/3 − 1/3 ÷ 2 = 50 %. */
const record = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? -1n : 2n));

describe('the size of an entry', () => {
  it.each<readonly [string, Sizing, string]>([
    ['a quantity', { kind: 'fixed' }, '9000: '],
    ['a value', { kind: 'notional', notional: money('250') }, '2.5: 250 USDT'],
    ['a share of the equity', equity, '10: 10 % of 10000 USDT'],
    [
      'the money at risk: 100 ÷ (5 + 0.001 × 195)',
      risk,
      '19.24927: 1 % of 10000 USDT at risk, 5.195 USDT a BTC to the stop at 95 with both fees',
    ],
    ['the range of the market: 100 ÷ (2 × 2)', atr, '25: 1 % of 10000 USDT a move of 2 × ATR 2'],
    [
      'Kelly, while there is no evidence',
      kelly,
      '1: 1 % of 10000 USDT, because 0 finished cycles are too little evidence for Kelly',
    ],
  ])('is by %s', (_name, sizing, expected) => {
    expect(said(sizing)).toBe(expected);
  });

  it('is by half of Kelly where the cycles tell it', () => {
    expect(said(kelly, { returns: record })).toBe(
      "25: 50 % of Kelly's 50 % (40 of 60 cycles won, payoff 2) of 10000 USDT",
    );
  });

  it('is of an equity that has cash and coins, free and locked, at what the market pays', () => {
    const funds = fundsOf('4000', '20', '1000');
    expect(equityOf(funds, Price.of('250'))).toBe(money('10000'));
    expect(said(equity, { funds, mark: Price.of('250') })).toBe('10: 10 % of 10000 USDT');
    expect(equityOf(fundsOf('4000'), null)).toBe(money('4000'));
  });

  it('is the same for a sale with its stop above', () => {
    const funds = fundsOf('10000', '50');
    const short = { side: 'sell', stop: Price.of('105'), funds, mark: Price.of('100') } as const;
    // 150 ÷ (5 + 0.001 × 205)
    expect(said(risk, short)).toBe(
      '28.81844: 1 % of 15000 USDT at risk, 5.205 USDT a BTC to the stop at 105 with both fees',
    );
  });

  it('counts a range below a tick as a tick', () => {
    expect(said(atr, { atr: Price.zero }, { quantity: Quantity.of('1') })).toBe(
      '1: 1 % of 10000 USDT a move of 2 × ATR 0.01, held down by the quantity that is configured',
    );
  });
});

describe('a size is held down', () => {
  it.each<readonly [string, Partial<SizingBasis>, Partial<SizingCaps>]>([
    ['3: 10 % of 10000 USDT, held down by the quantity that is configured', {}, { quantity: Quantity.of('3') }],
    ['4.5: 10 % of 10000 USDT, held down by the largest value', {}, { notional: money('450') }],
    ['2: 10 % of 10000 USDT, held down by the largest share of the equity', {}, { equityPercent: percent(2) }],
    ['0.999: 10 % of 10000 USDT, held down by the free balance', { funds: fundsOf('100', '0', '9900') }, {}],
    ['7: 10 % of 10000 USDT, held down by the free balance', { side: 'sell', funds: fundsOf('9300', '7') }, {}],
    [
      '5: 10 % of 10000 USDT, held down by what the venue takes in one order',
      { instrument: exampleInstrument({ quantityMax: Quantity.of('5') }) },
      {},
    ],
  ])('%s', (expected, changes, caps) => {
    expect(said(equity, changes, caps)).toBe(expected);
  });
});

describe('a size is refused', () => {
  it.each<readonly [string, Sizing, Partial<SizingBasis>]>([
    ['SIZING_NEEDS_BALANCE', equity, { funds: null }],
    ['SIZING_NEEDS_BALANCE', { kind: 'notional', notional: money('10') }, { funds: null }],
    ['SIZING_NEEDS_PRICE', equity, { funds: fundsOf('10', '1'), mark: null }],
    ['SIZING_NEEDS_STOP', risk, { stop: null }],
    ['SIZING_NEEDS_ATR', atr, { atr: null }],
    ['SIZING_WITHOUT_EDGE', kelly, { returns: record.map((one) => -one) }],
    ['SIZING_BELOW_MINIMUM', equity, { funds: fundsOf('49') }],
  ])('%s', (code, sizing, changes) => {
    expect(said(sizing, changes)).toBe(code);
  });

  it('below the minimum with what it would be, what would do, and what to do next', () => {
    const sized = sizeOf(equity, wide, basis({ funds: fundsOf('49') }));
    expect(sized).toMatchObject({
      ok: false,
      error: {
        value: '0.049',
        // 5 USDT are 0.05 at 100, and the fee of a thousandth may be taken out of what was bought.
        minimum: '0.05006',
        text: 'The entry would be of 0.049 BTC (10 % of 49 USDT); sim takes no less than 0.05006 at 100.',
        next: 'Raise what the size is reckoned from, or the balance of the account.',
      },
    });
  });

  it('also where the fee would leave too little to sell again, and not a step above that', () => {
    const buys = (quantity: string) => said({ kind: 'notional', notional: money(quantity) * 100n });
    expect([buys('0.05005'), buys('0.05006')]).toEqual(['SIZING_BELOW_MINIMUM', '0.05006: 5.006 USDT']);
  });

  it('by Kelly not before there is evidence, nor while nothing was ever lost', () => {
    const start = (returns: readonly bigint[]) => said(kelly, { returns });
    expect(start(record.slice(0, evidenceMin - 1))).toContain('29 finished cycles are too little evidence');
    expect(start(record.slice(0, evidenceMin))).toContain("of Kelly's");
    expect(start(record.map(() => 2n))).toContain('60 finished cycles are too little evidence');
    expect(start(record.map((_, index) => (index === 0 ? 0n : 2n)))).toContain('too little evidence');
  });
});
