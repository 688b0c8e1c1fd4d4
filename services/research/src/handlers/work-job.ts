import { Injectable } from '@nestjs/common';
import type { Refusal, ResearchJob, ResearchKind } from '@scalpstorm/contracts';
import { type Result, unreachable } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import { StrategyCatalogue } from '@scalpstorm/strategies';
import { readBacktestSpec } from '../domain/backtest-spec.js';
import type { BarsWanted } from '../domain/bars-wanted.js';
import { barsOf, readCertificateSpec } from '../domain/certificate-spec.js';
import { JobFailed } from '../domain/job-faults.js';
import { readOptimisationSpec } from '../domain/optimisation-spec.js';
import type { BarFile } from '../ports/bar-files.js';
import { ResearchSettings } from '../ports/settings.js';
import { TrialRecords } from '../ports/trial-records.js';
import { type Work, Workbench, type WorkDesk, type Worked } from '../ports/workbench.js';
import { KeptTrials } from './keep-trials.js';
import { LoadBars } from './load-bars.js';

/** Of the time that a job takes: a venue is asked for a thousand bars at a time, and a search runs over them very often. */
const loadingShare: Readonly<Record<ResearchKind, number>> = { backtest: 0.8, certificate: 0.8, optimisation: 0.2 };

/** One job from its words to its result. */
@Injectable()
export class WorkJob {
  constructor(
    private readonly bars: LoadBars,
    private readonly workbench: Workbench,
    private readonly trials: TrialRecords,
    private readonly settings: ResearchSettings,
    private readonly clock: WallClock,
    private readonly log: Log,
    private readonly catalogue: StrategyCatalogue,
  ) {}

  /** @throws JobFailed JobAborted */
  async work(job: ResearchJob, signal: AbortSignal, onProgress: (share: number) => void): Promise<Worked> {
    const { bars, work } = this.wanted(job);
    const loading = loadingShare[job.kind];
    const file = await this.bars.load(bars, signal, (share) => onProgress(share * loading));
    onProgress(loading);
    const kept = new KeptTrials(job, this.trials, this.log);
    const desk: WorkDesk = {
      progress: (share) => onProgress(loading + share * (1 - loading)),
      tried: (search, trial) => kept.add(search, trial),
      everTried: (search) => kept.everTried(search),
    };
    try {
      return await this.workbench.work(await work(file), signal, desk);
    } finally {
      // Also of a job that nobody wants any more: what was tried was tried.
      await kept.end();
    }
  }

  /** It was checked when it came; what is allowed may have changed since. */
  private wanted(job: ResearchJob): Wanted {
    const { rules } = this.catalogue;
    switch (job.kind) {
      case 'backtest': {
        const bounds = { now: this.clock.now(), barsMax: this.settings.barsMax, rules };
        const spec = accepted(readBacktestSpec(job.spec, bounds));
        return { bars: spec.bars, work: (file) => ({ kind: 'backtest', spec, file }) };
      }
      case 'certificate': {
        const { spec, barsMin } = accepted(readCertificateSpec(job.spec, { rules }));
        const bars = barsOf(spec, job.createdAt);
        return { bars, work: (file) => ({ kind: 'certificate', spec, file, barsMin }) };
      }
      case 'optimisation': {
        const { barsMax, trialsMax } = this.settings;
        const spec = accepted(readOptimisationSpec(job.spec, { now: this.clock.now(), barsMax, trialsMax, rules }));
        const tried = () => this.trials.ofJob(job);
        return { bars: spec.bars, work: async (file) => ({ kind: 'optimisation', spec, file, tried: await tried() }) };
      }
      default:
        return unreachable(job.kind, 'kind of job');
    }
  }
}

interface Wanted {
  readonly bars: BarsWanted;
  readonly work: (file: BarFile) => Work | Promise<Work>;
}

function accepted<Spec>(read: Result<Spec, readonly Refusal[]>): Spec {
  if (read.ok) return read.value;
  const [first] = read.error;
  const { code = 'INVALID', text = '', next = '' } = first ?? {};
  throw new JobFailed({ code, text, next });
}
