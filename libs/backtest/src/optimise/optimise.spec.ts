import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import { type BarColumns, type BarStrategy, barStrategies } from '@scalpstorm/strategies';
import { plantedMarket } from '../../test/planted-market.js';
import { plainMarket } from '../bars/bar-market.js';
import type { OptimiseSpec } from './optimisation.js';
import { type OptimisePlan, optimise } from './optimise.js';
import { readSpace } from './space.js';
import { interrupted, type Stretch, type Tried, type Tries, triesBySweep } from './tries.js';

const cross = barStrategies.get('ema-cross') as BarStrategy;

const spec: OptimiseSpec = {
  search: { kind: 'grid', tries: 0, seed: 1 },
  objective: 'sharpe',
  walkForward: { train: 3_000, test: 1_000, anchored: false },
  folds: null,
  monteCarlo: { runs: 200, ruinShare: 0.5 },
  withinPct: 30,
};

function planOver(
  bars: BarColumns,
  changes: Partial<OptimiseSpec> = {},
  space = ['fast=1..21:4', 'slow=15..90:15'],
): OptimisePlan {
  const read = readSpace(cross.parameters, space);
  if (!read.ok) throw new Error(read.error.text);
  return { bars, strategy: cross, space: read.value, market: plainMarket(10_000, 1), spec: { ...spec, ...changes } };
}

/** Counts every combination once, as the registry does. */
function benchOf(plan: OptimisePlan, tries: Tries = triesBySweep({ ...plan, strategy: 'ema-cross', workers: 1 })) {
  const sharpes = new Map<string, number>();
  const counting: Tries = async (stretch, combinations) => {
    const told = await tries(stretch, combinations);
    for (const [index, tried] of (told.ok ? told.value : []).entries()) {
      const isWhole = stretch.to - stretch.from === plan.bars.length;
      if (isWhole && 'figures' in tried) sharpes.set(JSON.stringify(combinations[index]), tried.figures.sharpePerBar);
    }
    return told;
  };
  const everTried = async () => {
    const all = [...sharpes.values()];
    const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
    return { count: all.length, variance: all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (all.length - 1) };
  };
  return { tries: counting, everTried };
}

