import { describe, expect, it } from '@jest/globals';
import { Quantity } from '@scalpstorm/model';
import { anInstrument } from '@scalpstorm/testkit';
import { instrumentFromJson, instrumentToJson } from './instrument-json.js';

describe('a stored instrument', () => {
  const instrument = anInstrument({ quantityMax: Quantity.of('9000'), marketQuantityMax: Quantity.of('120.5') });

  it('comes back as it was', () => {
    expect(instrumentFromJson(JSON.parse(JSON.stringify(instrumentToJson(instrument))))).toEqual(instrument);
  });

  it('from before orders at the market had a maximum of their own has one maximum', () => {
    const { marketQuantityMax: _, ...older } = instrumentToJson(instrument);
    expect(instrumentFromJson(older)).toEqual({ ...instrument, marketQuantityMax: instrument.quantityMax });
  });
});
