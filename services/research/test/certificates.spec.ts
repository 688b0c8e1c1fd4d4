import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ResearchJob } from '@scalpstorm/contracts';
import { seededRng, unwrap } from '@scalpstorm/kernel';
import { type Candle, type JsonObject, Price, Quantity } from '@scalpstorm/model';
import { barStrategies, versionText } from '@scalpstorm/strategies';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { bob, candles, codesIn, patiently, ResearchWorld } from './research-world.js';

const examined = (changes: JsonObject = {}): JsonObject => ({
  strategy: 'ema-cross',
  parameters: { fast: 10, slow: 30 },
  instrument: 'sim:BTC-USDT',
  timeframe: '1m',
  bars: 2_000,
  ...changes,
});

/** Places its orders itself. */
const dca: JsonObject = {
  strategy: 'dca',
  parameters: { quantity: '1', safetyOrders: 1, deviationPercent: '0.5', takeProfitPercent: '0.3' },
};

/** Follows the volume of a bar: no harm, where the volume knows nothing. */
const byVolume: JsonObject = {
  format: 1,
  id: 'by-volume',
  title: 'By volume',
  description: 'Buys where much is traded.',
  enter: { left: { bar: 'volume' }, is: '>', right: 1.5 },
  exit: { left: { bar: 'volume' }, is: '<=', right: 1.5 },
};

/** Bars in which there is nothing to know, but whose volume is told after the next one is known. */
const quantity = (text: string): Quantity => unwrap(Quantity.parse(text));
const rng = seededRng(7);
const walk = candles.map((candle) => ({ candle, step: rng.next() < 0.5 ? -1n : 1n }));
let at = 1_000n;
const clairvoyant: readonly Candle[] = walk.map(({ candle, step }, index) => {
  const open = at;
  at += step;
  const [open10, close10] = [open * 10n ** 18n, at * 10n ** 18n];
  const [high, low] = step > 0n ? [close10, open10] : [open10, close10];
  const rises = (walk[index + 1]?.step ?? 0n) > 0n;
  const prices = { open: open10, high, low, close: close10 };
  const priced = Object.fromEntries(Object.entries(prices).map(([name, units]) => [name, Price.fromUnits(units)]));
  return { ...candle, ...priced, volume: quantity(rises ? '2' : '1') };
});

function versionOf(id: string, parameters: JsonObject): string {
  const rule = barStrategies.get(id)?.configure(parameters);
  if (!rule?.ok) throw new Error(`no ${id}`);
  return createHash('sha256').update(versionText(rule.value)).digest('hex');
}

