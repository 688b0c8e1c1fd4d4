import { Injectable } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { type ResearchJob, researchJobChanged } from '@scalpstorm/contracts';
import { WallClock } from '@scalpstorm/observability';

/** Tells what became of a job. One that is not heard is cured by the next, or by asking. */
@Injectable()
export class JobNews {
  constructor(
    private readonly bus: Bus,
    private readonly clock: WallClock,
  ) {}

  tell(job: ResearchJob): void {
    this.bus.publish(researchJobChanged, { meta: newMeta(this.clock, null), job });
  }
}
