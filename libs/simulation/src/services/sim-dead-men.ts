import { RiskScope } from '@scalpstorm/model';
import { type ArmedDeadMan, DeadMen } from '@scalpstorm/risk-gate/simulation';
import type { Database } from './database.js';

/** By scope: what was committed. */
export type DeadMenRows = Map<string, ArmedDeadMan>;

export class SimDeadMen extends DeadMen {
  private readonly timers = new Map<string, ArmedDeadMan>();

  constructor(
    private readonly database: Database,
    private readonly rows: DeadMenRows,
  ) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.database.read(() => [...this.rows]);
    this.timers.clear();
    for (const [scope, timer] of rows) this.timers.set(scope, timer);
  }

  all(): readonly ArmedDeadMan[] {
    return [...this.timers.values()];
  }

  async arm(timer: ArmedDeadMan): Promise<void> {
    const scope = RiskScope.format(timer.scope);
    await this.database.write(() => void this.rows.set(scope, timer));
    this.timers.set(scope, timer);
  }

  async disarm(scope: RiskScope): Promise<void> {
    const row = RiskScope.format(scope);
    await this.database.write(() => void this.rows.delete(row));
    this.timers.delete(row);
  }
}
