import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { type JsonObject, Price } from '@scalpstorm/model';
import { checkParameters } from './check-parameters.js';

const instrument = exampleInstrument();
const lastPrice = Price.of('60000');
const offset = (value: string, unit: string, from = 'mid'): JsonObject => ({ offset: value, unit, from });
const quiet: JsonObject = {
  quantity: '0.1',
  buyPrice: offset('-10', 'bps'),
  sellPrice: offset('30', 'bps', 'entry'),
};

const checked = (changes: JsonObject, last: Price | null = lastPrice) =>
  checkParameters({ ...quiet, ...changes }, instrument, last);

function faults(changes: JsonObject, last: Price | null = lastPrice) {
  const result = checked(changes, last);
  return result.ok ? [] : result.error.map(({ code, field }) => `${code} ${field}`);
}

function fault(changes: JsonObject, last: Price | null = lastPrice) {
  const result = checked(changes, last);
  return result.ok ? null : result.error[0];
}

function warnings(changes: JsonObject, last: Price | null = lastPrice) {
  const result = checked(changes, last);
  return result.ok ? result.value.warnings : null;
}

describe('an offset that can never make a price', () => {
  it.each([
    ['-10000', 'bps'],
    ['-20000', 'bps'],
    ['1000001', 'bps'],
    ['-99999999999999999999', 'ticks'],
    ['999999999999', 'ticks'],
    ['100000000', 'ticks'],
    ['1001', 'atr'],
    ['-1001', 'atr'],
  ])('is refused whatever the market does: %s %s', (value, unit) => {
    const exit = { sellPrice: offset(value, unit, value.startsWith('-') ? 'vwap' : 'entry') };
    expect(faults({ buyPrice: offset(value, unit) }, null)).toEqual(['OFFSET_OUT_OF_RANGE /buyPrice/offset']);
    expect(faults(exit, null)).toEqual(['OFFSET_OUT_OF_RANGE /sellPrice/offset']);
    const sellFirst = { firstSide: 'sell', sellPrice: offset('10', 'bps'), buyPrice: offset(value, unit, 'entry') };
    expect(faults(sellFirst, null)).toEqual(['OFFSET_OUT_OF_RANGE /buyPrice/offset']);
  });

  it('is told from one that only just can', () => {
    expect(faults({ buyPrice: offset('-9999', 'bps') }, null)).toEqual([]);
    expect(faults({ sellPrice: offset('99999999', 'ticks', 'entry') }, null)).toEqual([]);
    expect(faults({ buyPrice: offset('-1000', 'atr') }, null)).toEqual([]);
  });

  it('is refused with the limits as numbers', () => {
    expect(fault({ buyPrice: offset('-20000', 'bps') })).toMatchObject({
      text: '-20000 bps from anything is no price: -10000 bps are all of it.',
      next: 'Use bps above -10000 and at most 1000000.',
    });
    expect(fault({ sellPrice: offset('999999999999', 'ticks', 'entry') })).toMatchObject({
      text: '999999999999 ticks of 0.01 are more than all prices that the venue takes, 0.01 to 1000000.',
      allowed: 'ticks from -99999999 to 99999999',
    });
  });

  it('at the last price is refused when somebody asks, and no reason to keep a stored bot from running', () => {
    const far = { sellPrice: offset('99000000', 'ticks', 'entry') };
    expect(faults(far, null)).toEqual([]);
    expect(fault(far)).toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
      text: expect.stringContaining(
        'At the last price 60000 this is a price of 1049940; the venue takes prices from 0.01',
      ),
    });
    expect(faults({ buyPrice: offset('-6000000', 'ticks', 'last') })).toEqual(['OFFSET_OUT_OF_RANGE /buyPrice/offset']);
  });
});

describe('prices that lose in every cycle', () => {
  it.each<[string, JsonObject, string]>([
    [
      'both through the market',
      { buyPrice: offset('1000', 'ticks'), sellPrice: offset('-1000', 'ticks') },
      '/sellPrice/offset',
    ],
    [
      'from the last trade and the mid',
      { buyPrice: offset('5', 'bps', 'last'), sellPrice: offset('4', 'bps') },
      '/sellPrice/offset',
    ],
    ['in different units', { buyPrice: offset('1', 'ticks'), sellPrice: offset('-1', 'bps') }, '/sellPrice/offset'],
    ['an exit below its entry', { sellPrice: offset('-1', 'ticks', 'entry') }, '/sellPrice/offset'],
    [
      'selling first, an exit above its entry',
      { firstSide: 'sell', sellPrice: offset('5', 'bps'), buyPrice: offset('1', 'atr', 'entry') },
      '/buyPrice/offset',
    ],
    [
      'selling first, both through the market',
      { firstSide: 'sell', buyPrice: offset('1000', 'ticks'), sellPrice: offset('-1000', 'ticks') },
      '/buyPrice/offset',
    ],
  ])('are refused: %s', (_name, changes, field) => {
    expect(faults(changes)).toEqual([`SELL_BELOW_BUY ${field}`]);
    expect(faults(changes, null)).toEqual([`SELL_BELOW_BUY ${field}`]);
  });

  it('are refused in words that show both', () => {
    expect(fault({ buyPrice: offset('1000', 'ticks'), sellPrice: offset('-1000', 'ticks') })).toMatchObject({
      text: 'Buying at mid + 1000 ticks and selling at mid − 1000 ticks loses in every cycle, before any fee.',
      next: 'Use more than 1000 ticks.',
    });
    expect(fault({ sellPrice: offset('-1', 'ticks', 'entry') })?.next).toBe('Use more than 0 ticks.');
  });

  it('are none where the exit trails from there, or where the market decides', () => {
    expect(faults({ sellPrice: offset('-10', 'bps', 'entry'), trailingPercent: '0.5' })).toEqual([]);
    expect(faults({ buyPrice: offset('10', 'bps', 'vwap'), sellPrice: offset('-10', 'bps', 'last') })).toEqual([]);
  });
});

