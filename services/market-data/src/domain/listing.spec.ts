import { describe, expect, it } from '@jest/globals';
import { InstrumentId } from '@scalpstorm/model';
import { anInstrument } from '@scalpstorm/testkit';
import { delistedOf } from './listing.js';

const kept = anInstrument();
const gone = { ...kept, id: InstrumentId.of('sim', 'OLD-USDT'), symbol: 'OLD-USDT' };

describe('what a venue lists', () => {
  it('halts what is listed no more, and nothing else', () => {
    expect(delistedOf([kept, gone], [{ ...kept, status: 'halted' }])).toEqual([{ ...gone, status: 'halted' }]);
    expect(delistedOf([kept], [kept, gone])).toEqual([]);
  });
});
