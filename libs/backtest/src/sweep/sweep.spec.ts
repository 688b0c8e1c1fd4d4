import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { seededRng, unwrap } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type BarColumns, barStrategies } from '@scalpstorm/strategies';
import { plainMarket } from '../bars/bar-market.js';
import { runBars } from '../bars/run-bars.js';
import { trialFigures } from '../figures/trial-figures.js';
import { type SweepOptions, sweep } from './sweep.js';

function market(length: number): BarColumns {
  const rng = seededRng(11);
  const column = () => new Float64Array(length);
  const bars = {
    length,
    openedAt: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let price = 100;
  for (let bar = 0; bar < length; bar += 1) {
    bars.openedAt[bar] = bar * 60e6;
    bars.open[bar] = price;
    price *= 1 + 0.004 * (rng.next() - 0.5);
    bars.close[bar] = price;
    bars.high[bar] = Math.max(bars.open[bar] ?? 0, price) * 1.001;
    bars.low[bar] = Math.min(bars.open[bar] ?? 0, price) * 0.999;
    bars.volume[bar] = 10 * rng.next();
  }
  return bars;
}

const bars = market(4_000);
const assumed = { ...plainMarket(10_000, 5), spreadBps: 1 };
const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (strategy: string, combinations: readonly JsonObject[], options: Partial<SweepOptions> = {}) =>
  sweep({ bars, strategy, combinations, market: assumed }, { workers: 2, ...options });

/** By the decider, one bar after another. */
function alone(id: string, parameters: JsonObject) {
  const known = barStrategies.get(id);
  if (known === undefined) throw new Error(`there is no ${id}`);
  const strategy = unwrap(known.configure(parameters));
  return trialFigures(bars, unwrap(runBars(bars, strategy, assumed)), assumed);
}

const combinationsOf: Readonly<Record<string, readonly JsonObject[]>> = {
  'ema-cross': [3, 5, 8].flatMap((fast) => [13, 21, 34].map((slow) => ({ fast, slow }))),
  'macd-trend': [8, 12].flatMap((fastPeriod) => [5, 9].map((signalPeriod) => ({ fastPeriod, signalPeriod }))),
  'rsi-reversion': [20, 30].flatMap((buyBelow) => [0, 2].map((stopPercent) => ({ buyBelow, stopPercent }))),
  bollinger: [{ stopPercent: 0 }, { stopPercent: 1 }],
  'volume-breakout': [{ volumeFactor: 0 }, { volumeFactor: 1 }],
  supertrend: [{ multiplier: 2 }, { multiplier: 3 }],
};

describe('a sweep', () => {
  it.each(Object.keys(combinationsOf))(
    'has the figures of each combination run by itself, to the last bit: %s',
    async (id) => {
      const combinations = combinationsOf[id] ?? [];
      const { rows, faults, left } = unwrap(await run(id, combinations));
      expect([faults, left]).toEqual([[], 0]);
      expect(rows).toEqual(
        combinations.map((parameters, index) => ({ index, parameters, figures: alone(id, parameters) })),
      );
      expect(rows.reduce((trades, { figures }) => trades + figures.trades, 0)).toBeGreaterThan(10);
    },
  );

  it('comes to the same whatever the number of workers, and tells its rows in their order', async () => {
    const combinations = Array.from({ length: 90 }, (_, index) => ({ fast: 2 + (index % 9), slow: 10 + index }));
    const [one, three] = await Promise.all(
      [1, 3].map(async (workers) => {
        const told: number[] = [];
        const progress: number[] = [];
        const onRow = ({ index }: { readonly index: number }) => void told.push(index);
        const result = await run('ema-cross', combinations, {
          workers,
          onRow,
          onProgress: (done) => progress.push(done),
        });
        expect(told).toEqual(combinations.map((_, index) => index));
        expect(progress.at(-1)).toBe(90);
        expect(progress.length).toBeGreaterThan(2);
        return unwrap(result);
      }),
    );
    expect(three).toEqual(one);
  });

  it('keeps what was done when it is ended early', async () => {
    const ending = new AbortController();
    const combinations = Array.from({ length: 400 }, (_, index) => ({ fast: 3, slow: 10 + index }));
    const { rows, left } = unwrap(
      await run('ema-cross', combinations, { signal: ending.signal, onProgress: () => ending.abort() }),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length + left).toBe(400);
    expect(left).toBeGreaterThan(0);
  });

  it('says what can not be run', async () => {
    const { rows, faults } = unwrap(
      await run('ema-cross', [{ fast: 3 }, { fast: 30, slow: 30 }, { slow: 5_000, fast: 4_999 }]),
    );
    expect(rows.map(({ index }) => index)).toEqual([0]);
    expect(faults.map(({ index, fault: { code } }) => `${index} ${code}`)).toEqual([
      '1 INVALID_PARAMETERS',
      '2 TOO_FEW_BARS',
    ]);
    expect(await run('ema-cros', [{}])).toMatchObject({ ok: false, error: { code: 'UNKNOWN_STRATEGY' } });
    const poor = { bars, strategy: 'ema-cross', combinations: [{}], market: { ...assumed, cash: 0 } };
    expect(await sweep(poor, { workers: 1 })).toMatchObject({ ok: false, error: { code: 'NOT_ALLOWED' } });
    expect(await run('ema-cross', [])).toEqual({ ok: true, value: { rows: [], faults: [], left: 0 } });
  });
});

describe('a strategy that misbehaves', () => {
  const file = join(folder, 'wild.mjs');
  writeFileSync(
    file,
    `import { defineBarStrategy } from '@scalpstorm/strategies';
    export const wild = defineBarStrategy({
      id: 'wild', title: 'Wild', description: 'Breaks.', source: 'nobody',
      parameters: { way: { kind: 'choice', title: 'Way', description: 'To break.', default: 'none', options: ['none', 'throw', 'end', 'loop'] } },
      warmUp: () => 1,
      decider: ({ way }) => ({
        onClose(bar) {
          if (bar.index < 100) return;
          if (way === 'throw') throw new RangeError('too wild');
          if (way === 'end') process.exit(3);
          while (way === 'loop');
        },
        snapshot: () => ({}),
        restore: () => undefined,
      }),
    });\n`,
  );

  it('costs nothing but its own combinations, each of which is named', async () => {
    const ways = ['none', 'throw', 'none', 'end', 'none', 'loop', 'none', 'end'];
    const { rows, faults, left } = unwrap(
      await run(
        file,
        ways.map((way) => ({ way })),
        // More than an honest one ever waits for its core.
        { secondsMax: 3 },
      ),
    );
    expect(rows.map(({ index }) => index)).toEqual([0, 2, 4, 6]);
    expect(left).toBe(0);
    expect(faults.map(({ index, parameters, fault }) => [index, parameters, fault.code, fault.text])).toEqual([
      [1, { way: 'throw' }, 'STRATEGY_THREW', expect.stringContaining('RangeError: too wild')],
      [3, { way: 'end' }, 'WORKER_DIED', expect.stringMatching(/^thread \d: it ended with 3/)],
      [5, { way: 'loop' }, 'STRATEGY_LOOPS', expect.stringMatching(/^thread \d: it did not end within 3 s/)],
      [7, { way: 'end' }, 'WORKER_DIED', expect.stringMatching(/^thread \d: it ended with 3/)],
    ]);
  });

  it('is not blamed for a thread that has not come to it yet', async () => {
    const held = join(folder, 'held.mjs');
    writeFileSync(
      held,
      `import { parentPort } from 'node:worker_threads';
      import { defineBarStrategy } from '@scalpstorm/strategies';
      const nothing = new Int32Array(new SharedArrayBuffer(4));
      const say = parentPort.postMessage.bind(parentPort);
      parentPort.postMessage = (message) => {
        say(message);
        if (message.kind === 'begun') Atomics.wait(nothing, 0, 0, 2_500);
      };
      export const held = defineBarStrategy({
        id: 'held', title: 'Held', description: 'Calm.', source: 'nobody', parameters: {}, warmUp: () => 1,
        decider: () => ({ onClose: () => undefined, snapshot: () => ({}), restore: () => undefined }),
      });\n`,
    );
    const { rows, faults } = unwrap(await run(held, [{}], { workers: 1, secondsMax: 2 }));
    expect([rows.length, faults]).toEqual([1, []]);
  });

  it('is run as its file is now, not as it was at the sweep before', async () => {
    const edited = join(folder, 'edited.mjs');
    const tradesWith = async (wish: string) => {
      writeFileSync(
        edited,
        `import { defineBarStrategy } from '@scalpstorm/strategies';
        export const edited = defineBarStrategy({
          id: 'edited', title: 'Edited', description: 'Grows.', source: 'nobody', parameters: {}, warmUp: () => 1,
          decider: () => ({
            onClose: (bar, desk) => ${wish},
            snapshot: () => ({}),
            restore: () => undefined,
          }),
        });\n`,
      );
      return unwrap(await run(edited, [{}], { workers: 1 })).rows.map(({ figures }) => figures.fills);
    };
    expect([await tradesWith('undefined'), await tradesWith('desk.enter()')]).toEqual([[0], [1]]);
  });

  it('ends a sweep that it leaves nothing of', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'process.exit(4);\n');
    expect(await run(broken, [{}])).toMatchObject({
      ok: false,
      error: { code: 'WORKER_DIED', text: 'thread 1: it ended with 4.' },
    });
    const all = await run(
      file,
      Array.from({ length: 12 }, () => ({ way: 'end' })),
    );
    expect(all).toMatchObject({ ok: false, error: { code: 'WORKER_DIED' } });
  });
});
