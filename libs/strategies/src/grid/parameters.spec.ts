import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { type Instrument, type JsonObject, Price } from '@scalpstorm/model';
import { grid } from './grid.js';

const parameters: JsonObject = { lower: '96', upper: '104', levels: 5, quantity: '1' };

function faultsOf(changes: JsonObject, instrument: Partial<Instrument> = {}, last = '100') {
  const result = grid.configure({ ...parameters, ...changes }, exampleInstrument(instrument), Price.of(last));
  return result.ok ? [] : result.error;
}

describe('the parameters of a grid', () => {
  it.each<[string, JsonObject, string[]]>([
    ['are fine', {}, []],
    ['refuse a range upside down', { lower: '104', upper: '96' }, ['UPPER_NOT_ABOVE_LOWER /upper']],
    ['refuse levels that the fees eat', { levels: 51 }, ['LEVELS_TOO_CLOSE /levels']],
    ['refuse a stop inside of the grid', { stopPrice: '97' }, ['STOP_INSIDE_GRID /stopPrice']],
    ['refuse a take-profit inside of it', { takeProfitPrice: '104' }, ['TAKE_PROFIT_INSIDE_GRID /takeProfitPrice']],
    ['refuse what is worth too little at a level', { quantity: '0.05' }, ['NOTIONAL_BELOW_MINIMUM /quantity']],
    ['refuse a size that is no level’s', { sizing: { equityPercent: '10' } }, ['SIZING_NOT_FOR_LEVELS /sizing']],
    [
      'name all at once',
      { lower: 'x', levels: 1, y: 2 },
      ['UNKNOWN_FIELD /y', 'NOT_A_DECIMAL /lower', 'NOT_ALLOWED /levels'],
    ],
  ])('%s', (_name, changes, expected) => {
    expect(faultsOf(changes).map(({ code, field }) => `${code} ${field}`)).toEqual(expected);
  });

  it('say how many levels would earn their fees', () => {
    // 104 ÷ 96 over 40 steps is 0.2 % each, what two fees of 0.1 % take; the tick takes a little more.
    const [fault] = faultsOf({ levels: 51 });
    const most = Number(/at most (\d+) levels/.exec(fault?.allowed ?? '')?.[1]);
    expect(faultsOf({ levels: most })).toEqual([]);
    expect(faultsOf({ levels: most + 1 })).toMatchObject([{ code: 'LEVELS_TOO_CLOSE' }]);
  });

  it('refuse two levels on one tick, also where the venue pays for an order that rests', () => {
    const narrow = { lower: '100', upper: '100.03', levels: 9 };
    expect(faultsOf(narrow, { makerFeeRate: '-0.0001' })).toMatchObject([{ code: 'LEVELS_TOO_CLOSE' }]);
  });
});
