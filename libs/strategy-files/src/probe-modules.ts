import { Worker } from 'node:worker_threads';
import type { StepMeasure } from './end-after.js';
import { moduleThrew } from './module-threw.js';
import type { StrategyFault } from './strategy-fault.js';

/** Beside this file; specs run this file as it was written, and the thread as it was compiled. */
const program = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/probe-thread.js' : './probe-thread.js',
  import.meta.url,
);

export interface Candidate {
  /** Absolute. */
  readonly file: string;
  /** What whoever asked calls it. */
  readonly text: string;
}

export interface ProbeLimits {
  /** Of loading one module, which does next to nothing meanwhile, ms. */
  readonly loadMs: number;
  /** Of what its strategy does at a time, ms. */
  readonly stepMs: number;
  /** What counts of that; absent: time. */
  readonly measure?: StepMeasure;
}

/** What a thread is given. */
export interface ProbeWork {
  readonly candidates: readonly Candidate[];
  readonly stepMs: number;
  readonly measure: StepMeasure;
}

/**
 * What it says: that it stands, then of each module in turn how loading it ended, then that nothing came after it; or that the one which
 * is loading waits for nothing.
 */
export type ProbeMessage = 'ready' | 'waits' | 'settled' | { readonly fault: StrategyFault | null };

/** So often what does not end is waited for; after that a module has a tenth of the time, which is still many times what one needs. */
const waitsMax = 3;
const hurry = 10;
/** So long the modules of a thread are left together once they are loaded: what one of them does right after that shows meanwhile. */
export const settleMs = 50;
/** Of the thread itself. */
const startMsMax = 60_000;
/** Of all that the modules of a thread hold there, which is looked at so often. */
const megabytesMax = 256;
const weighEveryMs = 20;

/**
 * Loads modules of users where that can do no harm to this thread: one that loops, ends its process, fills its memory or throws where nobody
 * hears it, while it is loaded or right after that. All of them on one thread of their own; where that does not end well, whoever is to blame
 * is found on others. What a module starts for later than that is not seen.
 * @returns why a module can not be loaded, by file; one that is not in it can
 */
export async function probeModules(
  candidates: readonly Candidate[],
  limits: ProbeLimits,
): Promise<ReadonlyMap<string, StrategyFault>> {
  const search = new Search(limits);
  await search.through(candidates);
  return search.faults;
}

/** Nobody is blamed but for what happened on a thread on which no other module had been loaded. */
class Search {
  readonly faults = new Map<string, StrategyFault>();
  private waits = 0;

  constructor(private readonly limits: ProbeLimits) {}

  async through(candidates: readonly Candidate[]): Promise<void> {
    /** They were loaded, and the thread came to harm after that: by one of them, or by whichever came next. */
    const suspects: Candidate[] = [];
    for (let left = candidates; left.length > 0; ) {
      const { verdicts, end } = await this.probe(left);
      for (const [place, { file }] of left.entries()) {
        const fault = verdicts[place];
        if (fault) this.faults.set(file, fault);
      }
      if (end.kind === 'settled') break;
      const [first] = left as readonly [Candidate];
      const isAlone = verdicts.length === 0 || left.length === 1;
      if (isAlone && !this.faults.has(first.file)) this.faults.set(first.file, faultOf(first, end));
      const loaded = left.slice(0, verdicts.length);
      suspects.push(...loaded.filter(({ file }) => !this.faults.has(file)));
      left = left.slice(Math.max(verdicts.length, 1));
    }
    if (suspects.length === 0) return;
    // One thread for them where they are fewer than before; else two, so that they become fewer.
    const size = suspects.length < candidates.length ? suspects.length : Math.ceil(suspects.length / 2);
    await this.through(suspects.slice(0, size));
    await this.through(suspects.slice(size));
  }

