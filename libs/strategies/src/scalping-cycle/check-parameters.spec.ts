import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import type { JsonObject } from '@scalpstorm/model';
import { checkParameters } from './check-parameters.js';
import { scalpingSchema } from './schema.js';

const instrument = exampleInstrument();
const good: JsonObject = { quantity: '0.1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '110' } };

function faults(changes: JsonObject): string[] {
  const checked = checkParameters({ ...good, ...changes }, instrument);
  return checked.ok ? [] : checked.error.map((fault) => `${fault.code} ${fault.field}`);
}

describe('the parameters of the scalping cycle', () => {
  it.each<[string, string[], JsonObject]>([
    ['good ones', [], {}],
    ['everything spelled out', [], { firstSide: 'buy', loop: false, maxCycles: 3, leverage: 1, timeInForce: 'GTC' }],
    ['leverage on spot', ['LEVERAGE_NOT_ON_SPOT /leverage'], { leverage: 2 }],
    ['a sell price below the buy price', ['SELL_BELOW_BUY /sellPrice/fixed'], { sellPrice: { fixed: '99' } }],
    ['a sell price at the buy price', ['SELL_BELOW_BUY /sellPrice/fixed'], { sellPrice: { fixed: '100' } }],
    ['a price off tick', ['PRICE_OFF_TICK /buyPrice/fixed'], { buyPrice: { fixed: '99.999' } }],
    ['a price of nothing', ['PRICE_OUT_OF_RANGE /buyPrice/fixed'], { buyPrice: { fixed: '0' } }],
    ['too little', ['QUANTITY_BELOW_MINIMUM /quantity'], { quantity: '0.000001' }],
    ['off step', ['QUANTITY_OFF_STEP /quantity'], { quantity: '0.1000001' }],
    ['too little money', ['NOTIONAL_BELOW_MINIMUM /quantity'], { quantity: '0.04' }],
    [
      'too little to sell after the fee',
      ['NOTIONAL_BELOW_MINIMUM /quantity'],
      { quantity: '0.05', sellPrice: { fixed: '100.01' } },
    ],
    ['enough to sell after the fee', [], { quantity: '0.0501', sellPrice: { fixed: '101' } }],
    ['a number instead of a text', ['NOT_A_DECIMAL /quantity'], { quantity: 0.1 }],
    ['an unknown side', ['NOT_ALLOWED /firstSide'], { firstSide: 'bye' }],
    ['an unknown field', ['UNKNOWN_FIELD /quantty'], { quantty: '1' }],
    ['an unknown field inside', ['UNKNOWN_FIELD /buyPrice/unit'], { buyPrice: { fixed: '100', unit: 'bps' } }],
    ['no price', ['NOT_A_PRICE /buyPrice'], { buyPrice: '100' }],
    ['a time in force that does not rest', ['NOT_ALLOWED /timeInForce'], { timeInForce: 'GTD' }],
    ['an offset', [], { buyPrice: { offset: '-3', unit: 'ticks', from: 'last' } }],
    ['an exit from the entry', [], { sellPrice: { offset: '30', unit: 'bps', from: 'entry' } }],
    [
      'an entry from the entry',
      ['ENTRY_NOT_YET_KNOWN /buyPrice/from'],
      { buyPrice: { offset: '1', unit: 'bps', from: 'entry' } },
    ],
    [
      'stops, pace and measures',
      [],
      {
        trailingPercent: '0.5',
        stopLossPercent: '2',
        takeProfitPercent: '12.5',
        afterStopLoss: 'stop',
        coolDownSeconds: 0,
        entryTimeoutSeconds: 30,
        vwapSeconds: 60,
        atrPeriod: 20,
        atrSeconds: 5,
        timeInForce: 'FOK',
        buyPrice: { offset: '-1.5', unit: 'atr', from: 'vwap' },
      },
    ],
    ['a percentage of everything', ['NOT_A_PERCENTAGE /stopLossPercent'], { stopLossPercent: '100' }],
    ['a percentage of nothing', ['NOT_A_PERCENTAGE /trailingPercent'], { trailingPercent: '0' }],
    ['a percentage as a number', ['NOT_A_PERCENTAGE /takeProfitPercent'], { takeProfitPercent: 1.5 }],
    ['too fine a percentage', ['NOT_A_PERCENTAGE /takeProfitPercent'], { takeProfitPercent: '0.00001' }],
    ['too short a time-out', ['NOT_ALLOWED /entryTimeoutSeconds'], { entryTimeoutSeconds: 4 }],
    ['too long a window', ['NOT_ALLOWED /vwapSeconds'], { vwapSeconds: 86_401 }],
    ['half a candle', ['NOT_ALLOWED /atrPeriod'], { atrPeriod: 1.5 }],
    ['half a count', ['NOT_A_COUNT /maxCycles'], { maxCycles: 1.5 }],
    [
      'several faults at once',
      ['UNKNOWN_FIELD /x', 'LEVERAGE_NOT_ON_SPOT /leverage', 'NOT_A_DECIMAL /quantity'],
      { x: 1, leverage: 3, quantity: 'much' },
    ],
  ])('%s', (_name, expected, changes) => {
    expect(faults(changes)).toEqual(expected);
  });

  it('says the nearest price that would pass, and what was probably meant', () => {
    const off = checkParameters({ ...good, buyPrice: { fixed: '99.996' } }, instrument);
    expect(off).toMatchObject({ error: [{ allowed: '100', next: 'Use 100.' }] });
    const typo = checkParameters({ ...good, sellPrise: {} }, instrument);
    expect(typo).toMatchObject({ error: [{ next: 'Did you mean sellPrice?' }] });
  });

  it.each(['0.000001', '0.0300001', '0.05'])('suggests instead of %s a quantity that passes', (quantity) => {
    const checked = checkParameters({ ...good, quantity }, instrument);
    const suggestion = checked.ok ? quantity : checked.error[0]?.allowed;
    // One fault hides the next: a quantity below the minimum may still be worth too little.
    const again = checkParameters({ ...good, quantity: suggestion ?? '' }, instrument);
    const second = again.ok ? suggestion : again.error[0]?.allowed;
    expect(faults({ quantity: second ?? '' })).toEqual([]);
  });

  it('warns of what would lose after fees, and does not refuse it', () => {
    const warnings = (changes: JsonObject) => {
      const checked = checkParameters({ ...good, ...changes }, instrument);
      return checked.ok ? checked.value.warnings.map((warning) => warning.code) : ['refused'];
    };
    expect(warnings({})).toEqual([]);
    expect(warnings({ sellPrice: { fixed: '100.1' } })).toEqual(['LOSES_AFTER_FEES']);
    expect(warnings({ sellPrice: { offset: '20', unit: 'bps', from: 'entry' } })).toEqual(['LOSES_AFTER_FEES']);
    expect(warnings({ sellPrice: { offset: '21', unit: 'bps', from: 'entry' } })).toEqual([]);
    expect(warnings({ takeProfitPercent: '0.2' })).toEqual(['LOSES_AFTER_FEES']);
    expect(warnings({ takeProfitPercent: '0.21' })).toEqual([]);
    expect(warnings({ sellPrice: { offset: '0', unit: 'ticks', from: 'entry' } })).toEqual(['LOSES_AFTER_FEES']);
  });

  it('warns when what was bought is too little to sell at the stop-loss, and says how much is enough', () => {
    const check = (quantity: string) =>
      checkParameters(
        { ...good, buyPrice: { fixed: '100' }, quantity, stopLossPercent: '5', coolDownSeconds: 1 },
        instrument,
      );
    const small = check('0.051');
    expect(small.ok && small.value.warnings).toMatchObject([
      { code: 'STOP_LOSS_BELOW_MINIMUM', field: '/quantity', allowed: 'at least 0.0527' },
    ]);
    const enough = check('0.0527');
    expect(enough.ok && enough.value.warnings).toEqual([]);
  });

  it('warns of a loop that goes on at once after a stop-loss', () => {
    const codes = (changes: JsonObject) => {
      const checked = checkParameters({ ...good, stopLossPercent: '2', ...changes }, instrument);
      return checked.ok ? checked.value.warnings.map((warning) => warning.code) : ['refused'];
    };
    expect(codes({})).toEqual(['STOP_LOSS_WITHOUT_COOL_DOWN']);
    expect([codes({ coolDownSeconds: 1 }), codes({ afterStopLoss: 'stop' }), codes({ loop: false })]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('has a schema that names every field, and no other', () => {
    const properties = scalpingSchema['properties'];
    const names = Object.keys(properties as JsonObject);
    const every = Object.fromEntries(names.map((name) => [name, good[name] ?? null]));
    expect(faults(every).filter((fault) => fault.startsWith('UNKNOWN_FIELD'))).toEqual([]);
    expect(scalpingSchema).toMatchObject({
      additionalProperties: false,
      required: ['quantity', 'buyPrice', 'sellPrice'],
    });
  });
});