async function found(plan: OptimisePlan, tries?: Tries) {
  const result = await optimise(plan, benchOf(plan, tries));
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.text}`);
  return result.value;
}

const codes = ({ result }: Awaited<ReturnType<typeof found>>) => result.verdict.reasons.map(({ code }) => code);

describe('a search over a market without an edge', () => {
  it('has not enough evidence, in 40 of 40 seeded random walks, 38 of which the deflated Sharpe ratio alone refuses', async () => {
    const told: string[] = [];
    let refusedByTrials = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const run = await found(planOver(plantedMarket({ seed, bars: 6_000, edge: 0 })));
      told.push(run.result.verdict.code);
      if (codes(run).includes('DEFLATED_SHARPE_LOW')) refusedByTrials += 1;
    }
    expect(told).toEqual(new Array(40).fill('NOT_ENOUGH_EVIDENCE'));
    expect(refusedByTrials).toBeGreaterThanOrEqual(38);
  });
});

describe('a search over a market with a planted edge', () => {
  it('has evidence, in at least 17 of 20 seeded markets', async () => {
    let called = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const { result } = await found(planOver(plantedMarket({ seed, bars: 12_000, edge: 0.25 })));
      if (result.verdict.code === 'EVIDENCE') called += 1;
    }
    expect(called).toBeGreaterThanOrEqual(17);
  });
});

const bars = plantedMarket({ seed: 2, bars: 6_000, edge: 0.2 });

describe('trials', () => {
  it('come to the same in threads as right here, and are heard as they are run', async () => {
    const long = plantedMarket({ seed: 8, bars: 60_000, edge: 0.1 });
    const combinations = Array.from({ length: 200 }, (_, index) => ({ fast: 1 + (index % 20), slow: 30 + index }));
    const stretch = { from: 1_000, to: 59_000 };
    const run = async (workers: number) => {
      const heard: JsonObject[] = [];
      const tries = triesBySweep(
        { bars: long, strategy: 'ema-cross', market: plainMarket(10_000, 1), workers },
        (_, parameters) => heard.push(parameters),
      );
      return { told: await tries(stretch, combinations), heard };
    };
    const here = await run(1);
    expect(here.told.ok && here.told.value.length).toBe(200);
    expect(await run(2)).toEqual(here);
  });

  it('end when they are told to, and say so', async () => {
    const ended = new AbortController();
    ended.abort();
    const tries = triesBySweep({ ...planOver(bars), strategy: 'ema-cross', workers: 1, signal: ended.signal });
    expect(await tries({ from: 0, to: 1_000 }, [{ fast: 5, slow: 20 }])).toEqual({ ok: false, error: interrupted });
  });
});

describe('a search', () => {
  it('comes to the same bytes twice', async () => {
    const changes: Partial<OptimiseSpec> = {
      search: { kind: 'tpe', tries: 20, seed: 3 },
      folds: { groups: 4, testGroups: 2, purge: null, embargo: 20 },
    };
    const once = await found(planOver(bars, changes));
    expect(JSON.stringify((await found(planOver(bars, changes))).result)).toBe(JSON.stringify(once.result));
    expect(once.result.trials.run).toBe(20);
    expect(once.result.crossValidation).toMatchObject({ purge: 90, groups: 4 });
    expect(once.result.crossValidation?.folds).toHaveLength(6);
  });

  it('counts what was run, and apart from it what the strategy refuses', async () => {
    const { result, trials } = await found(planOver(bars, {}, ['fast=10..40:10', 'slow=20..40:10']));
    // 10 below 20, 30 and 40; 20 below 30 and 40; 30 below 40.
    expect(result.trials).toMatchObject({ run: 6, refused: 6, idle: 0, failed: 0 });
    expect(trials).toHaveLength(6);
    expect(trials.map(({ score }) => score)).toEqual(
      trials.map(({ score }) => score).toSorted((a, b) => (b ?? 0) - (a ?? 0)),
    );
    expect(result.best.parameters).toEqual(trials[0]?.parameters);
  });

  it('counts a combination that can not be run as failed, and goes on', async () => {
    const short = plantedMarket({ seed: 2, bars: 4_000, edge: 0.2 });
    const { result } = await found(planOver(short, { walkForward: null }, ['fast=5', 'slow=50,5000']));
    expect(result.trials).toMatchObject({ run: 2, failed: 1 });
    expect(result.warnings.map(({ code }) => code)).toContain('TOO_FEW_BARS');
  });

  it('asks a bench for the same things in the same order, whatever it remembers', async () => {
    const plan = planOver(bars, { search: { kind: 'tpe', tries: 25, seed: 5 } });
    const remembered = new Map<string, Tried>();
    const whole = triesBySweep({ ...plan, strategy: 'ema-cross', workers: 1 });
    const key = (stretch: Stretch, parameters: JsonObject) => JSON.stringify([stretch, parameters]);
    let allowance = 40;
    /** Ends after so many trials; what it ran until then is remembered, as text. */
    const limited: Tries = async (stretch, combinations) => {
      for (const parameters of combinations) {
        if (remembered.has(key(stretch, parameters))) continue;
        if (allowance === 0) return { ok: false, error: interrupted };
        allowance -= 1;
        const tried = await whole(stretch, [parameters]);
        if (!tried.ok) return tried;
        remembered.set(key(stretch, parameters), JSON.parse(JSON.stringify(tried.value[0])) as Tried);
      }
      return { ok: true, value: combinations.map((parameters) => remembered.get(key(stretch, parameters)) as Tried) };
    };
    expect(await optimise(plan, benchOf(plan, limited))).toEqual({ ok: false, error: interrupted });
    expect(remembered.size).toBe(40);
    allowance = Number.POSITIVE_INFINITY;
    const resumed = await found(plan, limited);
    expect(JSON.stringify(resumed.result)).toBe(JSON.stringify((await found(plan)).result));
  });

  it.each([
    ['NOTHING_ALLOWED', planOver(bars, {}, ['fast=50..60:5', 'slow=20..40:10'])],
    ['NOTHING_TRADED', planOver(flat(), {})],
    [
      'TOO_FEW_BARS',
      planOver(plantedMarket({ seed: 1, bars: 1_000, edge: 0 }), { walkForward: null }, ['fast=5', 'slow=2000']),
    ],
    ['WINDOWS_NOT_ALLOWED', planOver(bars, { walkForward: { train: 7_000, test: 10, anchored: false } })],
    ['WINDOWS_NOT_ALLOWED', planOver(bars, { folds: { groups: 1, testGroups: 1, purge: 0, embargo: 0 } })],
    ['SPACE_TOO_LARGE', planOver(bars, {}, ['fast', 'slow'])],
    ['NOT_ALLOWED', planOver(bars, { search: { kind: 'random', tries: 0, seed: 1 } })],
    ['NOT_ALLOWED', { ...planOver(bars), market: plainMarket(0, 1) }],
  ])('is refused with %s and a next step', async (code, plan) => {
    const told = await optimise(plan, benchOf(plan));
    expect(told).toMatchObject({ ok: false, error: { code, next: expect.stringMatching(/.{10}/) } });
  });
});

function flat(): BarColumns {
  const still = new Float64Array(6_000).fill(100);
  return { ...bars, open: still, high: still, low: still, close: still };
}
