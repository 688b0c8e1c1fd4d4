import { Worker } from 'node:worker_threads';
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
}

/** What a thread is given. */
export interface ProbeWork {
  readonly candidates: readonly Candidate[];
  readonly stepMs: number;
}

/** What it says: that it stands, then of each module in turn how loading it ended; or that the one which is loading waits for nothing. */
export type ProbeMessage = 'ready' | 'waits' | { readonly fault: StrategyFault | null };

/** So many that do not end are waited for; those after them have a tenth of the time, which is still many times what one needs. */
const waitedForMax = 3;
const hurry = 10;
/** Of the thread itself. */
const startMsMax = 60_000;

/**
 * Loads modules of users where that can do no harm to this thread: one that loops, ends its process or throws where nobody hears it. All of
 * them on one thread of their own, which is begun anew behind one that was not loaded. A module is code, and what it does while it is loaded
 * is done there, too.
 * @returns why a module can not be loaded, by file; one that is not in it can
 */
export async function probeModules(
  candidates: readonly Candidate[],
  { loadMs, stepMs }: ProbeLimits,
): Promise<ReadonlyMap<string, StrategyFault>> {
  const faults = new Map<string, StrategyFault>();
  let late = 0;
  for (let left = candidates; left.length > 0; ) {
    const limits = { loadMs: late < waitedForMax ? loadMs : loadMs / hurry, stepMs };
    const { verdicts, end } = await probe(left, limits);
    for (const [place, { file }] of left.entries()) {
      const fault = verdicts[place];
      if (fault) faults.set(file, fault);
    }
    left = left.slice(verdicts.length);
    const [failed] = left;
    // What one before it left behind may have ended the thread: only the first of a thread is to blame.
    if (failed === undefined || (verdicts.length > 0 && end.kind !== 'late')) continue;
    faults.set(failed.file, faultOf(failed, end));
    if (end.kind === 'late') late += 1;
    left = left.slice(1);
  }
  return faults;
}

type End =
  | { readonly kind: 'done' | 'waits' }
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'exited'; readonly exitCode: number };

interface Probe {
  /** Of as many as were loaded, in turn. */
  readonly verdicts: readonly (StrategyFault | null)[];
  readonly end: End;
}

function probe(candidates: readonly Candidate[], { loadMs, stepMs }: ProbeLimits): Promise<Probe> {
  const workerData: ProbeWork = { candidates, stepMs };
  const thread = new Worker(program, { name: 'probe', workerData, stdout: true, stderr: true });
  const { promise, resolve } = Promise.withResolvers<Probe>();
  const verdicts: (StrategyFault | null)[] = [];
  let timer: NodeJS.Timeout;
  const over = (end: End): void => {
    clearTimeout(timer);
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
  thread.on('message', (message: ProbeMessage) => {
    if (message === 'waits') return over({ kind: 'waits' });
    if (message !== 'ready') verdicts.push(message.fault);
    return verdicts.length === candidates.length ? over({ kind: 'done' }) : expect(loadMs);
  });
  thread.on('error', (error) => over({ kind: 'threw', error }));
  thread.on('exit', (exitCode) => over({ kind: 'exited', exitCode }));
  expect(startMsMax);
  return promise;
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
