import { NoAnswer } from '@scalpstorm/bus';
import { type LimitsInForce, limitsInForce, type RiskLimits } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { Account, AccountId, ClientOrderId, Instrument, InstrumentId, Order, RiskScope } from '@scalpstorm/model';
import { isFinal } from '@scalpstorm/model';
import {
  type AccountBooks,
  Balances,
  CycleResults,
  GateLease,
  Instruments,
  type KnownBalances,
  Limits,
  type ScopeLimits,
  StandingSource,
} from '@scalpstorm/risk-gate/simulation';
import type { Database } from './database.js';
import type { ExecutionDatabase } from './execution-database.js';
import type { SimProcess } from './sim-process.js';

/** One gate lives at a time in a world. */
export class OneGate extends GateLease {
  constructor(private readonly process: SimProcess) {
    super();
  }

  get isHeld(): boolean {
    return this.process.alive;
  }
}

export class ListedInstruments extends Instruments {
  constructor(private readonly listed: Instrument) {
    super();
  }

  async load(): Promise<void> {
    // It is known from the start.
  }

  async refresh(): Promise<void> {
    // It never changes.
  }

  get(id: InstrumentId): Instrument | null {
    return id === this.listed.id ? this.listed : null;
  }

  venues(): ReadonlySet<string> {
    return new Set([this.listed.venue]);
  }
}

/** Nobody has set a limit that is tighter than the settings. */
export class SettingsAlone extends Limits {
  private readonly inForce;

  constructor(settings: RiskLimits) {
    super();
    this.inForce = limitsInForce(settings, []);
  }

  async load(): Promise<void> {
    // There is nothing to read.
  }

  of(): LimitsInForce {
    return this.inForce;
  }

  within(): LimitsInForce {
    return this.inForce;
  }

  own(scope: RiskScope): ScopeLimits {
    return { scope, version: 0, limits: {} };
  }

  async set(): Promise<null> {
    return null;
  }
}

/** The breakers of cycles are off, so nothing is kept of what they came to. */
export class NothingLost extends CycleResults {
  async note(): Promise<void> {
    // Nobody asks for it.
  }

  async ofBot(): Promise<readonly never[]> {
    return [];
  }

  async within(): Promise<readonly never[]> {
    return [];
  }

  async summedWith(): Promise<readonly never[]> {
    return [];
  }

  async prune(): Promise<number> {
    return 0;
  }
}

/** Execution's contract views, read over the database. */
export class SimStandingSource extends StandingSource {
  constructor(
    private readonly database: Database,
    private readonly rows: ExecutionDatabase,
    private readonly accountId: AccountId,
    private readonly given: () => void,
  ) {
    super();
  }

  read(changedSince: Timestamp | null): Promise<readonly AccountBooks[]> {
    const points = { before: 'gate-reading-books', after: 'gate-books-read' } as const;
    return this.database.read(() => {
      this.given();
      const all = this.orders();
      const orders = all.filter(({ status, updatedAt }) => !isFinal(status) || updatedAt > (changedSince ?? 0));
      return [{ accountId: this.accountId, orders, positions: [...this.rows.positions.values()] }];
    }, points);
  }

  find(ids: readonly ClientOrderId[]): Promise<readonly Order[]> {
    return this.database.read(() => this.rows.known(ids).map(({ tracked }) => tracked.order));
  }

  private orders(): readonly Order[] {
    const orders = [...this.rows.orders.values()].map(({ tracked }) => tracked.order);
    return orders.toSorted((left, right) => left.updatedAt - right.updatedAt);
  }
}

/** Asks execution, which may be away. */
export class AskedBalances extends Balances {
  constructor(
    private readonly process: SimProcess,
    private readonly account: Account,
    private readonly execution: () => KnownBalances | null,
  ) {
    super();
  }

  async accounts(): Promise<readonly Account[]> {
    return [this.account];
  }

  of(): Promise<KnownBalances | null> {
    const effect = (): KnownBalances | null => {
      const known = this.execution();
      if (known === null) throw new NoAnswer('NO_RESPONDER', 'accountQuestion');
      return known;
    };
    return this.process.call({ there: 300, back: 300, effect });
  }
}
