import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type BarColumns, type BarStrategy, barStrategies, type ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { walkingBars } from '@scalpstorm/strategies/kit';
import { loadStrategy } from '@scalpstorm/strategy-files';
import { plainMarket } from '../bars/bar-market.js';
import { runBars } from '../bars/run-bars.js';
import { runKernel } from '../bars/run-kernel.js';
import { readBars } from '../data/read-bars.js';

const market = plainMarket(10_000, 10);
const folder = fileURLToPath(new URL('../../../../examples/strategies/', import.meta.url));
const month = fileURLToPath(
  new URL('../../../../../shared/data/btc-perp_1m_2021-12-31_2022-02-01.csv.gz', import.meta.url),
);

async function example(name: string): Promise<BarStrategy> {
  return unwrap(await loadStrategy(`${folder}${name}.json`)).strategy;
}

const fillsOf = (bars: BarColumns, strategy: ConfiguredBarStrategy) => unwrap(runBars(bars, strategy, market)).fills;

const cases: readonly (readonly [string, JsonObject])[] = [
  ['ema-cross', {}],
  ['ema-cross', { fast: 5, slow: 90 }],
  ['macd-trend', {}],
  ['rsi-reversion', {}],
  ['rsi-reversion', { period: 7, buyBelow: 20, stopPercent: 0 }],
  ['bollinger', {}],
  ['volume-breakout', {}],
  ['supertrend', {}],
];

describe('an example of the builder', () => {
  it.each(cases)('trades exactly as the coded one: %s %j', async (id, parameters) => {
    await expectAlike(walkingBars(11, 5_000), id, parameters, 10);
  });

  describe('over a recorded month', () => {
    let bars: BarColumns;
    beforeAll(() => {
      if (existsSync(month)) bars = unwrap(readBars(gunzipSync(readFileSync(month))));
    });
    // It is not a part of the product: where it is missing there is nothing to compare.
    const check = existsSync(month) ? it : it.skip;

    check.each(cases)('trades exactly as the coded one: %s %j', async (id, parameters) => {
      await expectAlike(bars, id, parameters, 50);
    });

    check('trades where it looks at time and position', async () => {
      const dip = unwrap((await example('office-hours-dip')).configure({}));
      expect(dip.kernel).toBeNull();
      expect(fillsOf(bars, dip).length).toBeGreaterThan(10);
    });
  });

  async function expectAlike(bars: BarColumns, id: string, parameters: JsonObject, fillsMin: number): Promise<void> {
    const coded = unwrap((barStrategies.get(id) as BarStrategy).configure(parameters));
    const written = unwrap((await example(id)).configure(parameters));
    expect(written.warmUp).toBe(coded.warmUp);
    const fills = fillsOf(bars, written);
    expect(fills).toEqual(fillsOf(bars, coded));
    expect(fills.length).toBeGreaterThan(fillsMin);
    expect(written.kernel === null).toBe(coded.kernel === null);
    if (written.kernel !== null) {
      expect(unwrap(runKernel(bars, written, written.kernel, market)).fills).toEqual(fills);
    }
  }

  it('is none that can not be loaded', async () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(names.length).toBeGreaterThan(6);
    for (const name of names) {
      const strategy = await example(name.slice(0, -5));
      expect(unwrap(strategy.configure({})).warmUp).toBeGreaterThan(10);
    }
  });
});
