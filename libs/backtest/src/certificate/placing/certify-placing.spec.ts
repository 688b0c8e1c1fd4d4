import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import {
  type BarColumns,
  type ConfiguredStrategy,
  type Strategy,
  strategies,
  withDefaults,
} from '@scalpstorm/strategies';
import { walkingBars } from '@scalpstorm/strategies/kit';
import { decisionsMin } from '../certificate.js';
import { placingVersionText } from './placing-version.js';
import { examined, type Planted, planted } from './planted.js';

/** What is planted shows over few bars; measures take some hundreds to settle. */
const bars = walkingBars(7, 150);
const longBars = walkingBars(7, 370);
const minute = 60_000_000;

const failedChecks = (plant: Planted, over: BarColumns = bars): readonly string[] =>
  unwrap(examined(planted(plant), over))
    .checks.filter(({ passed }) => !passed)
    .map(({ name }) => name);

const grid = strategies.get('grid') as Strategy;
const gridAround = { lower: '95', upper: '105', quantity: '1' };

describe('the certificate of a strategy that places orders catches', () => {
  it('one that looks ahead at the next bar, which it knows from an earlier run', () => {
    const seen = new Map<number, number>();
    const clairvoyant: Planted =
      () =>
      (price, { now }) => {
        seen.set(now, price);
        return (seen.get(now + minute) ?? 0) > price ? 'buy' : 'sell';
      };
    expect(failedChecks(clairvoyant)).toContain('truncation');
  });

  it('one that deals around the first price that it heard', () => {
    const anchored: Planted = () => (price, _, memory) => {
      const first = Number(memory.kept['first'] ?? price);
      memory.kept = { first };
      return price < first * 0.998 ? 'buy' : price > first ? 'sell' : null;
    };
    expect(failedChecks(anchored)).toEqual(['warm-up']);
  });

  it('one that counts from where the data begin', () => {
    const counting: Planted = () => (_price, _, memory) => {
      const heard = Number(memory.kept['heard'] ?? 0) + 1;
      memory.kept = { heard };
      return heard % 37 === 0 ? 'buy' : heard % 37 === 11 ? 'sell' : null;
    };
    expect(failedChecks(counting)).toEqual(['warm-up']);
  });

  it('an average of its own that has hardly begun', () => {
    const averaging: Planted = () => (price, _, memory) => {
      const average = Number(memory.kept['average'] ?? price);
      memory.kept = { average: average + (price - average) / 400 };
      return price > average * 1.002 ? 'buy' : price < average ? 'sell' : null;
    };
    expect(failedChecks(averaging)).toEqual(['warm-up']);
  });

  it('a grid whose quantity hangs on where the data begin', () => {
    const { checks } = unwrap(examined(datedGrid, bars, withDefaults(grid, { ...gridAround, levels: 6 })));
    expect(checks.filter(({ passed }) => !passed)).toEqual([
      expect.objectContaining({
        name: 'warm-up',
        text: expect.stringMatching(/"open buy [12] at .* instead of "open buy [12] at/),
      }),
    ]);
  });

  it('chance', () => {
    expect(failedChecks(() => () => (Math.random() < 0.5 ? 'buy' : 'sell'))).toContain('repeat');
  });

  it('one that remembers beside its state, and forgets it at a restart', () => {
    const forgetful: Planted = () => {
      let last = Number.NaN;
      return (price) => {
        const wish = price > last ? 'buy' : price < last ? 'sell' : null;
        last = price;
        return wish;
      };
    };
    expect(failedChecks(forgetful)).toContain('restart');
  });

  it('data in which a bar knows the next one', () => {
    const volume = bars.volume.map((_, bar) => ((bars.close[bar + 1] ?? 0) > (bars.close[bar] as number) ? 8 : 4));
    const trusting: Planted =
      () =>
      (_price, { trade }) =>
        (trade?.quantity ?? 0n) > 10n ** 12n ? 'buy' : 'sell';
    expect(failedChecks(trusting, { ...bars, volume })).toEqual(['delayed']);
  });
});

/** A grid whose quantity is one of two by the minute in which its data begin. */
const datedGrid: Strategy = {
  ...grid,
  configure(parameters, ...market) {
    const [one, other] = ['1', '2'].map((quantity) => grid.configure({ ...parameters, quantity }, ...market));
    if (!one?.ok || !other?.ok) return grid.configure(parameters, ...market);
    const step: ConfiguredStrategy['step'] = (state, event, context) => {
      const begun = Number(state['begun'] ?? context.now);
      const { step: stepOf } = Math.floor(begun / minute) % 2 === 0 ? one.value : other.value;
      const { effects, state: next } = stepOf(state, event, context);
      return { effects, state: { ...next, begun } };
    };
    return { ok: true, value: { ...one.value, step } };
  },
};

