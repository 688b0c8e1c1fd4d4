import { Worker } from 'node:worker_threads';
import { JobAborted, JobFailed, jobFaults } from '../domain/job-faults.js';
import { type Work, Workbench, type WorkDesk, type Worked } from '../ports/workbench.js';
import type { EverTried, JobMessage, JobWork } from './job-messages.js';

/** Beside this file, in the form in which this file is. */
const ownProgram = new URL(import.meta.url.endsWith('.ts') ? './job-thread.ts' : './job-thread.js', import.meta.url);

const textMax = 300;

export interface WorkbenchBounds {
  readonly megabytesMax: number;
  readonly millisecondsMax: number;
  /** The files of the operator's own strategies, by id; absent: there are none. */
  readonly modules?: ReadonlyMap<string, string>;
}

/** A thread for each piece of work, which ends with it: nothing of one job is left for the next. */
export class ThreadWorkbench extends Workbench {
  constructor(
    private readonly bounds: WorkbenchBounds,
    private readonly program: URL = ownProgram,
  ) {
    super();
  }

  async work(work: Work, signal: AbortSignal, desk: WorkDesk): Promise<Worked> {
    signal.throwIfAborted();
    const module = this.bounds.modules?.get(work.spec.strategy);
    const given: JobWork = { ...work, ...(module !== undefined && { module }) };
    const worker = new Worker(this.program, {
      name: 'research',
      workerData: given,
      resourceLimits: { maxOldGenerationSizeMb: this.bounds.megabytesMax },
    });
    try {
      return await this.outcome(worker, signal, desk);
    } finally {
      await worker.terminate();
    }
  }

  private outcome(worker: Worker, signal: AbortSignal, desk: WorkDesk): Promise<Worked> {
    const { megabytesMax, millisecondsMax } = this.bounds;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new JobFailed(jobFaults.tooLong(millisecondsMax / 1_000))), millisecondsMax);
      const aborted = () => reject(new JobAborted('nobody wants it here any more'));
      signal.addEventListener('abort', aborted, { once: true });
      worker.on('message', (message: JobMessage) => {
        switch (message.kind) {
          case 'progress':
            return desk.progress(message.share);
          case 'tried':
            return desk.tried(message.search, message.trial);
          case 'ever-tried':
            return void desk.everTried(message.search).then((made: EverTried) => worker.postMessage(made), reject);
          case 'done':
            return resolve(message.worked);
          case 'failed':
            return reject(new JobFailed(message.fault));
        }
      });
      worker.once('error', (error) => reject(new JobFailed(faultOf(error, megabytesMax), { cause: error })));
      worker.once('exit', (code) => {
        clearTimeout(late);
        signal.removeEventListener('abort', aborted);
        reject(new JobFailed(jobFaults.crashed(`with ${code}, and without a result.`)));
      });
    });
  }
}

function faultOf(error: unknown, megabytesMax: number) {
  const { code, name, message } = { code: '', name: 'Error', message: String(error), ...detailsOf(error) };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return jobFaults.outOfMemory(megabytesMax);
  return jobFaults.crashed(`${name}: ${message}`.replace(/\s+/g, ' ').slice(0, textMax).toWellFormed());
}

/** What a thread throws need not be an error, nor one of this realm. */
function detailsOf(error: unknown): { readonly code?: string; readonly name?: string; readonly message?: string } {
  if (typeof error !== 'object' || error === null) return {};
  const { code, name, message } = error as Record<string, unknown>;
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof name === 'string' && { name }),
    ...(typeof message === 'string' && { message }),
  };
}
