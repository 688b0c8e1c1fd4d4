import { RiskScope } from '@scalpstorm/model';
import { type ArmedDeadMan, DeadMen } from '../src/ports/dead-men.js';

/** Timers that need no Postgres; with the map of another one, it is the same gate after a restart. */
export class MemoryDeadMen extends DeadMen {
  constructor(private readonly stored = new Map<string, ArmedDeadMan>()) {
    super();
  }

  async load(): Promise<void> {}

  all(): readonly ArmedDeadMan[] {
    return [...this.stored.values()];
  }

  async arm(timer: ArmedDeadMan): Promise<void> {
    this.stored.set(RiskScope.format(timer.scope), timer);
  }

  async disarm(scope: RiskScope): Promise<void> {
    this.stored.delete(RiskScope.format(scope));
  }
}
