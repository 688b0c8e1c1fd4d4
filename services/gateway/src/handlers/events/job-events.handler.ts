import { Controller } from '@nestjs/common';
import { Listens } from '@scalpstorm/bus';
import { type ResearchJob, type ResearchJobChanged, researchJobChanged } from '@scalpstorm/contracts';
import { backtestView } from '../../domain/backtest.js';
import { optimisationView } from '../../domain/optimisation.js';
import { LiveHub } from '../stream/live-hub.js';

/** What becomes of backtests and searches. Every gateway hears it from research itself; a change that was lost is cured by the next, or by asking. */
@Controller()
export class JobEventsHandler {
  constructor(private readonly hub: LiveHub) {}

  @Listens(researchJobChanged)
  changed({ meta, job }: ResearchJobChanged): void {
    const row = rowOf(job);
    if (row !== null) this.hub.push(job.userId, { channel: 'jobs', row, at: meta.occurredAt });
  }
}

function rowOf(job: ResearchJob) {
  switch (job.kind) {
    case 'backtest':
      return backtestView(job);
    case 'optimisation':
      return optimisationView(job);
    case 'certificate':
      return null;
  }
}
