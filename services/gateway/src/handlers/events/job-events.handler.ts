import { Controller } from '@nestjs/common';
import { Listens } from '@scalpstorm/bus';
import { type ResearchJobChanged, researchJobChanged } from '@scalpstorm/contracts';
import { backtestView } from '../../domain/backtest.js';
import { LiveHub } from '../stream/live-hub.js';

/** What becomes of backtests. Every gateway hears it from research itself; a change that was lost is cured by the next, or by asking. */
@Controller()
export class JobEventsHandler {
  constructor(private readonly hub: LiveHub) {}

  @Listens(researchJobChanged)
  changed({ meta, job }: ResearchJobChanged): void {
    if (job.kind !== 'backtest') return;
    this.hub.push(job.userId, { channel: 'jobs', row: backtestView(job), at: meta.occurredAt });
  }
}