  private async probe(candidates: readonly Candidate[]): Promise<Probe> {
    const { loadMs } = this.limits;
    const probed = await probe(candidates, {
      ...this.limits,
      loadMs: this.waits < waitsMax ? loadMs : loadMs / hurry,
    });
    if (probed.end.kind === 'late') this.waits += 1;
    return probed;
  }
}

type End =
  | { readonly kind: 'settled' | 'waits' | 'large' }
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'exited'; readonly exitCode: number };

interface Probe {
  /** Of as many as were loaded, in turn. */
  readonly verdicts: readonly (StrategyFault | null)[];
  readonly end: End;
}

function probe(candidates: readonly Candidate[], { loadMs, stepMs, measure = 'time' }: ProbeLimits): Promise<Probe> {
  const workerData: ProbeWork = { candidates, stepMs, measure };
  const thread = new Worker(program, { name: 'probe', workerData, stdout: true, stderr: true });
  const { promise, resolve } = Promise.withResolvers<Probe>();
  const verdicts: (StrategyFault | null)[] = [];
  let timer: NodeJS.Timeout;
  let weighing: NodeJS.Timeout;
  let isOver = false;
  const over = (end: End): void => {
    isOver = true;
    clearTimeout(timer);
    clearTimeout(weighing);
    resolve({ verdicts: [...verdicts], end });
    // Not awaited: a thread that waits for another process is not ended before that is.
    void thread.terminate();
    thread.unref();
  };
  let heard = 0;
  const expect = (ms: number): void => {
    clearTimeout(timer);
    heard += 1;
    const before = heard;
    const isLate = () => heard === before && over({ kind: 'late', ms });
    // What it has said may only not have been heard yet.
    timer = setTimeout(() => setImmediate(isLate), ms);
  };
  // No limit of the thread's own: one large thing beyond that ends the whole process.
  const weigh = async (): Promise<void> => {
    const megabytes = await megabytesOf(thread);
    if (isOver) return;
    if (megabytes > megabytesMax) return over({ kind: 'large' });
    weighing = setTimeout(weigh, weighEveryMs);
  };
  thread.on('message', (message: ProbeMessage) => {
    if (isOver) return;
    if (message === 'waits' || message === 'settled') return over({ kind: message });
    if (message !== 'ready') verdicts.push(message.fault);
    expect(verdicts.length < candidates.length ? loadMs : settleMs + loadMs);
  });
  thread.on('error', (error) => over({ kind: 'threw', error }));
  thread.on('exit', (exitCode) => over({ kind: 'exited', exitCode }));
  expect(startMsMax);
  void weigh();
  return promise;
}

/** Its heap and its buffers. Nothing where it does not stand yet, or no more. */
async function megabytesOf(thread: Worker): Promise<number> {
  try {
    const { total_physical_size: heap, external_memory: buffers } = await thread.getHeapStatistics();
    return (heap + buffers) / 2 ** 20;
  } catch {
    return 0;
  }
}

function faultOf({ file, text }: Candidate, end: End): StrategyFault {
  switch (end.kind) {
    case 'threw': {
      const fault = moduleThrew(end.error, file);
      return { ...fault, text: `${text}: ${fault.text}` };
    }
    case 'exited':
      return {
        code: 'STRATEGY_MODULE_EXITS',
        text: `${text}: it ends the process that loads it (exit code ${end.exitCode}).`,
        next: 'take process.exit out of it, or throw an error in its place',
        faults: [],
      };
    case 'large':
      return {
        code: 'STRATEGY_MODULE_TOO_LARGE',
        text: `${text}: it takes more than ${megabytesMax} MB of memory while it is loaded.`,
        next: 'let it make nothing large outside of its functions',
        faults: [],
      };
    default: {
      const seconds = end.kind === 'late' ? `, for ${end.ms / 1_000} s or for ever` : '';
      return {
        code: 'STRATEGY_LOOPS',
        text: `${text}: it does not finish loading${seconds}: it loops, or awaits what never comes.`,
        next: 'look for what is outside of its functions',
        faults: [],
      };
    }
  }
}
