import { type Bus, declaredHandlers, type ReadBack } from '@scalpstorm/bus';
import { HealthRegistry, type Log, Metrics } from '@scalpstorm/observability';
import {
  AskBalances,
  Breakers,
  BusVerdicts,
  Gate,
  type GateSettings,
  KeepBooks,
  type KnownBalances,
  MarketHandler,
  MarketViews,
  OrderChangedHandler,
  OrderRequestedHandler,
  PostgresTradingStates,
  PostgresTrips,
  PruneVerdicts,
  Rebuild,
  ReleaseReservations,
  RiskQuestionHandler,
  VerdictChain,
  VerdictStream,
  WatchDeadMen,
  WatchedVerdicts,
} from '@scalpstorm/risk-gate/simulation';
import { StandBy, type Store } from '@scalpstorm/store';
import type { OutboxTable } from '../lane/outbox.js';
import type { Database } from './database.js';
import type { ExecutionDatabase } from './execution-database.js';
import {
  AskedBalances,
  ListedInstruments,
  NothingLost,
  OneGate,
  SettingsAlone,
  SimStandingSource,
} from './gate-ports.js';
import { MemoryTables, memoryStore } from './memory-tables.js';
import type { Seams } from './seams.js';
import { type DeadMenRows, SimDeadMen } from './sim-dead-men.js';
import type { SimProcess } from './sim-process.js';
import { gateLimits, runawayDenialsMax, theAccount, theInstrument } from './stage.js';

export interface GateParts {
  readonly process: SimProcess;
  readonly database: Database;
  readonly execution: ExecutionDatabase;
  readonly tables: MemoryTables;
  readonly outbox: OutboxTable;
  readonly deadMen: DeadMenRows;
  readonly bus: Bus;
  readonly readBack: ReadBack;
  readonly log: Log;
  readonly seams: Seams;
  /** The gate is given all that is booked. */
  booksGiven(): void;
  /** What execution would answer now; null while it is away. */
  balances(): KnownBalances | null;
  wake(): void;
}

const metrics = new Metrics('risk-gate', { silent: true });
const approvalLifeMs = 2_000;

const points = {
  verdicts: { before: 'verdict-before-commit', after: 'verdict-after-commit' },
  trading_states: { before: 'halt-before-commit', after: 'halt-after-commit' },
} as const;

/** The handlers of the gate as its module binds them, over what this world has instead of Postgres and NATS. */
export class GateService {
  readonly handlers;
  readonly gate: Gate;
  readonly questions: RiskQuestionHandler;
  private readonly rebuild: Rebuild;
  private readonly deadMen: WatchDeadMen;

  constructor(parts: GateParts) {
    const { process, bus, log, seams, database, execution, outbox, wake } = parts;
    const { clock } = process;
    const tables = seams.forgetsStates === true ? forgetful(parts.tables) : parts.tables;
    const made = memoryStore({ database, tables, outbox, points, wake });
    const settings: GateSettings = {
      limits: seams.limits?.(gateLimits) ?? gateLimits,
      approvalLifeMs,
      verdictsKeptDays: 30,
    };
    const restSettings = { ...settings, approvalLifeMs: seams.approvalLifeOfRebuildMs ?? approvalLifeMs };
    const states = new PostgresTradingStates(made.store, made.outbox, clock, { prove: async () => undefined });
    const limits = new SettingsAlone(settings.limits);
    const stream = new VerdictStream(bus, parts.readBack, clock);
    const chain = chainOver(made.store, seams.editsVerdicts === true ? tables : null);
    const told = new BusVerdicts(stream, made.store, clock, log, chain);
    const instruments = new ListedInstruments(theInstrument);
    const views = new MarketViews();
    const source = new SimStandingSource(database, execution, theAccount.id, parts.booksGiven);
    const lease = new OneGate(process);
    const trips = new PostgresTrips(made.store, { prove: async () => undefined });
    const breakers = new Breakers(states, trips, lease, clock, log, metrics);
    const verdicts = new WatchedVerdicts(told, { breakers, deniedMax: runawayDenialsMax, clock, log });
    const health = new HealthRegistry();
    this.gate = new Gate(settings, views, instruments, states, clock, limits);
    const books = new KeepBooks(this.gate, source, instruments, log);
    const standBy = new StandBy({ lease: aloneWith(lease), log, health });
    const balances = new AskBalances(this.gate, new AskedBalances(process, theAccount, parts.balances), log);
    this.rebuild = new Rebuild(
      this.gate,
      standBy,
      books,
      instruments,
      states,
      limits,
      breakers,
      verdicts,
      new ReleaseReservations(this.gate, seams.releasesByTimeAlone === true ? blindTo(source) : source, log),
      new PruneVerdicts(verdicts, new NothingLost(), settings, clock, log),
      balances,
      restSettings,
      log,
      health,
    );
    this.deadMen = new WatchDeadMen(new SimDeadMen(database, parts.deadMen), states, lease, clock, log);
    this.questions = new RiskQuestionHandler(states, limits, breakers, lease, log, metrics, this.deadMen, {
      objectionTo: async () => null,
    });
    this.handlers = declaredHandlers([
      new OrderRequestedHandler(this.gate, verdicts, instruments, lease, clock, log, metrics),
      new OrderChangedHandler(this.gate, instruments, lease),
      new MarketHandler(views, clock),
    ]);
  }

  async start(hear: () => void): Promise<void> {
    if (!(await this.rebuild.run())) return;
    hear();
    this.deadMen.start();
  }
}

const aloneWith = (lease: OneGate) => ({
  take: async () => null,
  release: async () => undefined,
  get isHeld() {
    return lease.isHeld;
  },
});

/** No run is long enough for a verdict to be forgotten. @param edited tables in which somebody makes a row say something else */
function chainOver(store: Store, edited: MemoryTables | null): VerdictChain {
  const chain = Object.assign(new VerdictChain(store), { prune: async () => 0 });
  if (edited === null) return chain;
  const add = chain.add.bind(chain);
  return Object.assign(chain, {
    add: async (rows: Parameters<typeof add>[0]) => {
      await add(rows);
      for (const { client_order_id: id } of rows)
        edited.rows('verdicts').set(id, { ...edited.rows('verdicts').get(id), code: 'EDITED' });
    },
  });
}

/** Books in which no order is found. */
function blindTo(source: SimStandingSource): SimStandingSource {
  return Object.assign(Object.create(source), { find: async () => [] });
}

/** What is written of trading states goes nowhere. */
function forgetful(tables: MemoryTables): MemoryTables {
  const forgotten = new MemoryTables();
  const rows = tables.rows.bind(tables);
  return Object.assign(Object.create(MemoryTables.prototype), {
    rows: (table: string) => (table.startsWith('trading_state') ? forgotten.rows(table) : rows(table)),
    chainEnded: tables.chainEnded,
  });
}
