import { describe, expect, it } from '@jest/globals';
import { plainMarket } from '@scalpstorm/backtest';
import { Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, type JsonObject } from '@scalpstorm/model';
import { barStrategies } from '@scalpstorm/strategies';
import { waveOfBars } from '../../test/wave-of-bars.js';
import { readBacktestSpec } from '../domain/backtest-spec.js';
import { readOptimisationSpec } from '../domain/optimisation-spec.js';
import type { Trial } from '../ports/trial-records.js';
import type { Work, WorkDesk } from '../ports/workbench.js';
import { ThreadWorkbench } from './thread-workbench.js';

const greedy = new URL('../../test/greedy-thread.mjs', import.meta.url);
const roomy = { megabytesMax: 256, millisecondsMax: 120_000 };
const start = Date.UTC(2026, 0, 1) * 1_000;

const workOf = (strategy: string, rows = 40): Work => ({
  kind: 'backtest',
  spec: {
    strategy,
    counted: strategy,
    parameters: { fast: 2, slow: 5 },
    bars: {
      instrumentId: InstrumentId.of('sim', 'BTC-USDT'),
      timeframe: '1m',
      from: Timestamp.fromMicros(start),
      to: Timestamp.fromMicros(start + rows * 60e6),
    },
    market: plainMarket(1_000, 10),
    fast: false,
  },
  file: {
    sha256: 'hash',
    gzip: waveOfBars(start, rows),
  },
});
const never = new AbortController().signal;
const deskWith = (progress: (share: number) => void): WorkDesk => ({
  progress,
  tried: () => {},
  everTried: async () => ({ count: 0, variance: 0 }),
});
const desk = deskWith(() => {});

const parameter = { kind: 'integer', title: 'Bars', description: 'Bars.', default: 2, min: 1, max: 99 };
const rule: JsonObject = {
  format: 1,
  id: 'by-average',
  title: 'By average',
  description: 'Holds what is above its average.',
  parameters: { few: parameter, much: parameter },
  enter: { left: { bar: 'close' }, is: '>', right: { indicator: 'sma', with: { period: { parameter: 'much' } } } },
  exit: { left: { bar: 'close' }, is: '<', right: { indicator: 'sma', with: { period: { parameter: 'few' } } } },
};

const bounds = { now: Timestamp.fromMicros(2 * start), barsMax: 100, trialsMax: 100, rules: barStrategies };
const { file } = workOf('rule');

/** A rule over the bars of `workOf`, in the words of a user. */
function wordsOf(parameters: JsonObject): JsonObject {
  const [from, to] = [0, 40].map((minutes) => new Date(start / 1_000 + minutes * 60_000).toISOString()) as [
    string,
    string,
  ];
  return { strategy: 'rule', parameters, instrument: 'sim:BTC-USDT', timeframe: '1m', from, to };
}

/** What work says that it tried, and what it comes to. */
async function triedBy(work: Work) {
  const tried: Trial[] = [];
  const heard: WorkDesk = {
    ...desk,
    tried: (_, trial) => void tried.push(trial),
    everTried: async () => ({ count: 40 + tried.length, variance: 0 }),
  };
  const over = await new ThreadWorkbench(roomy).work(work, never, heard).catch((error: unknown) => error);
  return { tried, over };
}

function searched(parameters: JsonObject, space: readonly string[]) {
  const words = { ...wordsOf(parameters), space, walkForward: { kind: 'none' } };
  const spec = readOptimisationSpec(words, bounds);
  if (!spec.ok) throw new Error(JSON.stringify(spec.error));
  return triedBy({ kind: 'optimisation', spec: spec.value, file, tried: [] });
}

function backtested(parameters: JsonObject) {
  const spec = readBacktestSpec(wordsOf(parameters), bounds);
  if (!spec.ok) throw new Error(JSON.stringify(spec.error));
  return triedBy({ kind: 'backtest', spec: spec.value, file });
}

