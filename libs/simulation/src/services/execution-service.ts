import { type Bus, declaredHandlers } from '@scalpstorm/bus';
import {
  AccountStates,
  AdoptOrders,
  AlignOrder,
  CancelOpening,
  CancelOrder,
  CancelRequestedHandler,
  CancelStrays,
  CoalescedRetelling,
  CompareFills,
  CompareOrders,
  DropChild,
  FlattenHeld,
  IdentifyingVenues,
  type Ledger,
  ObeyTradingWord,
  OrderApprovedHandler,
  OrderDeniedHandler,
  type OrderPlans,
  OrderTraces,
  PlaceOrder,
  PlanMarkets,
  PostgresTradingHalts,
  Reconcile,
  Recover,
  RefusedFills,
  ResolveUnknown,
  RunPlans,
  TradingStateHandler,
  VenueMemory,
  VenueReport,
  WatchHalts,
} from '@scalpstorm/execution/simulation';
import type { Price } from '@scalpstorm/model';
import { HealthRegistry, type Log, Metrics } from '@scalpstorm/observability';
import type { ExecutionVenue } from '@scalpstorm/venue-api';
import { SimVenues } from '../venue/sim-venue.js';
import type { Database } from './database.js';
import type { ExecutionDatabase } from './execution-database.js';
import { NothingUntold, SimPause, SimReconciliations, SimRetelling, SimToldOrders } from './execution-ports.js';
import { type MemoryTables, memoryStore } from './memory-tables.js';
import type { Seams } from './seams.js';
import { listingBus, SimHandHoldings } from './sim-hand-holdings.js';
import { SimMarketEar } from './sim-market-ear.js';
import { SimOrderPlans } from './sim-order-plans.js';
import type { SimProcess } from './sim-process.js';
import { theAccount } from './stage.js';

export interface ExecutionParts {
  readonly process: SimProcess;
  readonly database: Database;
  readonly rows: ExecutionDatabase;
  readonly tables: MemoryTables;
  readonly ledger: Ledger;
  readonly venue: ExecutionVenue;
  readonly bus: Bus;
  readonly log: Log;
  readonly seams: Seams;
  /** Rows of the outbox were committed. */
  wake(): void;
  /** What market-data would tell. */
  price(): Price;
  /** Told of every comparison with the venue. */
  compared(trigger: string, succeeded: boolean): void;
}

/** One for all worlds of a thread: nobody reads them. */
const metrics = new Metrics('execution', { silent: true });
const settings = { reconcileEveryMs: 5_000, retellEndedMinutes: 1 };

/** The handlers of execution as its module binds them, over what this world has instead of Postgres, NATS and a venue. */
export class ExecutionService {
  readonly venues: SimVenues;
  readonly states: AccountStates;
  readonly handlers;
  readonly plans: RunPlans;
  readonly ear = new SimMarketEar();
  readonly stored: OrderPlans;
  private readonly halts: PostgresTradingHalts;
  private readonly recover: Recover;
  private readonly watchHalts: WatchHalts | null;
  private readonly flattenHeld: FlattenHeld;

