import { Injectable } from '@nestjs/common';
import { millisecond, type Timestamp } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import type { Rows } from '../domain/tensor-checks.js';
import { InferenceMetrics } from '../inference-metrics.js';
import { type LoadedModel, ModelRunner } from '../ports/model-runner.js';
import { BatchQueue, Pending, type RunOutcome } from './batch-queue.js';

export abstract class BatchSettings {
  abstract readonly batchMax: number;
  abstract readonly batchWaitMs: number;
  abstract readonly queueMax: number;
  /** A run that takes longer is stuck. */
  abstract readonly runMsMax: number;
}

/** A model with what waits for it. */
export interface Lane {
  readonly name: string;
  readonly model: LoadedModel;
  readonly queue: BatchQueue;
  running: number;
  closed: boolean;
}

/** Brings waiting requests together into runs, so many at a time as there are threads. Models take turns. */
@Injectable()
export class Dispatcher {
  private readonly lanes: Lane[] = [];
  private running = 0;
  private turn: NodeJS.Immediate | null = null;
  private wake: NodeJS.Timeout | null = null;

  constructor(
    private readonly runner: ModelRunner,
    private readonly settings: BatchSettings,
    private readonly clock: WallClock,
    private readonly metrics: InferenceMetrics,
    private readonly log: Log,
  ) {
    metrics.queueRows(() => this.lanes.map(({ name, queue }) => ({ model: name, rows: queue.rows })));
  }

  open(name: string, model: LoadedModel): Lane {
    const lane: Lane = { name, model, queue: new BatchQueue(this.settings.queueMax), running: 0, closed: false };
    this.lanes.push(lane);
    return lane;
  }

  /** What waits is answered, what runs is finished; then the model is let go. */
  async close(lane: Lane): Promise<void> {
    lane.closed = true;
    lane.queue.close();
    if (lane.running === 0) await this.release(lane);
  }

  /** Never rejects. Nothing is computed for a request after its deadline. */
  submit(lane: Lane, rows: Rows, deadline: Timestamp): Promise<RunOutcome> {
    const now = this.clock.now();
    if (lane.closed) return Promise.resolve({ kind: 'closed' });
    if (!lane.model.isAlive) return Promise.resolve({ kind: 'away', text: 'what it runs on is being replaced' });
    if (now >= deadline) return Promise.resolve({ kind: 'expired', begun: false });
    const pending = new Pending(rows, now, (deadline - now) / millisecond);
    if (!lane.queue.add(pending)) pending.settle({ kind: 'full', waiting: lane.queue.rows });
    // What comes in the same turn of the event loop shares a run.
    this.turn ??= setImmediate(() => {
      this.turn = null;
      this.pump();
    });
    return pending.outcome;
  }

  private pump(): void {
    while (this.running < this.runner.concurrency) {
      const index = this.lanes.findIndex((lane) => this.isDue(lane));
      const [lane] = index < 0 ? [] : this.lanes.splice(index, 1);
      if (lane === undefined) break;
      // To the end of the line: a busy model does not starve the others.
      this.lanes.push(lane);
      void this.run(lane, lane.queue.take(this.settings.batchMax));
    }
    this.sleepUntilDue();
  }

  private isDue({ queue }: Lane): boolean {
    const { oldest } = queue;
    if (oldest === undefined) return false;
    return this.waitLeftMs(oldest) <= 0 || queue.rows >= this.settings.batchMax;
  }

  private waitLeftMs({ arrivedAt }: Pending): number {
    return this.settings.batchWaitMs - (this.clock.now() - arrivedAt) / millisecond;
  }

  /** Requests that wait for company are looked at again when their patience ends. */
  private sleepUntilDue(): void {
    if (this.wake !== null || this.running >= this.runner.concurrency) return;
    const waits = this.lanes.flatMap(({ queue: { oldest } }) =>
      oldest === undefined ? [] : [this.waitLeftMs(oldest)],
    );
    if (waits.length === 0) return;
    this.wake = setTimeout(
      () => {
        this.wake = null;
        this.pump();
      },
      Math.max(1, Math.min(...waits)),
    );
  }

  private async run(lane: Lane, batch: readonly Pending[]): Promise<void> {
    const count = batch.reduce((sum, { rows }) => sum + rows.count, 0);
    this.running += 1;
    lane.running += 1;
    const began = this.clock.now();
    for (const pending of batch) {
      pending.begun = true;
      this.metrics.queued(lane.name, began - pending.arrivedAt);
    }
    try {
      const told = await this.ended(lane.model.run(joined(batch, count), count));
      if (told === null) return this.giveUp(lane, batch);
      share(batch, told, count);
      this.metrics.ran(lane.name, count, this.clock.now() - began);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      for (const pending of batch) pending.settle({ kind: 'failed', text });
    }
    await this.finished(lane);
  }

  /** Null: it takes longer than a run may. */
  private async ended(run: Promise<Float32Array>): Promise<Float32Array | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), this.settings.runMsMax);
    });
    try {
      return await Promise.race([run, late]);
    } finally {
      clearTimeout(timer);
      // Whatever becomes of a run that was given up, nobody waits for it.
      run.catch(() => undefined);
    }
  }

  /** Everything that waits for it is told at once, and so is what comes, until the model is loaded anew. */
  private async giveUp(lane: Lane, batch: readonly Pending[]): Promise<void> {
    const { runMsMax } = this.settings;
    const text = `a run did not end within ${runMsMax} ms`;
    this.log.error(
      { model: lane.name, code: 'INFERENCE_STUCK', runMsMax },
      'a run is stuck; its thread is given up and replaced',
    );
    lane.model.abandon(text);
    for (const pending of [...batch, ...lane.queue.take(Number.POSITIVE_INFINITY)])
      pending.settle({ kind: 'away', text });
    await this.finished(lane);
  }

  private async finished(lane: Lane): Promise<void> {
    this.running -= 1;
    lane.running -= 1;
    if (lane.closed && lane.running === 0) await this.release(lane);
    this.pump();
  }

  private async release(lane: Lane): Promise<void> {
    const index = this.lanes.indexOf(lane);
    if (index >= 0) this.lanes.splice(index, 1);
    await lane.model.close();
  }
}

function joined(batch: readonly Pending[], count: number): Float32Array {
  const [first] = batch;
  const width = first === undefined ? 0 : first.rows.data.length / first.rows.count;
  const data = new Float32Array(count * width);
  let place = 0;
  for (const { rows } of batch) {
    data.set(rows.data, place);
    place += rows.data.length;
  }
  return data;
}

function share(batch: readonly Pending[], told: Float32Array, count: number): void {
  const columns = told.length / count;
  let row = 0;
  for (const pending of batch) {
    pending.settle({ kind: 'ran', data: told.slice(row * columns, (row + pending.rows.count) * columns) });
    row += pending.rows.count;
  }
}
