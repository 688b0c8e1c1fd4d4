import { Worker } from 'node:worker_threads';
import { type Batch, type Ground, noCombination, type Outcome, type Reply, type Request } from './messages.js';

/** Beside this file; specs run this file as it was written, and the thread as it was compiled. */
const program = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/sweep/sweep-worker.js' : './sweep-worker.js',
  import.meta.url,
);

export type DeathCode = 'WORKER_DIED' | 'STRATEGY_LOOPS';

/** A thread is gone, and with it what it was doing. */
export class ThreadDied extends Error {
  override readonly name = 'ThreadDied';

  /** @param at the index of the combination that it was running; null: none */
  constructor(
    message: string,
    readonly at: number | null,
    readonly code: DeathCode = 'WORKER_DIED',
  ) {
    super(message);
  }
}

/** One thread of a sweep; it answers in the order in which it was asked. It keeps the process alive only while it is asked something. */
export class SweepThread {
  private readonly worker: Worker;
  private readonly mark = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(noCombination);
  private readonly waiting: PromiseWithResolvers<Reply>[] = [];
  private death: string | null = null;
  private code: DeathCode = 'WORKER_DIED';

  constructor(private readonly number: number) {
    this.worker = new Worker(program, { name: `sweep ${number}` });
    this.worker.on('message', (message: Reply) => this.waiting.shift()?.resolve(message));
    this.worker.on('error', (error) =>
      this.die(error instanceof Error ? `${error.name}: ${error.message}` : `${error}`),
    );
    this.worker.on('exit', (code) => this.die(`it ended with ${code}`));
  }

  /** @throws {ThreadDied} */
  begin(ground: Ground): Promise<Reply> {
    return this.ask({ kind: 'begin', ground, mark: this.mark });
  }

  /**
   * @param secondsMax for one combination; one that takes longer is taken to run for ever, and the thread is ended
   * @throws {ThreadDied}
   */
  async run(batch: Batch, secondsMax: number): Promise<readonly Outcome[]> {
    let at = noCombination;
    let seconds = 0;
    const watch = setInterval(() => {
      const now = Atomics.load(this.mark, 0);
      // Between combinations it waits for its turn on a core: that is no loop of a strategy.
      seconds = now === at && now !== noCombination ? seconds + 1 : 0;
      at = now;
      if (seconds < secondsMax) return;
      this.code = 'STRATEGY_LOOPS';
      this.die(`it did not end within ${secondsMax} s`);
      void this.end();
    }, 1_000);
    try {
      const reply = await this.ask({ kind: 'run', ...batch });
      return reply.kind === 'ran' ? reply.outcomes : [];
    } finally {
      clearInterval(watch);
    }
  }

  get isAlive(): boolean {
    return this.death === null;
  }

  /** Lets go of what it ran over. */
  rest(): void {
    const request: Request = { kind: 'rest' };
    this.worker.postMessage(request);
  }

  async end(): Promise<void> {
    this.death ??= 'it was ended';
    await this.worker.terminate();
  }

  private async ask(request: Request): Promise<Reply> {
    if (this.death !== null) throw this.died(this.death);
    const answer = Promise.withResolvers<Reply>();
    this.waiting.push(answer);
    this.worker.ref();
    this.worker.postMessage(request);
    try {
      return await answer.promise;
    } finally {
      if (this.waiting.length === 0) this.worker.unref();
    }
  }

  private die(why: string): void {
    this.death ??= why;
    for (const answer of this.waiting.splice(0)) answer.reject(this.died(this.death));
  }

  private died(why: string): ThreadDied {
    const at = Atomics.load(this.mark, 0);
    return new ThreadDied(`thread ${this.number}: ${why}`, at === noCombination ? null : at, this.code);
  }
}