describeWithServers('a certificate job', ({ postgresUrl }) => {
  let world: ResearchWorld;
  /** What the venue has. */
  let has = candles;
  beforeAll(async () => {
    world = await ResearchWorld.open(postgresUrl);
    // The newest of these bars has just ended, whatever the time is.
    world.market = ({ from, limit }) => {
      const minute = 60_000_000;
      const now = Date.now() * 1_000;
      const shift = Math.floor(now / minute) * minute - minute - (has.at(-1)?.openedAt ?? 0);
      const moved = has.map((candle) => ({ ...candle, openedAt: (candle.openedAt + shift) as Candle['openedAt'] }));
      return { ok: true, value: moved.filter(({ openedAt }) => openedAt >= from).slice(0, limit) };
    };
    await world.startService();
  });
  afterAll(() => world.close());

  const requested = (spec: JsonObject = examined()): Promise<ResearchJob> =>
    world.queued(spec, { kind: 'certificate' });

  it('examines a rule over the newest bars, and tells what came of it once, for good', async () => {
    const { id } = await requested();
    const done = await world.until(id, 'done');
    expect(done.summary).toMatchObject({
      strategy: 'ema-cross',
      parameters: { fast: 10, slow: 30 },
      version: versionOf('ema-cross', { fast: 10, slow: 30 }),
      codeHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      valid: true,
    });
    expect(Number(done.summary?.['bars'])).toBeGreaterThanOrEqual(1_999);
    await eventually(async () => {
      expect(await world.issued()).toMatchObject([
        {
          userId: 'user_ann',
          jobId: id,
          strategy: 'ema-cross',
          version: done.summary?.['version'],
          valid: true,
          failedChecks: [],
          meta: { occurredAt: done.finishedAt },
        },
      ]);
    }, patiently);
  });

  it('examines a strategy that places its orders itself in the same way', async () => {
    const { id } = await requested(examined({ ...dca, bars: 1_000 }));
    const done = await world.until(id, 'done');
    expect(done.summary).toMatchObject({
      format: 1,
      strategy: 'dca',
      // With every default.
      parameters: { quantity: '1', safetyOrders: 1, stepScale: '1', loop: true },
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
      codeHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      valid: true,
    });
    await eventually(async () => {
      expect((await world.issued()).at(-1)).toMatchObject({
        jobId: id,
        strategy: 'dca',
        valid: true,
        failedChecks: [],
      });
    }, patiently);
  });

  it('refuses a rule that goes by what only the next bar tells, and tells that, too', async () => {
    has = clairvoyant;
    const { id } = await requested(examined({ strategy: 'rule', parameters: { rule: byVolume }, bars: 2_400 }));
    const done = await world.until(id, 'done');
    has = candles;
    expect(done.summary).toMatchObject({ strategy: 'by-volume', valid: false });
    await eventually(async () => {
      expect((await world.issued()).at(-1)).toMatchObject({ jobId: id, valid: false, failedChecks: ['delayed'] });
    }, patiently);
  });

  it('fails where the venue has too little history, and where the rule never decides; nothing is told of that', async () => {
    const before = (await world.issued()).length;
    has = candles.slice(-900);
    const short = await requested(examined({ bars: 2_100 }));
    expect((await world.until(short.id, 'failed')).fault).toMatchObject({
      code: 'HISTORY_TOO_SHORT',
      // Fewer where minutes passed between the wish and the question to the venue.
      text: expect.stringMatching(/ (900|8[89]\d) of the 1000 bars/),
      next: expect.stringContaining('shorter timeframe'),
    });
    has = candles.map((candle) => ({ ...candle, volume: quantity('1') }));
    const never = {
      ...byVolume,
      enter: { left: { bar: 'volume' }, is: '>', right: 5 },
      exit: { left: { bar: 'volume' }, is: '>', right: 5 },
    };
    const idle = await requested(examined({ strategy: 'rule', parameters: { rule: never }, bars: 2_200 }));
    expect((await world.until(idle.id, 'failed')).fault).toMatchObject({ code: 'TOO_FEW_DECISIONS' });
    has = candles;
    expect(await world.issued()).toHaveLength(before);
  });

  it('is listed apart from backtests, and is nobody else’s', async () => {
    const { id } = await requested(examined({ bars: 2_300 }));
    const list = async (of: ResearchJob['kind'], userId?: ResearchJob['userId']) => {
      const answer = await world.ask({ kind: 'list', of, open: null, before: null, limit: 50 }, userId);
      return answer.ok && answer.value.kind === 'jobs' ? answer.value.jobs.map((job) => job.id) : [];
    };
    expect(await list('certificate')).toContain(id);
    expect(await list('backtest')).not.toContain(id);
    expect(await list('certificate', bob)).toEqual([]);
    await world.until(id, 'done');
  });

  it.each([
    ['another strategy', { strategy: 'moon' }, '/strategy UNKNOWN_STRATEGY'],
    [
      'a strategy of predictions',
      { strategy: 'model-signal', parameters: { quantity: '1' } },
      '/strategy NO_PREDICTIONS',
    ],
    ['a grid without prices', { strategy: 'grid', parameters: { quantity: '1' } }, '/parameters/lower'],
    ['too many bars for one that places orders', { ...dca, bars: 5_001 }, '/bars OUT_OF_RANGE'],
    ['a parameter out of range', { parameters: { fast: 30, slow: 10 } }, '/parameters/fast'],
    ['the size of a bot', { parameters: { fast: 10, quantity: '1' } }, '/parameters/quantity'],
    ['a rule that is none', { strategy: 'rule', parameters: { rule: { format: 1 } } }, '/parameters/rule'],
    ['no instrument', { instrument: 'BTC' }, '/instrument INSTRUMENT_UNKNOWN'],
    ['too few bars', { bars: 999 }, '/bars OUT_OF_RANGE'],
    ['too few bars for its warm-up', { parameters: { fast: 10, slow: 200 }, bars: 1_000 }, '/bars OUT_OF_RANGE'],
    ['too many bars', { bars: 30_001 }, '/bars OUT_OF_RANGE'],
    ['a time', { from: '2026-01-01T00:00:00Z' }, '/from UNKNOWN_FIELD'],
  ])('with %s is refused at its field', async (_, changes: JsonObject, code) => {
    const codes = codesIn(await world.submit(examined(changes), { kind: 'certificate' }));
    expect(codes.join()).toContain(code);
  });
});