describe('the margin', () => {
  const texts = (changes: JsonObject, last: Price | null = lastPrice) =>
    warnings(changes, last)?.map(({ code, field, text }) => `${code} ${field}: ${text}`);

  it('of ticks is told in basis points at the last price, and judged against the fees', () => {
    // 10 × 0.01 ÷ 60000 is a sixtieth of a basis point; 12001 ticks are 20.0016.
    expect(texts({ sellPrice: offset('10', 'ticks', 'entry') })).toEqual([
      'LOSES_AFTER_FEES /sellPrice: Between buy and sell lie 0.016666 bps (10 ticks at 60000); the fees of both orders take 20 bps.',
    ]);
    expect(texts({ sellPrice: offset('12000', 'ticks', 'entry') })).toHaveLength(1);
    expect(texts({ sellPrice: offset('12001', 'ticks', 'entry') })).toEqual([]);
    expect(texts({ buyPrice: offset('-5', 'ticks'), sellPrice: offset('5', 'ticks') })).toEqual([
      expect.stringContaining('(10 ticks at 60000)'),
    ]);
  });

  it('of ticks after a fixed entry needs no last price', () => {
    const changes = { buyPrice: { fixed: '100' }, sellPrice: offset('10', 'ticks', 'entry') };
    expect(texts(changes, null)).toEqual([expect.stringContaining('10 bps (10 ticks at 100)')]);
  });

  it('of ticks stays in ticks where no price is known', () => {
    expect(texts({ sellPrice: offset('0', 'ticks', 'entry') }, null)).toEqual([
      'LOSES_AFTER_FEES /sellPrice: Between buy and sell lie 0 ticks; the fees of both orders take 20 bps.',
    ]);
    expect(texts({ sellPrice: offset('10', 'ticks', 'entry') }, null)).toEqual([]);
  });

  it('of ticks and basis points together is told at the last price', () => {
    const changes = { buyPrice: offset('-6000', 'ticks'), sellPrice: offset('5', 'bps') };
    expect(texts(changes)).toEqual([expect.stringContaining('lie 15 bps;')]);
    expect(texts(changes, null)).toEqual([]);
  });

  it('of a bot that sells first is at the leg that closes', () => {
    const changes = { firstSide: 'sell', sellPrice: offset('5', 'bps'), buyPrice: offset('-10', 'ticks', 'entry') };
    expect(texts(changes)).toEqual([
      expect.stringContaining('LOSES_AFTER_FEES /buyPrice: Between buy and sell lie 0.016666'),
    ]);
  });

  it('does not tell what an exit through the market brings, and warns of it', () => {
    const changes = { buyPrice: offset('-100', 'bps'), sellPrice: offset('-50', 'bps') };
    expect(warnings(changes)).toMatchObject([{ code: 'EXIT_THROUGH_MARKET', field: '/sellPrice/offset' }]);
  });
});

describe('what is said of a parameter', () => {
  it.each(['-1', '0', '0.000001', '0.00002', '0.0000200001'])(
    'of the quantity %s is one that passes at the last price',
    (quantity) => {
      const suggestion = fault({ quantity })?.allowed ?? '';
      expect(faults({ quantity: suggestion })).toEqual([]);
      // 5 USDT at 59940 and the fee in base.
      expect(suggestion).toBe('0.0001');
    },
  );

  it('of a quantity that is worth too little names price and minimum', () => {
    expect(fault({ quantity: '0.00002' })).toMatchObject({
      code: 'NOTIONAL_BELOW_MINIMUM',
      text: "The quantity 0.00002 is worth less at 59940 than the venue's minimum, 5 USDT.",
    });
    expect(faults({ quantity: '0.00002' }, null)).toEqual([]);
  });

  it('of a price off the tick calls the tick by its name', () => {
    expect(fault({ buyPrice: { fixed: '50000.001' } })?.text).toBe(
      "The price 50000.001 is no multiple of the venue's tick size, 0.01.",
    );
  });

  it.each([0, -1, 2, 1.5, '1'])('of the leverage %j is that a spot market has only 1', (leverage) => {
    expect(fault({ leverage })).toMatchObject({ field: '/leverage', allowed: '1', next: 'Use 1.' });
  });

  it.each([0, 1.5, 2 ** 53])('of so many cycles as %j names both bounds', (maxCycles) => {
    expect(fault({ maxCycles })).toMatchObject({
      code: 'NOT_A_COUNT',
      text: expect.stringContaining('from 1 to 9007199254740991'),
      allowed: 'whole numbers from 1 to 9007199254740991',
    });
  });
});
