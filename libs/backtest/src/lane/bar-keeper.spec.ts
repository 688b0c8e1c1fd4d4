import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { Price, Quantity } from '@scalpstorm/model';
import { Scale } from '../data/scale.js';
import { BarKeeper } from './bar-keeper.js';
import { laneInstrument } from './lane-instrument.js';
import { emptyView, type LaneMarket } from './lane-market.js';

const instrument = unwrap(laneInstrument({ symbol: 'BTC-USDT', tick: '1', step: '1', notionalMin: '0' }));
const keeper = () => new BarKeeper({ instrument, scale: new Scale(instrument), market: {} as LaneMarket }, '1m');
const minute = 60_000_000;

function kept(...prints: readonly (readonly [minutes: number, price: number, volume: number])[]): BarKeeper {
  const bars = keeper();
  for (const [at, last, counted] of prints) bars.add({ ...emptyView(), last, counted }, at * minute);
  return bars;
}

const lines = (bars: BarKeeper, minutes: number): readonly string[] =>
  bars
    .barsAt(minutes * minute)
    .map(({ openedAt, open, high, low, close, volume }) =>
      [openedAt / minute, ...[open, high, low, close].map(Price.format), Quantity.format(volume)].join(' '),
    );

describe('bars that bots hear', () => {
  it('are made of what is printed, and known when they are over', () => {
    const bars = kept([1, 10, 1], [1.2, 12, 2], [1.4, 9, 0], [1.9, 11, 1]);
    expect(lines(bars, 1.99)).toEqual([]);
    expect(lines(bars, 2)).toEqual(['1 10 12 9 11 4']);
    expect(lines(bars, 2)).toHaveLength(1);
  });

  it('have no hole: where nothing was traded the price stands', () => {
    const expected = ['1 10 10 10 10 1', '2 10 10 10 10 0', '3 10 10 10 10 0', '4 13 13 13 13 2'];
    expect(lines(kept([1, 10, 1], [4, 13, 2]), 5)).toEqual(expected);
    const asked = kept([1, 10, 1]);
    expect(lines(asked, 2)).toHaveLength(1);
    asked.add({ ...emptyView(), last: 13, counted: 2 }, 4 * minute);
    expect(lines(asked, 5)).toEqual(expected);
  });

  it('say when the bar that a print begins is over', () => {
    const bars = keeper();
    expect(bars.add({ ...emptyView(), last: 10 }, 1.5 * minute)).toBe(2 * minute);
    expect(bars.add({ ...emptyView(), last: 10 }, 1.6 * minute)).toBeNull();
  });
});
