import { describe, expect, it } from '@jest/globals';
import { Money, Quantity } from '@scalpstorm/model';
import { anInstrument } from '@scalpstorm/testkit';
import { instrumentFromJson, instrumentToJson } from './instrument-json.js';

describe('a stored instrument', () => {
  const instrument = anInstrument({
    quantityMax: Quantity.of('9000'),
    marketQuantityMax: Quantity.of('120.5'),
    marketStepSize: Quantity.of('0.001'),
    marketQuantityMin: Quantity.of('0.01'),
    marketNotionalMax: Money.of('9000000', 'USDT'),
  });

  it('comes back as it was', () => {
    expect(instrumentFromJson(JSON.parse(JSON.stringify(instrumentToJson(instrument))))).toEqual(instrument);
  });

  it('comes back as it was when nothing bounds the value of an order at the market', () => {
    expect(instrumentFromJson(instrumentToJson(anInstrument()))).toEqual(anInstrument());
  });

  it('from before orders at the market had rules of their own has the same for all', () => {
    const older = Object.fromEntries(
      Object.entries(instrumentToJson(instrument)).filter(([name]) => !name.startsWith('market')),
    );
    const { quantityMax: marketQuantityMax, stepSize: marketStepSize, quantityMin: marketQuantityMin } = instrument;
    const same = { marketQuantityMax, marketStepSize, marketQuantityMin, marketNotionalMax: null };
    expect(instrumentFromJson(older)).toEqual({ ...instrument, ...same });
  });
});
