import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  optimise,
  plainMarket,
  readBars,
  readSpace,
  runBars,
  specOfWish,
  summaryOf,
  triesHere,
} from '@scalpstorm/backtest';
import type { ResearchJob } from '@scalpstorm/contracts';
import { type JsonObject, UserId } from '@scalpstorm/model';
import { barStrategies } from '@scalpstorm/strategies';
import { describeWithServers } from '@scalpstorm/testkit';
import { barLine, barsHeader } from '../src/domain/bars-csv.js';
import { bob, candles, codesIn, jobIn, ResearchWorld, specOf } from './research-world.js';

/** As `scalpstorm backtest` works it out of a file. */
function workedOutHere() {
  const text = Buffer.from(`${[barsHeader, ...candles.map(barLine)].join('\n')}\n`);
  const bars = readBars(text);
  const strategy = barStrategies.get('ema-cross')?.configure({ fast: 10, slow: 30 });
  if (!bars.ok || strategy?.ok !== true) throw new Error('not readable');
  const market = plainMarket(10_000, 10);
  const run = runBars(bars.value, strategy.value, market);
  if (!run.ok) throw new Error(run.error.text);
  const result = summaryOf(bars.value, strategy.value, market, run.value);
  const dataHash = createHash('sha256').update(text).digest('hex');
  return { ...result, equity: [...run.value.equity], dataHash };
}

const searched = (changes: JsonObject = {}): JsonObject =>
  specOf({ parameters: {}, space: ['fast=5..15:5', 'slow=20..40:10'], folds: { groups: 3 }, ...changes });

