import { describe, expect, it } from '@jest/globals';
import { type BarColumns, type BarStrategy, barStrategies, defineBarStrategy } from '@scalpstorm/strategies';
import { plantedMarket } from '../../test/planted-market.js';
import { plainMarket } from '../bars/bar-market.js';
import { crossValidate } from './cross-validate.js';
import { Ground } from './ground.js';
import { judge } from './judge.js';
import { readSpace } from './space.js';
import { triesBySweep } from './tries.js';
import { type WalkForwardPlan, walkForward } from './walk-forward.js';

const cross = barStrategies.get('ema-cross') as BarStrategy;
const market = plainMarket(10_000, 2);
const bars = plantedMarket({ seed: 4, bars: 6_000, edge: 0.1 });

function planOver(over: BarColumns): WalkForwardPlan {
  const space = readSpace(cross.parameters, ['fast=2..20:6', 'slow=30..90:20']);
  if (!space.ok) throw new Error(space.error.text);
  return {
    ground: new Ground(space.value, cross),
    search: { kind: 'tpe', tries: 14, seed: 1 },
    objective: 'sharpe',
    barsAYear: 365 * 24,
    bars: over,
    strategy: cross,
    market,
  };
}

const triesOver = (over: BarColumns) => triesBySweep({ bars: over, strategy: 'ema-cross', market, workers: 1 });

async function walked(over: BarColumns, train = 2_000, test = 1_000) {
  const found = await walkForward(planOver(over), { train, test, anchored: false }, triesOver(over));
  if (!found.ok) throw new Error(found.error.text);
  return found.value;
}

/** The same up to a bar, and from there on another market. */
function changedFrom(bar: number): BarColumns {
  const other = plantedMarket({ seed: 99, bars: bars.length, edge: -0.3 });
  const spliced = (name: 'open' | 'high' | 'low' | 'close') =>
    bars[name].map((price, at) => (at < bar ? price : (other[name][at] as number)));
  return { ...bars, open: spliced('open'), high: spliced('high'), low: spliced('low'), close: spliced('close') };
}

describe('a walk forward', () => {
  it('knows nothing of what comes after a training: other bars there change no choice', async () => {
    const before = await walked(bars);
    for (const [index, { train }] of before.result.windows.entries()) {
      const after = await walked(changedFrom(train.to));
      const choices = (of: typeof before) =>
        of.result.windows.slice(0, index + 1).map(({ parameters, trainScore }) => ({ parameters, trainScore }));
      expect(choices(after)).toEqual(choices(before));
      expect(after.result.windows[index]?.testScore).not.toEqual(before.result.windows[index]?.testScore);
    }
    expect(new Set(before.result.windows.map(({ parameters }) => JSON.stringify(parameters))).size).toBeGreaterThan(1);
  });

  it('goes on with the money that the window before left', async () => {
    const { result, equity, nets, from } = await walked(bars);
    expect([from, equity.length, result.windows.length]).toEqual([2_000, 4_000, 4]);
    const product = result.windows.reduce((money, { figures }) => money * (1 + figures.returnPct / 100), 10_000);
    expect(product).toBeCloseTo(equity.at(-1) as number, 6);
    expect(result.outOfSample.finalEquity).toBe(equity.at(-1));
    // Everything is sold at the end of each window, so the round trips explain all of the money.
    expect(nets.reduce((sum, net) => sum + net, 10_000)).toBeCloseTo(equity.at(-1) as number, 6);
    expect(result.outOfSample.trades).toBe(nets.length);
    expect(result.efficiency).toBeCloseTo(result.outOfSample.sharpe / result.inSampleSharpe, 12);
  });

  it('judges every bar after the first training, also a single one that is left over', async () => {
    const { result, equity } = await walked(bars, 2_000, 1_333);
    expect(result.windows.at(-1)?.test).toEqual({ from: 4_666, to: 6_000 });
    expect(equity.every((money) => money > 0)).toBe(true);
  });
});

