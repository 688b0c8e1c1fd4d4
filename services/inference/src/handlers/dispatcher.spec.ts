import { beforeEach, describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { eventually } from '@scalpstorm/testkit';
import fc from 'fast-check';
import { InferenceMetrics } from '../inference-metrics.js';
import { type LoadedModel, ModelRunner } from '../ports/model-runner.js';
import type { RunOutcome } from './batch-queue.js';
import { type BatchSettings, Dispatcher, type Lane } from './dispatcher.js';

const clock = new SystemClock();
const soon = () => Timestamp.plus(clock.now(), 20_000_000);

/** Doubles every value when it is told to; what it was asked is kept. */
class HeldModel implements LoadedModel {
  readonly provider = 'cpu' as const;
  readonly skipped = [];
  isAlive = true;
  readonly runs: number[] = [];
  closed = false;
  running = 0;
  most = 0;
  hold = false;
  fails = false;
  private readonly held: (() => void)[] = [];

  async run(data: Float32Array, rows: number): Promise<Float32Array> {
    this.runs.push(rows);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    if (this.hold) await new Promise<void>((resolve) => this.held.push(resolve));
    this.running -= 1;
    if (this.fails) throw new Error('out of order');
    return data.map((value) => value * 2);
  }

  release(): void {
    this.hold = false;
    for (const resolve of this.held.splice(0)) resolve();
  }

  abandon(): void {
    this.isAlive = false;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

class FakeRunner extends ModelRunner {
  readonly fault = null;
  constructor(readonly concurrency: number) {
    super();
  }
  load(): never {
    throw new Error('not asked for here');
  }
  async close(): Promise<void> {}
}

describe('the dispatcher', () => {
  let model: HeldModel;
  let lane: Lane;
  let dispatcher: Dispatcher;
  const log = new RecordingLog();

  function open(settings: Partial<BatchSettings> = {}, concurrency = 1): void {
    model = new HeldModel();
    const whole = { batchMax: 8, batchWaitMs: 0, queueMax: 32, runMsMax: 60_000, ...settings };
    dispatcher = new Dispatcher(
      new FakeRunner(concurrency),
      whole,
      clock,
      new InferenceMetrics(new Metrics('inference')),
      log,
    );
    lane = dispatcher.open('direction', model);
  }
  const submit = (count: number, value = 1, deadline = soon()): Promise<RunOutcome> =>
    dispatcher.submit(lane, { count, data: new Float32Array(count).fill(value) }, deadline);

  beforeEach(() => open());

  it('brings what comes together into one run, and gives everybody his own rows', async () => {
    const outcomes = await Promise.all([submit(1, 1), submit(2, 2), submit(3, 3)]);
    expect(model.runs).toEqual([6]);
    expect(outcomes.map((outcome) => (outcome.kind === 'ran' ? [...outcome.data] : outcome.kind))).toEqual([
      [2],
      [4, 4],
      [6, 6, 6],
    ]);
  });

  it('runs no more rows at a time than the bound, and no more runs than there are threads', async () => {
    open({ batchMax: 4, queueMax: 1_000 }, 2);
    model.hold = true;
    const outcomes = Array.from({ length: 30 }, () => submit(2));
    await eventually(() => expect(model.running).toBe(2));
    model.release();
    expect((await Promise.all(outcomes)).every(({ kind }) => kind === 'ran')).toBe(true);
    expect(Math.max(...model.runs)).toBe(4);
    expect(model.most).toBe(2);
  });

  it('waits for company as long as it may', async () => {
    open({ batchWaitMs: 2_000 });
    const first = submit(1);
    await new Promise((resolve) => setImmediate(resolve));
    const second = submit(1);
    await Promise.all([first, second]);
    expect(model.runs).toEqual([2]);
    await Promise.all(Array.from({ length: 8 }, () => submit(1)));
    expect(model.runs).toEqual([2, 8]);
  });

  it('refuses what does not fit, and takes more when there is room again', async () => {
    open({ queueMax: 4 });
    model.hold = true;
    const running = submit(1);
    await eventually(() => expect(model.running).toBe(1));
    const waiting = [submit(2), submit(2)];
    expect(await submit(1)).toEqual({ kind: 'full', waiting: 4 });
    model.release();
    expect((await Promise.all([running, ...waiting])).map(({ kind }) => kind)).toEqual(['ran', 'ran', 'ran']);
    expect((await submit(1)).kind).toBe('ran');
  });

  it('never computes what has expired, and tells it when it does', async () => {
    expect(await submit(1, 1, Timestamp.plus(clock.now(), -1))).toEqual({ kind: 'expired', begun: false });
    model.hold = true;
    const running = submit(1);
    await eventually(() => expect(model.running).toBe(1));
    // It waits behind a run that does not end, and is answered at its time all the same.
    expect(await submit(5, 1, Timestamp.plus(clock.now(), 30_000))).toEqual({ kind: 'expired', begun: false });
    model.release();
    await running;
    await submit(1);
    expect(model.runs).toEqual([1, 1]);
  });

  it('answers at the deadline when the run itself is too slow, and throws the late answer away', async () => {
    model.hold = true;
    // Far enough away that the run begins before it, on any machine.
    const late = await submit(1, 1, Timestamp.plus(clock.now(), 2_000_000));
    expect(late).toEqual({ kind: 'expired', begun: true });
    model.release();
    expect((await submit(1)).kind).toBe('ran');
  });

  it('tells everybody of a run that failed, and goes on', async () => {
    model.fails = true;
    const outcomes = await Promise.all([submit(1), submit(1)]);
    expect(outcomes).toEqual([
      { kind: 'failed', text: 'out of order' },
      { kind: 'failed', text: 'out of order' },
    ]);
    model.fails = false;
    expect((await submit(1)).kind).toBe('ran');
  });

  it('gives up a run that does not end, tells everybody who waits, and computes for other models again', async () => {
    open({ runMsMax: 200, batchMax: 1 });
    model.hold = true;
    const stuck = [submit(1), submit(1)];
    expect((await Promise.all(stuck)).map(({ kind }) => kind)).toEqual(['away', 'away']);
    expect([model.isAlive, model.runs]).toEqual([false, [1]]);
    expect((await submit(1)).kind).toBe('away');
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { code: 'INFERENCE_STUCK', model: 'direction' } });
    const other = dispatcher.open('other', new HeldModel());
    expect((await dispatcher.submit(other, { count: 1, data: new Float32Array([2]) }, soon())).kind).toBe('ran');
    // What comes of it later changes nothing, and the model that was given up can be let go.
    model.release();
    await dispatcher.close(lane);
    expect(model.closed).toBe(true);
  });

  it('closes a lane when what runs is finished', async () => {
    model.hold = true;
    const running = submit(1);
    await eventually(() => expect(model.running).toBe(1));
    const waiting = submit(1);
    await dispatcher.close(lane);
    expect(await waiting).toEqual({ kind: 'closed' });
    expect(model.closed).toBe(false);
    model.release();
    expect((await running).kind).toBe('ran');
    await eventually(() => expect(model.closed).toBe(true));
    expect(await submit(1)).toEqual({ kind: 'closed' });
  });

  it('answers every request exactly once with its own rows, whatever comes', async () => {
    const request = fc.record({
      rows: fc.integer({ min: 1, max: 6 }),
      deadlineMs: fc.constantFrom(0, 1, 5_000),
      pause: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        async (requests, threads) => {
          open({ batchMax: 7, queueMax: 40 }, threads);
          const outcomes: Promise<RunOutcome>[] = [];
          for (const [index, { rows, deadlineMs, pause }] of requests.entries()) {
            outcomes.push(submit(rows, index, Timestamp.plus(clock.now(), deadlineMs * 1_000)));
            if (pause) await new Promise((resolve) => setImmediate(resolve));
          }
          for (const [index, outcome] of (await Promise.all(outcomes)).entries()) {
            if (outcome.kind === 'ran') expect([...outcome.data]).toEqual(Array(requests[index]?.rows).fill(index * 2));
            else expect(['expired', 'full']).toContain(outcome.kind);
          }
          expect(Math.max(0, ...model.runs)).toBeLessThanOrEqual(7);
        },
      ),
      { numRuns: 40 },
    );
  });
});
