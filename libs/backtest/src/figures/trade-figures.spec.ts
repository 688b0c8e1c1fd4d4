import { expect, it } from '@jest/globals';
import { Fills } from '../bars/fills.js';
import { tripsOf } from '../bars/trades.js';
import { tallyOf, tradeFigures } from './trade-figures.js';

it('a position that is held at the end counts as time in the market, and as no round trip', () => {
  const fills = new Fills();
  fills.add(2, 1, 100, 0);
  fills.add(4, -1, 110, 0);
  fills.add(6, 1, 105, 0);
  expect(tallyOf(fills, 10)).toMatchObject({ trades: 1, barsHeld: 2, openBars: 4 });
  const column = new Float64Array(10);
  const bars = { length: 10, openedAt: column, open: column, high: column, low: column, close: column, volume: column };
  expect(tripsOf(fills, bars)).toMatchObject({ trades: [{ openedBar: 2, closedBar: 4 }], openBars: 4 });
  expect(tradeFigures([], 10, 4).exposurePct).toBe(40);
});