describe('what has nothing to hide', () => {
  const honest: Planted = () => (price, _, memory) => {
    const before = Number(memory.kept['before'] ?? price);
    memory.kept = { before: price };
    return price > before * 1.003 ? 'buy' : price < before ? 'sell' : null;
  };

  it('passes, and the same examination gives the same certificate', () => {
    const certificate = unwrap(examined(planted(honest), bars));
    expect(certificate).toMatchObject({ format: 1, valid: true, warnings: [], bars: bars.length });
    expect(certificate.checks.map(({ name, passed }) => [name, passed])).toEqual(
      ['truncation', 'repeat', 'kernel', 'warm-up', 'restart', 'shuffled', 'delayed'].map((name) => [name, true]),
    );
    expect(certificate.decisions).toBeGreaterThan(20);
    expect(unwrap(examined(planted(honest), bars))).toEqual(certificate);
  });

  it('is warned of where it holds something ever after, so that it could have begun nowhere else', () => {
    const { valid, warnings } = unwrap(
      examined(
        planted(() => () => 'buy'),
        bars,
      ),
    );
    expect([valid, warnings.map(({ code }) => code)]).toEqual([true, ['BEGINNING_NOT_COMPARED', 'FEW_DECISIONS']]);
  });

  it('is warned of where its orders hang on which it had before, as of a grid that may have few', () => {
    const parameters = { ...gridAround, levels: 12, openOrdersMax: 2 };
    const { valid, warnings } = unwrap(examined(grid, bars, withDefaults(grid, parameters)));
    expect([valid, warnings[0]?.code]).toEqual([true, 'HANGS_ON_ORDERS']);
  });

  const offset = (text: string, unit: string, from: string): JsonObject => ({ offset: text, unit, from });
  const around: readonly (readonly [string, JsonObject, BarColumns])[] = [
    ['grid', { ...gridAround, levels: 6 }, bars],
    ['dca', { quantity: '1', takeProfitPercent: '0.8', deviationPercent: '0.5' }, bars],
    [
      'scalping-cycle',
      { quantity: '1', buyPrice: offset('-20', 'bps', 'last'), sellPrice: offset('40', 'bps', 'entry') },
      bars,
    ],
    [
      'scalping-cycle',
      {
        ...{ quantity: '1', atrPeriod: 2, entryTimeoutSeconds: 120, coolDownSeconds: 30 },
        ...{ buyPrice: offset('-0.3', 'atr', 'mid'), sellPrice: offset('0.5', 'atr', 'entry'), stopLossPercent: '2' },
      },
      longBars,
    ],
    [
      'market-making',
      { quantity: '1', lots: 1, refreshSeconds: 600, toleranceBps: '60', atrPeriod: 2, atrSeconds: 15 },
      longBars,
    ],
  ];
  it.each(around)('is %s with %j', (id, parameters, over) => {
    const strategy = strategies.get(id) as Strategy;
    const { checks, decisions } = unwrap(examined(strategy, over, withDefaults(strategy, parameters)));
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(decisions).toBeGreaterThanOrEqual(decisionsMin);
  });
});

describe('is not examined', () => {
  it.each([
    ['model-signal', { quantity: '1' }, bars, 'NO_PREDICTIONS'],
    ['grid', { lower: '2', upper: '1', quantity: '1' }, bars, 'INVALID_PARAMETERS'],
    ['grid', { lower: '90', upper: '110', quantity: '1' }, walkingBars(1, 5), 'TOO_FEW_BARS'],
    ['market-making', { quantity: '1', lots: 1, atrPeriod: 14, atrSeconds: 60 }, walkingBars(1, 400), 'TOO_FEW_BARS'],
  ])('%s with %j', (id, parameters: JsonObject, over, code) => {
    expect(examined(strategies.get(id) as Strategy, over, parameters)).toMatchObject({ ok: false, error: { code } });
  });

  it('what throws', () => {
    const throwing: Planted = () => () => {
      throw new Error('no');
    };
    expect(examined(planted(throwing), bars)).toMatchObject({ ok: false, error: { code: 'STRATEGY_THREW' } });
  });
});

describe('the version of a strategy that places orders', () => {
  const versionOf = (parameters: JsonObject, strategy = grid) =>
    placingVersionText(strategy, withDefaults(strategy, parameters));
  const near = { lower: '0.00009', upper: '0.00011', quantity: '1000' };

  it('is the same with a default said, and another one with another parameter', () => {
    expect(versionOf({ ...near, levels: 10 })).toBe(versionOf(near));
    expect(versionOf({ ...near, levels: 11 })).not.toBe(versionOf(near));
  });

  it('is another one where it decides otherwise, in a market about the prices that it names', () => {
    const idle: Strategy = {
      ...grid,
      configure: (...given) => {
        const configured = grid.configure(...given);
        if (!configured.ok) return configured;
        const quiet = { ...configured.value, step: (state: JsonObject) => ({ state, effects: [] }) };
        return { ok: true, value: quiet };
      },
    };
    expect(versionOf(near, idle)).not.toBe(versionOf(near));
  });
});