/** As `scalpstorm optimise` works it out of a file. */
async function searchedHere() {
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

describeWithServers('a job', ({ postgresUrl }) => {
  let world: ResearchWorld;
  /** The plainest one, as it was taken and as it ended: a thread for each spec would cost the more. */
  let queued: ResearchJob;
  let done: ResearchJob;
  beforeAll(async () => {
    world = await ResearchWorld.open(postgresUrl);
    await world.startService();
    queued = await world.queued();
    done = await world.until(queued.id, 'done');
  });
  afterAll(() => world.close());

  it('comes to the figures that the same bars come to in a file, series and trades included', async () => {
    expect(queued).toMatchObject({ state: 'queued', attempts: 0, summary: null, userId: 'user_ann' });
    const { summary, trades, equity, dataHash } = workedOutHere();
    expect(summary.trades).toBeGreaterThan(10);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(done.summary).toEqual({
      ...JSON.parse(JSON.stringify(summary)),
      ...{ path: 'event-driven', dataHash, codeHash: hash, trials: { ever: { count: 1, variance: 0 } } },
    });
    expect(done).toMatchObject({ progress: 1, attempts: 1, fault: null });
    const told = await world.rows(done.id, 'equity');
    expect(told.total).toBe(2_500);
    expect(told.rows.map((row) => row['equity'])).toEqual(equity);
    const rows = await world.rows(done.id, 'trades');
    expect(rows.rows.map((row) => row['net'])).toEqual(trades.map(({ net }) => net));
  });

  it('by the fast path comes to the same', async () => {
    const { id } = await world.queued(specOf({ fast: true }));
    expect((await world.until(id, 'done')).summary).toEqual({ ...done.summary, path: 'fast' });
  });

  it('asks the venue once for the same bars', async () => {
    const before = world.asked.length;
    await world.until((await world.queued(specOf({ feeBps: 5 }))).id, 'done');
    expect(world.asked.length).toBe(before);
  });

  it('runs a rule without code, which comes to what the same rule in code comes to', async () => {
    const rule = JSON.parse(
      readFileSync(new URL('../../../examples/strategies/ema-cross.json', import.meta.url), 'utf8'),
    );
    const parameters = { rule, ruleParameters: { fast: 10, slow: 30 } };
    const { id } = await world.queued(specOf({ strategy: 'rule', parameters }));
    const { finalEquity, fills } = workedOutHere().summary;
    expect((await world.until(id, 'done')).summary).toMatchObject({ strategy: rule.id, finalEquity, fills });
    const wrong = { rule, ruleParameters: { fast: 0 } };
    expect(codesIn(await world.submit(specOf({ strategy: 'rule', parameters: wrong }))).join()).toContain(
      '/parameters/ruleParameters/fast',
    );
  });

  it('gives its series in pages that fit together', async () => {
    const { id } = done;
    const whole = (await world.rows(id, 'equity')).rows;
    const pages = [];
    for (let from = 0; from < 2_500; from += 333) pages.push((await world.rows(id, 'equity', from, 333)).rows);
    expect(pages.flat()).toEqual(whole);
    expect((await world.rows(id, 'equity', 2_500, 10)).rows).toEqual([]);
  });

  it('is the same job for a repeated command, and refused for another one under its key', async () => {
    const first = await world.queued(specOf(), { commandId: 'once' });
    expect((await world.queued(specOf(), { commandId: 'once' })).id).toBe(first.id);
    expect(codesIn(await world.submit(specOf({ cash: 5 }), { commandId: 'once' }))).toEqual(['JOB_KEY_REUSED']);
    expect((await world.queued(specOf(), { commandId: 'once', userId: bob })).id).not.toBe(first.id);
  });

  it('is nobody else’s', async () => {
    const { id } = done;
    for (const wish of [{ kind: 'get' as const }, { kind: 'cancel' as const }])
      expect(codesIn(await world.ask({ ...wish, jobId: id }, bob))).toEqual(['JOB_NOT_FOUND']);
    const series = { kind: 'series' as const, jobId: id, series: 'equity' as const, from: 0, limit: 1 };
    expect(codesIn(await world.ask(series, bob))).toEqual(['JOB_NOT_FOUND']);
    const list = { kind: 'list' as const, of: 'backtest' as const, open: null, before: null, limit: 10 };
    const told = await world.ask(list, bob);
    expect(JSON.stringify(told, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(id);
  });

  it.each([
    ['another strategy', { strategy: 'moon' }, '/strategy UNKNOWN_STRATEGY'],
    ['a file as strategy', { strategy: './mine.js' }, '/strategy UNKNOWN_STRATEGY'],
    ['a parameter out of range', { parameters: { fast: 30, slow: 10 } }, '/parameters/fast'],
    ['an end before its begin', { to: '2025-01-01T00:00:00Z' }, '/to NOT_ALLOWED'],
    ['a time to come', { to: '2199-01-01T00:00:00Z', timeframe: '1d' }, '/to NOT_ALLOWED'],
    ['more bars than are allowed', { from: '2016-01-01T00:00:00Z' }, '/from TOO_MANY_BARS'],
    ['no money', { cash: 0 }, 'NOT_ALLOWED'],
    ['a field that nobody reads', { fastt: true }, '/fastt UNKNOWN_FIELD'],
    ['half a size', { size: { kind: 'fraction' } }, '/size NOT_ALLOWED'],
  ])('with %s is refused at its field', async (_, changes, code) => {
    const codes = codesIn(await world.submit(specOf(changes)));
    expect(codes.join()).toContain(code);
    expect(codes.length).toBeGreaterThan(0);
  });

  it('fails with what the data or the strategy lacks, and says what to do', async () => {
    const short = await world.queued(specOf({ to: '2026-01-01T00:20:00Z' }));
    expect((await world.until(short.id, 'failed')).fault).toMatchObject({ code: 'TOO_FEW_BARS' });
    const empty = await world.queued(specOf({ from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' }));
    expect((await world.until(empty.id, 'failed')).fault).toMatchObject({ code: 'NO_CANDLES' });
    const rows = { kind: 'series' as const, jobId: empty.id, series: 'trades' as const, from: 0, limit: 1 };
    expect(codesIn(await world.ask(rows))).toEqual(['JOB_NOT_DONE']);
  });

  it('says when the venue has less than was asked for, and does not keep that for later', async () => {
    const long = specOf({ to: '2026-01-05T00:00:00Z' });
    const { id } = await world.queued(long);
    const { summary } = await world.until(id, 'done');
    expect(JSON.stringify(summary?.['warnings'])).toContain('DATA_SHORTER');
    const before = world.asked.length;
    await world.until((await world.queued(long)).id, 'done');
    expect(world.asked.length).toBeGreaterThan(before);
  });

  it('waits for a venue that is away, and fails when it stays away', async () => {
    const answer = world.market;
    let asked = 0;
    world.market = (request) => {
      asked += 1;
      const away = { code: 'CANDLES_UNAVAILABLE', field: '', text: 'away', allowed: '', next: '' };
      return asked < 3 ? { ok: false, refusals: [away] } : answer(request);
    };
    const { id } = await world.queued(specOf({ to: '2026-01-02T00:00:00Z' }));
    await world.until(id, 'done');
    world.market = () => ({
      ok: false,
      refusals: [{ code: 'CANDLES_REFUSED', field: '', text: 'no such market', allowed: '', next: 'Choose another.' }],
    });
    const refused = await world.queued(specOf({ to: '2026-01-02T01:00:00Z' }));
    expect((await world.until(refused.id, 'failed')).fault).toMatchObject({ code: 'CANDLES_REFUSED' });
    world.market = answer;
  });

  const search = (spec: JsonObject) => world.queued(spec, { kind: 'optimisation' });

  it('that searches comes to what the same search comes to over a file, and counts every trial once, those by hand too', async () => {
    const cara = UserId.of('user_cara');
    const done = async (spec: JsonObject, kind: ResearchJob['kind'] = 'optimisation') =>
      world.until((await world.queued(spec, { kind, userId: cara })).id, 'done', cara);
    expect((await done(specOf(), 'backtest')).summary).toMatchObject({ trials: { ever: { count: 1 } } });
    const over = await done(searched());
    const { evidence: _e, verdict: _v, trials, ...rest } = await searchedHere();
    expect(over.summary).toMatchObject({ ...rest, trials: { ...trials, ever: { count: 9 } } });
    expect(over.summary?.['codeHash']).toMatch(/^[0-9a-f]{64}$/);
    // None of those that the search makes.
    const apart = await done(specOf({ parameters: { fast: 7, slow: 30 } }), 'backtest');
    expect(apart.summary).toMatchObject({ trials: { ever: { count: 10 } } });
    const again = await done(searched({ withinPct: 10 }));
    expect(again.summary).toMatchObject({ trials: { ever: { count: 10 } } });
    const other = await done(searched({ feeBps: 5 }));
    expect(other.summary).toMatchObject({ trials: { ever: { count: 19 } } });
  });

  it('that searches goes on where a lost process was: what it had tried is not tried again', async () => {
    // What reaches beyond the data is asked for anew each time, so that the second one can be held.
    const spec = searched({ to: '2026-01-05T00:00:00Z' });
    const first = await world.until((await search(spec)).id, 'done');
    const held = world.holdMarket();
    const next = await search(spec);
    await held.asked;
    const kept = await world.sql`select chunk, ground, rows from tried where job = ${String(first.sequence)}`;
    for (const { chunk, ground, rows } of kept) {
      const marked = rows.replaceAll(/"returnPct":[^,]+/g, '"returnPct":1234.5');
      await world.sql`insert into tried values (${String(next.sequence)}, ${chunk}, ${ground}, ${marked})`;
    }
    held.let();
    const over = await world.until(next.id, 'done');
    const { best } = over.summary as { readonly best: { readonly figures: JsonObject } };
    expect(best.figures['returnPct']).toBe(1234.5);
    expect(over.summary?.['trials']).toEqual(first.summary?.['trials']);
  });

  it('that searches is canceled like any other, is nobody else’s, and says what is wrong with it', async () => {
    const held = world.holdMarket();
    const { id } = await search(searched({ to: '2026-01-06T00:00:00Z' }));
    await held.asked;
    expect(codesIn(await world.ask({ kind: 'cancel', jobId: id }, bob))).toEqual(['JOB_NOT_FOUND']);
    expect(jobIn(await world.ask({ kind: 'cancel', jobId: id }))).toMatchObject({ canceling: true });
    held.let();
    await world.until(id, 'canceled');
    const wrong = await world.submit(searched({ space: ['fsat=1..5'] }), { kind: 'optimisation' });
    expect(codesIn(wrong)).toEqual(['/space UNKNOWN_PARAMETER']);
    const idle = await search(searched({ space: ['fast=499', 'slow=500'], to: '2026-01-01T10:00:00Z', folds: null }));
    expect((await world.until(idle.id, 'failed')).fault?.code).toBe('NOTHING_TRADED');
  });
});
