import type { Reconciled } from '@scalpstorm/contracts';
import {
  OrdersUntold,
  Pause,
  Reconciliations,
  type RefusedFill,
  Retelling,
  ToldOrders,
  type Totals,
  UntoldOrders,
} from '@scalpstorm/execution/simulation';
import { type Micros, millisecond, Timestamp } from '@scalpstorm/kernel';
import type { AccountId, InstrumentId, TradeId } from '@scalpstorm/model';
import type { Database } from './database.js';
import type { ExecutionDatabase } from './execution-database.js';
import type { SimProcess } from './sim-process.js';

export class SimPause extends Pause {
  constructor(private readonly process: SimProcess) {
    super();
  }

  for(ms: number): Promise<void> {
    return this.process.pause(ms * millisecond);
  }
}

/** Nothing is refused for good here: the bus takes everything, some time. */
export class NothingUntold extends UntoldOrders {
  async count(): Promise<number> {
    return 0;
  }

  follow(): void {
    // Nobody will be told.
  }
}

const look = 20 * millisecond;
const looksMax = 500;

export class SimToldOrders extends ToldOrders {
  constructor(
    private readonly process: SimProcess,
    private readonly rows: ExecutionDatabase,
  ) {
    super();
  }

  async delivered(): Promise<void> {
    for (let looks = 0; looks < looksMax; looks += 1) {
      if (this.rows.outbox.depth === 0) return;
      await this.process.pause(look);
    }
    throw new OrdersUntold('events of orders wait for the message bus');
  }
}

export class SimRetelling extends Retelling {
  constructor(
    private readonly process: SimProcess,
    private readonly database: Database,
    private readonly rows: ExecutionDatabase,
  ) {
    super();
  }

  retell(_accountId: AccountId, endedWithin: Micros): Promise<number> {
    const now = this.process.clock.now();
    return this.database.write(() => this.rows.retell(Timestamp.plus(now, -endedWithin), now));
  }
}

export class SimReconciliations extends Reconciliations {
  constructor(
    private readonly database: Database,
    private readonly rows: ExecutionDatabase,
  ) {
    super();
  }

  baseline(): Promise<Totals | null> {
    return this.database.read(() => this.rows.baseline);
  }

  setBaseline(_accountId: AccountId, baseline: Totals): Promise<void> {
    return this.database.write(() => {
      this.rows.baseline = baseline;
    });
  }

  fillMark(_accountId: AccountId, instrumentId: InstrumentId): Promise<TradeId | null> {
    return this.database.read(() => this.rows.marks.get(instrumentId) ?? null);
  }

  setFillMark(_accountId: AccountId, instrumentId: InstrumentId, tradeId: TradeId): Promise<void> {
    return this.database.write(() => void this.rows.marks.set(instrumentId, tradeId));
  }

  keepRefused(_accountId: AccountId, refused: RefusedFill): Promise<boolean> {
    return this.database.write(() => this.rows.keepRefused(refused));
  }

  openRefused(_accountId: AccountId, limit: number) {
    return this.database.read(() => {
      const open = this.rows.refused.filter(({ id }) => !this.rows.closed.has(id));
      return { rows: open.slice(0, limit), count: open.length };
    });
  }

  closeRefused(_accountId: AccountId, id: bigint): Promise<void> {
    return this.database.write(() => void this.rows.closed.add(id));
  }

  conclude({ differences }: Omit<Reconciled, 'meta'>): Promise<void> {
    const points = { before: 'reconcile-before-commit', after: 'reconcile-after-commit' } as const;
    return this.database.write(() => {
      this.rows.differences = differences;
    }, points);
  }

  unrepaired() {
    return this.rows.differences.filter((difference) => !difference.repaired);
  }
}
