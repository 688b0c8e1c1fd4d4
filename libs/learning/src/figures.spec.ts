import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actingOf, aucOf, figuresOf } from './figures.js';

const told = (...values: number[]) => Float64Array.from(values);
const won = (...values: number[]) => Uint8Array.from(values);

describe('the figures', () => {
  it('rank as a count of all pairs does', () => {
    const row = fc.record({ told: fc.nat({ max: 5 }), won: fc.nat({ max: 1 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (rows) => {
        const pairs = rows.flatMap((win) =>
          rows.filter((loss) => win.won === 1 && loss.won === 0).map((loss) => Math.sign(win.told - loss.told)),
        );
        const expected = pairs.reduce((sum, sign) => sum + (sign + 1) / 2, 0) / pairs.length;
        const auc = aucOf(told(...rows.map((one) => one.told)), won(...rows.map((one) => one.won)));
        if (pairs.length === 0) expect(auc).toBeNaN();
        else expect(auc).toBeCloseTo(expected, 9);
      }),
    );
  });

  it('stand beside those of the base rate', () => {
    const figures = figuresOf(told(0.9, 0.8, 0.2, 0.1), won(1, 1, 0, 0), 0.5);
    expect(figures).toMatchObject({ rows: 4, baseRate: 0.5, auc: 1, brierBase: 0.25 });
    expect(figures.logLossBase).toBeCloseTo(Math.log(2), 9);
    expect(figures.logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8)) / 2, 9);
    expect(figures.brier).toBeCloseTo((0.01 + 0.04) / 2, 9);
  });

  it('tell what acting would have earned, one entry after the other', () => {
    const times = Float64Array.from([0, 1, 2, 10, 11]);
    const acting = actingOf({ times, expectedBps: told(1, 1, -1, 1, 1), grossBps: told(9, 1, 99, 3, 7) }, 4, 5);
    expect(acting).toMatchObject({ rows: 4, hitRate: 0.5, netBps: 1, trades: 2, tradesHitRate: 0.5, tradesNetBps: 2 });
  });
});