describe('work on a thread', () => {
  it('comes back whole, with its progress', async () => {
    const shares: number[] = [];
    const worked = await new ThreadWorkbench(roomy).work(
      workOf('ema-cross'),
      never,
      deskWith((share) => shares.push(share)),
    );
    expect(worked).toMatchObject({ bars: 40, summary: { strategy: 'ema-cross', bars: 40, dataHash: 'hash' } });
    expect(worked.series.equity).toHaveLength(40);
    expect(shares).toEqual([0.1, 0.9]);
  });

  it('gathers a long series of equity and keeps its lowest', async () => {
    const { series, summary } = await new ThreadWorkbench(roomy).work(workOf('ema-cross', 25_000), never, desk);
    expect(series.equity).toHaveLength(Math.ceil(25_000 / 3));
    expect(series.equity.at(-1)?.['equity']).toBe(summary['finalEquity']);
    expect(series.equity.every((row) => Number(row['low']) <= Number(row['equity']))).toBe(true);
    expect(series.equity.some((row) => Number(row['low']) < Number(row['equity']))).toBe(true);
  });

  it.each([
    ['hungry', { megabytesMax: 32, millisecondsMax: 120_000 }, 'JOB_OUT_OF_MEMORY'],
    ['endless', { megabytesMax: 256, millisecondsMax: 300 }, 'JOB_TOO_LONG'],
    ['throws', roomy, 'JOB_CRASHED'],
    ['leaves', roomy, 'JOB_CRASHED'],
  ])('that is %s fails with a code, and the next one is done', async (strategy, bounds, code) => {
    const bench = new ThreadWorkbench(bounds, greedy);
    await expect(bench.work(workOf(strategy), never, desk)).rejects.toMatchObject({ fault: { code } });
    await expect(new ThreadWorkbench(roomy).work(workOf('ema-cross'), never, desk)).resolves.toBeDefined();
  });

  it('has said what it tried, however it ends', async () => {
    const heard: number[] = [];
    const listening: WorkDesk = { ...desk, tried: (_, { from }) => void heard.push(from) };
    const work = new ThreadWorkbench(roomy, greedy).work(workOf('leaves'), never, listening);
    await expect(work).rejects.toMatchObject({ fault: { code: 'JOB_CRASHED' } });
    expect(heard).toEqual([0, 1, 2]);
  });

  it('ends when nobody wants it any more', async () => {
    const abort = new AbortController();
    const work = new ThreadWorkbench(roomy, greedy).work(
      workOf('endless'),
      abort.signal,
      deskWith(() => abort.abort()),
    );
    await expect(work).rejects.toMatchObject({ name: 'JobAborted' });
  });

  it('knows a combination again: a rule as an object or as text, a parameter searched over or fixed', async () => {
    const one = await searched({ rule }, ['few=2', 'much=1..2']);
    const other = await searched({ rule: JSON.stringify(rule), ruleParameters: { few: 2 } }, ['much=1..2']);
    const idsOf = ({ tried }: typeof one) => [...new Set(tried.map(({ id }) => id))];
    expect(idsOf(one)).toHaveLength(2);
    expect(idsOf(other)).toEqual(idsOf(one));
  });

  it('by hand is the trial that a search makes of the same combination, and is told with all that there were', async () => {
    const search = await searched({ rule, ruleParameters: { few: 2 } }, ['much=2']);
    const { tried, over } = await backtested({ rule, ruleParameters: { much: 2 } });
    expect(tried).toEqual([search.tried[0]]);
    expect(tried[0]?.sharpePerBar).not.toBeNull();
    expect(over).toMatchObject({ summary: { strategy: 'by-average', trials: { ever: { count: 41 } } } });
  });

  it('says what it tried, also when nothing came of it', async () => {
    const never = { ...rule, enter: { left: { bar: 'close' }, is: '<', right: 0 } };
    const { tried, over } = await searched({ rule: never }, ['few=2', 'much=1..3']);
    expect(over).toMatchObject({ fault: { code: 'NOTHING_TRADED' } });
    expect(tried).toHaveLength(3);
  });

  it('says of a strategy that is not there any more what to do', async () => {
    await expect(new ThreadWorkbench(roomy).work(workOf('gone'), never, desk)).rejects.toMatchObject({
      fault: { code: 'INVALID_PARAMETERS' },
    });
  });
});
