import { describe, expect, it } from '@jest/globals';
import { atr, ema, macd, sma } from '@scalpstorm/indicators';
import { unwrap } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { file } from '../builder/scene.js';
import { strategyOfFile } from '../builder/strategy-of-rule.js';
import { walkingBars } from '../kit.js';
import { barStrategies } from './bar-strategies.js';
import type { BarStrategy } from './bar-strategy.js';
import { plotFault, plotOf, plottedSeries } from './plots.js';

const bars = walkingBars(2, 200);
const plotsOf = (strategy: BarStrategy, parameters: JsonObject = {}) => unwrap(strategy.configure(parameters)).plots;

describe('what a chart of a strategy shows', () => {
  it.each([...barStrategies.values()])('is there for $id, a number a bar', (strategy) => {
    const series = plottedSeries(plotsOf(strategy), bars);
    expect(series.length).toBeGreaterThan(0);
    for (const { values } of series)
      expect([values.length, values.some((value) => !Number.isNaN(value))]).toEqual([200, true]);
  });

  it('follows its parameters', () => {
    const [fast] = plottedSeries(plotsOf(barStrategies.get('ema-cross') as BarStrategy, { fast: 3 }), bars);
    expect(fast).toEqual({
      title: 'Exponential moving average (3)',
      pane: 'price',
      kind: 'line',
      values: ema.batch(bars, { period: 3 }).ema,
    });
  });

  it('lies over the price where it is one', () => {
    expect([ema, sma, macd, atr].map((indicator) => plotOf(indicator).pane)).toEqual(['price', 'price', 'macd', 'atr']);
    expect(plotOf(sma, {}, { of: 'volume' }).pane).toBe('sma');
  });

  it('has the volume beside its average where a rule goes by it', () => {
    const plots = plotsOf(barStrategies.get('volume-breakout') as BarStrategy);
    const [volume, average] = plottedSeries(plots, bars).filter(({ pane }) => pane === 'volume');
    expect(volume).toEqual({ title: 'Volume', pane: 'volume', kind: 'histogram', values: bars.volume });
    expect(average).toMatchObject({ kind: 'line', pane: 'volume' });
  });

  it('follows from the conditions of a rule without code', () => {
    const enter = {
      is: '>',
      left: { indicator: 'bollinger', output: 'upper' },
      right: { indicator: 'rsi', with: { period: 7 } },
    };
    const strategy = unwrap(strategyOfFile(file({ enter })));
    expect(plottedSeries(plotsOf(strategy), bars).map(({ title, pane }) => `${pane}: ${title}`)).toEqual([
      'price: Bollinger bands (20, 2)',
      'rsi: Relative strength index (7)',
    ]);
  });

  it('is nothing that there is not', () => {
    expect(() => plottedSeries([{ ...plotOf(ema), indicator: 'emma' }], bars)).toThrow(/no indicator emma/);
    expect(() => plottedSeries([{ ...plotOf(ema), outputs: ['upper'] }], bars)).toThrow(/no output upper/);
    expect(
      [
        { indicator: 'emma' },
        { outputs: ['upper'] },
        { parameters: { period: -1 } },
        { indicator: 'order-flow-imbalance', outputs: [] },
        {},
      ].map((more) => plotFault({ ...plotOf(ema), ...more })),
    ).toEqual([
      'there is no indicator emma',
      'the indicator ema has no output upper',
      expect.stringMatching(/period/),
      'bars have no bidPrice',
      null,
    ]);
    expect(() => plottedSeries(Array(17).fill(plotOf(ema)), bars)).toThrow(/at most 16/);
  });
});
