import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { second, Timestamp } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import { CycleResults } from '../ports/cycle-results.js';
import { Verdicts } from '../ports/verdicts.js';
import { GateSettings } from './gate.js';

const everyMs = 3_600_000;
const day = 86_400 * second;
/** Longer than any breaker looks back. */
const resultsKeptDays = 4;

/** Verdicts are kept for people and audits, not for ever. */
@Injectable()
export class PruneVerdicts implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly verdicts: Verdicts,
    private readonly results: CycleResults,
    private readonly settings: GateSettings,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.round(), everyMs);
    void this.round();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    const before = Timestamp.plus(this.clock.now(), -this.settings.verdictsKeptDays * day);
    try {
      const forgotten = await this.verdicts.prune(before);
      await this.results.prune(Timestamp.plus(this.clock.now(), -resultsKeptDays * day));
      if (forgotten > 0) this.log.info({ forgotten }, 'old verdicts were forgotten');
    } catch (error) {
      this.log.warn({ error }, 'old verdicts could not be forgotten; the next round tries again');
    }
  }
}
