import { Injectable } from '@nestjs/common';
import type { Refusal, ResearchJob } from '@scalpstorm/contracts';
import { type Result, unreachable } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { type BarsWanted, readBacktestSpec } from '../domain/backtest-spec.js';
import { barsOf, readCertificateSpec } from '../domain/certificate-spec.js';
import { JobFailed } from '../domain/job-faults.js';
import type { BarFile } from '../ports/bar-files.js';
import { ResearchSettings } from '../ports/settings.js';
import { type Work, Workbench, type Worked } from '../ports/workbench.js';
import { LoadBars } from './load-bars.js';

/** Bars take most of the time: a venue is asked for a thousand at a time. */
const loadingShare = 0.8;

/** One job from its words to its result. */
@Injectable()
export class WorkJob {
  constructor(
    private readonly bars: LoadBars,
    private readonly workbench: Workbench,
    private readonly settings: ResearchSettings,
    private readonly clock: WallClock,
  ) {}

  /** @throws JobFailed JobAborted */
  async work(job: ResearchJob, signal: AbortSignal, onProgress: (share: number) => void): Promise<Worked> {
    const { bars, work } = this.wanted(job);
    const file = await this.bars.load(bars, signal, (share) => onProgress(share * loadingShare));
    onProgress(loadingShare);
    return await this.workbench.work(work(file), signal, (share) =>
      onProgress(loadingShare + share * (1 - loadingShare)),
    );
  }

  /** It was checked when it came; what is allowed may have changed since. */
  private wanted(job: ResearchJob): { readonly bars: BarsWanted; readonly work: (file: BarFile) => Work } {
    switch (job.kind) {
      case 'backtest': {
        const bounds = { now: this.clock.now(), barsMax: this.settings.barsMax };
        const spec = accepted(readBacktestSpec(job.spec, bounds));
        return { bars: spec.bars, work: (file) => ({ kind: 'backtest', spec, file }) };
      }
      case 'certificate': {
        const { spec, barsMin } = accepted(readCertificateSpec(job.spec));
        const bars = barsOf(spec, job.createdAt);
        return { bars, work: (file) => ({ kind: 'certificate', spec, file, barsMin }) };
      }
      default:
        return unreachable(job.kind, 'kind of job');
    }
  }
}

function accepted<Spec>(read: Result<Spec, readonly Refusal[]>): Spec {
  if (read.ok) return read.value;
  const [first] = read.error;
  const { code = 'INVALID', text = '', next = '' } = first ?? {};
  throw new JobFailed({ code, text, next });
}