  constructor(parts: ExecutionParts) {
    const { process, database, rows, ledger, log, seams, venue, tables } = parts;
    const { clock } = process;
    const plainStates = new AccountStates(metrics);
    const states = seams.states?.(plainStates) ?? plainStates;
    this.states = states;
    const points = { trading_halts: {} as never };
    const { store } = memoryStore({ database, tables, outbox: rows.outbox, points, wake: () => undefined });
    this.halts = new PostgresTradingHalts(store);
    this.venues = new SimVenues(theAccount, venue);
    const venues = new IdentifyingVenues(this.venues, ledger, seams.matchesOrders);
    const pause = new SimPause(process);
    const reconciliations = new SimReconciliations(database, rows);
    const alignOrder = new AlignOrder(ledger, clock, log);
    const cancelOrder = new CancelOrder(ledger, venues, alignOrder, clock, log);
    const refused = new RefusedFills(ledger, reconciliations, states, log);
    const traces = new OrderTraces();
    const placeOrder = new PlaceOrder(ledger, venues, cancelOrder, alignOrder, refused, traces, clock, log, metrics);
    const told = new SimToldOrders(process, rows);
    const adoptOrders = new AdoptOrders(ledger, venues, reconciliations, alignOrder, refused, told, log);
    const judgesBy = seams.clockOfApprovals?.(clock) ?? clock;
    const approvals = [ledger, venues, placeOrder, states, this.halts, adoptOrders, judgesBy, log, metrics] as const;
    const cancelLedger = seams.ledgerOfCancels?.(ledger, venue) ?? ledger;
    const resolveUnknown = new ResolveUnknown(
      seams.ledgerOfResolve?.(ledger) ?? ledger,
      seams.venuesOfResolve?.(venues, process) ?? venues,
      placeOrder,
      cancelOrder,
      alignOrder,
      refused,
      states,
      clock,
      log,
      metrics,
    );
    const reconcile = new Reconcile(
      ledger,
      venues,
      reconciliations,
      new CompareOrders(ledger, alignOrder, placeOrder, venues, pause, clock),
      new CompareFills(ledger, reconciliations, refused),
      refused,
      new VenueMemory(ledger, venues),
      adoptOrders,
      new CancelStrays(log),
      new NothingUntold(),
      states,
      pause,
      log,
      metrics,
    );
    if (seams.comparesAtStartOnly === true) onlyAtStart(reconcile);
    tellComparisons(reconcile, parts);
    const report = new VenueReport(ledger, venues, reconcile, refused, alignOrder, traces, clock, log, metrics);
    const retelling = new CoalescedRetelling(new SimRetelling(process, database, rows), clock);
    const recovering = [ledger, venues, report, reconcile, resolveUnknown, retelling] as const;
    this.recover = new Recover(...recovering, states, pause, log, new HealthRegistry());
    const drop = new DropChild(ledger, cancelOrder, placeOrder, clock, log);
    const plainPlans = new SimOrderPlans({ process, database, rows, wake: parts.wake });
    this.stored = seams.plans?.(plainPlans) ?? plainPlans;
    this.plans = new RunPlans(this.stored, ledger, venues, new PlanMarkets(this.ear, log), drop, clock, log);
    const held = [ledger, venues, new SimHandHoldings(database, rows), this.stored, this.plans, states] as const;
    this.flattenHeld = new FlattenHeld(...held, this.halts, drop, listingBus(parts.bus, parts.price), clock, log);
    const cancelOpening = new CancelOpening(ledger, venues, cancelOrder, placeOrder, clock, log);
    const obey = new ObeyTradingWord(this.halts, log, cancelOpening);
    this.watchHalts = seams.readsHaltsOnce === true ? null : new WatchHalts(this.halts, obey, log);
    this.handlers = declaredHandlers([
      new OrderDeniedHandler(ledger, this.plans),
      new OrderApprovedHandler(...approvals),
      new CancelRequestedHandler(cancelLedger, cancelOrder, placeOrder, log),
      new TradingStateHandler(obey),
    ]);
  }

  /** As `start.ts`: events are heard when the account is taken, its venue may still be away then. */
  async start(hear: () => void): Promise<void> {
    await this.halts.load();
    if (!(await this.recover.open(settings))) return;
    await this.halts.load();
    hear();
    this.watchHalts?.start();
    this.plans.onApplicationBootstrap();
    this.flattenHeld.onApplicationBootstrap();
    void this.recover.run(settings);
  }
}

function tellComparisons(reconcile: Reconcile, { compared }: Pick<ExecutionParts, 'compared'>): void {
  const run = reconcile.run.bind(reconcile);
  reconcile.run = async (accountId, trigger) => {
    try {
      const found = await run(accountId, trigger);
      compared(trigger, true);
      return found;
    } catch (cause) {
      compared(trigger, false);
      throw cause;
    }
  };
}

function onlyAtStart(reconcile: Reconcile): void {
  const run = reconcile.run.bind(reconcile);
  reconcile.run = async (accountId, trigger) => (trigger === 'start' ? run(accountId, trigger) : []);
}
