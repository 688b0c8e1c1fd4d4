import { Timestamp } from '@scalpstorm/kernel';
import { type HaltLevel, RiskScope, type UserId } from '@scalpstorm/model';
import type { Lease, Store } from '@scalpstorm/store';
import { type ArmedDeadMan, DeadMen } from '../ports/dead-men.js';

interface Row {
  readonly scope: string;
  readonly level: HaltLevel;
  readonly seconds: number;
  readonly expires_at_us: string;
  readonly armed_by: string;
  readonly operator: boolean;
  readonly owner_id: UserId | null;
}

/** Timers in the schema of risk-gate. */
export class PostgresDeadMen extends DeadMen {
  private readonly timers = new Map<string, ArmedDeadMan>();

  constructor(
    private readonly store: Store,
    private readonly lease: Pick<Lease, 'prove'>,
  ) {
    super();
  }

  async load(): Promise<void> {
    this.timers.clear();
    for (const row of await this.store.sql<Row[]>`select * from dead_men`) {
      const scope = RiskScope.parse(row.scope);
      if (scope !== null) this.timers.set(row.scope, timerOf(scope, row));
    }
  }

  all(): readonly ArmedDeadMan[] {
    return [...this.timers.values()];
  }

  async arm(timer: ArmedDeadMan): Promise<void> {
    const scope = RiskScope.format(timer.scope);
    const row = {
      ...{ scope, level: timer.level, seconds: timer.seconds, expires_at_us: timer.expiresAt },
      ...{ armed_by: timer.by, operator: timer.operator, owner_id: timer.ownerId },
    };
    await this.store.transaction(async (tx) => {
      await this.lease.prove(tx);
      await tx`delete from dead_men where scope = ${scope}`;
      await tx`insert into dead_men ${tx(row)}`;
    });
    this.timers.set(scope, timer);
  }

  async disarm(scope: RiskScope): Promise<void> {
    const row = RiskScope.format(scope);
    await this.store.transaction(async (tx) => {
      await this.lease.prove(tx);
      await tx`delete from dead_men where scope = ${row}`;
    });
    this.timers.delete(row);
  }
}

const timerOf = (scope: RiskScope, row: Row): ArmedDeadMan => ({
  ...{ scope, level: row.level, seconds: row.seconds, by: row.armed_by },
  expiresAt: Timestamp.fromMicros(Number(row.expires_at_us)),
  operator: row.operator,
  ownerId: row.owner_id,
});
