import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { optimise, plainMarket, readBars, readSpace, specOfWish, triesHere } from '@scalpstorm/backtest';
import type { JsonObject } from '@scalpstorm/model';
import { barStrategies } from '@scalpstorm/strategies';
import { describeWithServers } from '@scalpstorm/testkit';
import { barLine, barsHeader } from '../src/domain/bars-csv.js';
import { bob, candles, codesIn, jobIn, ResearchWorld, specOf } from './research-world.js';

const searched = (changes: JsonObject = {}): JsonObject =>
  specOf({ parameters: {}, space: ['fast=5..15:5', 'slow=20..40:10'], folds: { groups: 3 }, ...changes });

/** As `scalpstorm optimise` works it out of a file. */
async function workedOutHere() {
  const bars = readBars(Buffer.from(`${[barsHeader, ...candles.map(barLine)].join('\n')}\n`));
  const strategy = barStrategies.get('ema-cross');
  if (!bars.ok || strategy === undefined) throw new Error('not readable');
  const space = readSpace(strategy.parameters, ['fast=5..15:5', 'slow=20..40:10']);
  if (!space.ok) throw new Error(space.error.text);
  const wish = {
    search: { kind: 'grid', tries: 200, seed: 1 },
    objective: 'sharpe',
    walkForward: { train: null, test: null, anchored: false },
    folds: { groups: 3, testGroups: 1, purge: null, embargo: null },
    monteCarlo: { runs: 1_000, ruinShare: 0.5 },
    withinPct: 20,
  } as const;
  const market = plainMarket(10_000, 10);
  const spec = specOfWish(wish, bars.value.length);
  const plan = { bars: bars.value, strategy, space: space.value, market, spec };
  const tries = triesHere(plan, () => {});
  const made = { count: 9, variance: 0 };
  const run = await optimise(plan, { tries, everTried: async () => made });
  if (!run.ok) throw new Error(run.error.text);
  return JSON.parse(JSON.stringify(run.value.result));
}

describeWithServers('a search for parameters', ({ postgresUrl }) => {
  let world: ResearchWorld;
  beforeAll(async () => {
    world = await ResearchWorld.open(postgresUrl);
    await world.startService();
  });
  afterAll(() => world.close());

  const queued = (spec: JsonObject) => world.queued(spec, { kind: 'optimisation' });

  it('comes to what the same search comes to over a file, and counts every trial once', async () => {
    const { id } = await queued(searched());
    const done = await world.until(id, 'done');
    const { evidence: _e, verdict: _v, trials, ...rest } = await workedOutHere();
    expect(done.summary).toMatchObject({ ...rest, trials: { ...trials, ever: { count: 9 } } });
    expect(done.summary?.['codeHash']).toMatch(/^[0-9a-f]{64}$/);
    const again = await world.until((await queued(searched({ withinPct: 10 }))).id, 'done');
    expect(again.summary).toMatchObject({ trials: { ever: { count: 9 } } });
    const other = await world.until((await queued(searched({ feeBps: 5 }))).id, 'done');
    expect(other.summary).toMatchObject({ trials: { ever: { count: 18 } } });
  });

  it('goes on where a lost process was: what it had tried is not tried again', async () => {
    // What reaches beyond the data is asked for anew each time, so that the second one can be held.
    const spec = searched({ to: '2026-01-05T00:00:00Z' });
    const first = await world.until((await queued(spec)).id, 'done');
    const held = world.holdMarket();
    const next = await queued(spec);
    await held.asked;
    const kept = await world.sql`select chunk, ground, rows from tried where job = ${String(first.sequence)}`;
    for (const { chunk, ground, rows } of kept) {
      const marked = rows.replaceAll(/"returnPct":[^,]+/g, '"returnPct":1234.5');
      await world.sql`insert into tried values (${String(next.sequence)}, ${chunk}, ${ground}, ${marked})`;
    }
    held.let();
    const done = await world.until(next.id, 'done');
    const { best } = done.summary as { readonly best: { readonly figures: JsonObject } };
    expect(best.figures['returnPct']).toBe(1234.5);
    expect(done.summary?.['trials']).toEqual(first.summary?.['trials']);
  });

  it('is canceled like any job, is nobody else’s, and says what is wrong with it', async () => {
    const held = world.holdMarket();
    const { id } = await queued(searched({ to: '2026-01-06T00:00:00Z' }));
    await held.asked;
    expect(codesIn(await world.ask({ kind: 'cancel', jobId: id }, bob))).toEqual(['JOB_NOT_FOUND']);
    expect(jobIn(await world.ask({ kind: 'cancel', jobId: id }))).toMatchObject({ canceling: true });
    held.let();
    await world.until(id, 'canceled');
    const wrong = await world.submit(searched({ space: ['fsat=1..5'] }), { kind: 'optimisation' });
    expect(codesIn(wrong)).toEqual(['/space UNKNOWN_PARAMETER']);
    const idle = await queued(searched({ space: ['fast=499', 'slow=500'], to: '2026-01-01T10:00:00Z', folds: null }));
    expect((await world.until(idle.id, 'failed')).fault?.code).toMatch(/^(NOTHING_TRADED|TOO_FEW_BARS)$/);
  });
});