describe('a test stretch', () => {
  it('is decided with the averages of the bars before it, and traded in none of them', () => {
    const parameters = { fast: 8, slow: 50 };
    const stretch = { from: 2_000, to: 3_000 };
    const judged = judge(planOver(bars), parameters, stretch);
    const whole = judge(planOver(bars), parameters, { from: 0, to: 3_000 });
    if (!judged.ok || !whole.ok) throw new Error('not run');
    expect(judged.value.equity).toHaveLength(1_000);
    // Nothing is filled at the first bar: the first wish is that of its close.
    expect(judged.value.equity[0]).toBe(10_000);
    // Warm from the first bar on: with its own bars alone it could want nothing before bar 50.
    expect(judged.value.equity.slice(0, 50).some((money) => money !== 10_000)).toBe(true);
    // After the first change of mind both hold the same: returns from there on are equal, to what an average forgets in 500 bars.
    const returns = (equity: Float64Array) =>
      equity.slice(-500).map((now, at) => now / (equity.at(at - 501) as number) - 1);
    const [here, there] = [returns(judged.value.equity), returns(whole.value.equity)];
    expect(Array.from(here).filter((gain, at) => Math.abs(gain - (there[at] as number)) > 1e-9)).toEqual([]);
    expect(here.some((gain) => gain !== 0)).toBe(true);
  });

  it('sells what is held at its last close, and pays for that', () => {
    const always = defineBarStrategy({
      id: 'always',
      title: 'Always',
      description: 'Long.',
      source: 'This spec.',
      parameters: {},
      warmUp: () => 0,
      decider: () => ({ onClose: (_, desk) => desk.enter(), snapshot: () => ({}), restore: () => undefined }),
    });
    const judged = judge({ bars, strategy: always, market }, {}, { from: 10, to: 20 });
    if (!judged.ok) throw new Error(judged.error.text);
    const [bought, sold] = [bars.open[11] as number, bars.close[19] as number];
    const left = (10_000 / (bought * 1.0002)) * sold * 0.9998;
    expect(judged.value.equity.at(-1)).toBeCloseTo(left, 8);
    expect(judged.value.nets.map((net) => net.toFixed(8))).toEqual([(left - 10_000).toFixed(8)]);
    expect(judged.value.figures).toMatchObject({ trades: 1, finalEquity: judged.value.equity.at(-1) });
  });
});

describe('a cross-validation', () => {
  it('chooses by what lies outside of a test: other bars in it change no choice', async () => {
    const spec = { groups: 4, testGroups: 1, purge: 90, embargo: 60 };
    const found = async (over: BarColumns) => {
      const result = await crossValidate(planOver(over), spec, triesOver(over));
      if (!result.ok) throw new Error(result.error.text);
      return result.value;
    };
    const before = await found(bars);
    const after = await found(changedFrom(4_500));
    expect(before.folds.map(({ test }) => test[0]?.from)).toEqual([0, 1_500, 3_000, 4_500]);
    // Only the last fold does not train on what was changed.
    expect(after.folds[3]?.parameters).toEqual(before.folds[3]?.parameters);
    expect(after.folds[3]?.trainScore).toBe(before.folds[3]?.trainScore);
    expect(after.folds[3]?.testScore).not.toBe(before.folds[3]?.testScore);
    expect(after.folds[0]?.trainScore).not.toBe(before.folds[0]?.trainScore);
    const sharpes = before.folds.map(({ testSharpe }) => testSharpe);
    expect(before.meanTestSharpe).toBeCloseTo(sharpes.reduce((sum, one) => sum + one, 0) / 4, 12);
    expect(before.positiveShare).toBe(sharpes.filter((one) => one > 0).length / 4);
  });

  it('goes on where the first test is over before what was chosen has warmed up', async () => {
    const { strategy, ...plan } = planOver(bars);
    const slow = readSpace(cross.parameters, ['fast=10,20'], { slow: 1_000 });
    if (!slow.ok) throw new Error(slow.error.text);
    const ground = new Ground(slow.value, strategy);
    const spec = { groups: 8, testGroups: 1, purge: 0, embargo: 0 };
    const found = await crossValidate({ ...plan, strategy, ground }, spec, triesOver(bars));
    if (!found.ok) throw new Error(found.error.text);
    expect(found.value.folds[0]).toMatchObject({ testScore: null, testSharpe: 0, trades: 0 });
    expect(found.value.folds[0]?.parameters).not.toBeNull();
    expect(found.value.folds.slice(1).some(({ trades }) => trades > 0)).toBe(true);
  });
});
