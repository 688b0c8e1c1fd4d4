import { describe, expect, it } from '@jest/globals';
import { atr, ema, obv, rsi, sma } from '@scalpstorm/indicators';
import { type Plot, plotOf, plottedSeries } from '@scalpstorm/strategies';
import { playedBars } from '../../test/played-run.js';
import { panesMax, windowPlots } from './window-plots.js';

const bars = playedBars(1_000);
const place = { from: 700, to: 940 };
const valuesOf = (plots: readonly Plot[], at = place) => windowPlots(plots, bars, at).shown[0]?.lines[0]?.values;

describe('the plots over a window of bars', () => {
  it.each([
    ['an average that takes long', plotOf(ema, { period: 300 })],
    ['a sum that never forgets', plotOf(obv)],
  ])('are the numbers that the strategy saw: %s', (_, plot) => {
    const [whole] = plottedSeries([plot], bars);
    expect(valuesOf([plot])).toEqual([...(whole?.values.subarray(place.from, place.to) ?? [])]);
  });

  it('have gaps while they warm up', () => {
    const values = valuesOf([plotOf(sma, { period: 50 })], { from: 0, to: 240 });
    expect(values?.slice(0, 49)).toEqual(Array(49).fill(null));
    expect(values?.slice(49).every((value) => typeof value === 'number')).toBe(true);
  });

  it('keep what they are called and where they lie', () => {
    const { shown, leftOut } = windowPlots([plotOf(ema, { period: 9 }), plotOf(rsi)], bars, place);
    expect(shown.map(({ title, pane, kind, lines }) => [title, pane, kind, lines.map(({ output }) => output)])).toEqual(
      [
        ['Exponential moving average (9)', 'price', 'line', ['ema']],
        [rsi.title, 'rsi', 'line', ['rsi']],
      ],
    );
    expect(leftOut).toEqual([]);
  });

  it('are named where they cannot be drawn, and cost nothing else', () => {
    const { shown, leftOut } = windowPlots(
      [{ ...plotOf(ema), title: 'mine', indicator: 'emma' }, plotOf(rsi)],
      bars,
      place,
    );
    expect(leftOut).toEqual(['mine: there is no indicator emma.']);
    expect(shown.map(({ pane }) => pane)).toEqual(['rsi']);
  });

  it('are as many as fit', () => {
    const averages = Array.from({ length: 40 }, (_, at) => plotOf(ema, { period: at + 2 }));
    const panes = Array.from({ length: 9 }, (_, at) => plotOf(atr, {}, { pane: `pane ${at}` }));
    const { shown, leftOut } = windowPlots([...averages, ...panes], bars, place);
    expect(shown.map(({ pane }) => pane)).toEqual([...Array(6).fill('price'), 'pane 0', 'pane 1', 'pane 2']);
    expect(new Set(shown.map(({ pane }) => pane)).size).toBe(panesMax);
    expect(leftOut).toHaveLength(40);
    expect(leftOut[0]).toBe('Exponential moving average (8): there is no more room.');
  });
});
