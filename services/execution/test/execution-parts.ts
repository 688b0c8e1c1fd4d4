import type { CancelRequested, OrderApproved } from '@scalpstorm/contracts';
import { createMeta } from '@scalpstorm/contracts';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import {
  type Account,
  AccountId,
  ClientOrderId,
  EventId,
  type Fill,
  type Order,
  type OrderRequest,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aFill, anAccount, anOrderRequest, FakeClock } from '@scalpstorm/testkit';
import { IdentifyingVenues } from '../src/adapters/identifying-venues.js';
import { AccountStates } from '../src/handlers/account-states.js';
import { AdoptOrders } from '../src/handlers/adopt-orders.js';
import { AlignOrder } from '../src/handlers/align-order.js';
import { CancelOrder } from '../src/handlers/cancel-order.js';
import { CancelRequestedHandler } from '../src/handlers/cancel-requested.handler.js';
import { CancelStrays } from '../src/handlers/cancel-strays.js';
import { CompareFills } from '../src/handlers/compare-fills.js';
import { CompareOrders } from '../src/handlers/compare-orders.js';
import { DetachAccount } from '../src/handlers/detach-account.js';
import { OrderApprovedHandler } from '../src/handlers/order-approved.handler.js';
import { OrderTraces } from '../src/handlers/order-traces.js';
import { PlaceOrder } from '../src/handlers/place-order.js';
import { Reconcile } from '../src/handlers/reconcile.js';
import { RefusedFills } from '../src/handlers/refused-fills.js';
import { ResolveUnknown } from '../src/handlers/resolve-unknown.js';
import { VenueMemory } from '../src/handlers/venue-memory.js';
import { VenueReport } from '../src/handlers/venue-report.js';
import type { Ledger } from '../src/ports/ledger.js';
import type { Reconciliations } from '../src/ports/reconciliations.js';
import { FakeConnections } from './fake-connections.js';
import { FakePause } from './fake-pause.js';
import { FakeVenue, FakeVenues } from './fake-venue.js';
import { MemoryLedger, type MemoryStorage } from './memory-ledger.js';
import { MemoryReconciliations } from './memory-reconciliations.js';
import { MemoryTradingHalts } from './memory-trading-halts.js';
import { MemoryUntoldOrders } from './memory-untold-orders.js';

export interface PartsOptions {
  readonly storage?: MemoryStorage;
  readonly account?: Account;
  /** False: as right after the start. */
  readonly recovered?: boolean;
  /** Real ones instead of those in memory. */
  readonly ledger?: Ledger;
  readonly reconciliations?: Reconciliations;
  readonly others?: readonly { readonly account: Account; readonly venue: FakeVenue }[];
  readonly clock?: FakeClock;
  /** What nobody sets; goes with the clock by default. */
  readonly steady?: () => Micros;
}

const accountId = AccountId.of('demo');

/** The handlers of execution over fakes; with the storage of another one, it is the same account after a crash. */
export class ExecutionParts {
  readonly clock: FakeClock;
  readonly venue: FakeVenue;
  readonly ledger: MemoryLedger;
  readonly reconciliations = new MemoryReconciliations();
  readonly log = new RecordingLog();
  readonly approved: OrderApprovedHandler;
  readonly cancelRequested: CancelRequestedHandler;
  readonly placeOrder: PlaceOrder;
  readonly cancelOrder: CancelOrder;
  readonly resolveUnknown: ResolveUnknown;
  readonly detachAccount: DetachAccount;
  readonly reconcile: Reconcile;
  readonly compareOrders: CompareOrders;
  readonly adoptOrders: AdoptOrders;
  readonly venueReport: VenueReport;
  readonly venues: FakeVenues;
  /** The same, as the handlers see them. */
  readonly venuesOfHandlers: IdentifyingVenues;
  readonly states = new AccountStates(new Metrics('execution'));
  readonly pause = new FakePause();
  readonly halts = new MemoryTradingHalts();
  readonly untold = new MemoryUntoldOrders();
  /** How often everything told was waited for. */
  deliveries = 0;
  private events = 0;

  constructor(options: PartsOptions = {}) {
    this.clock = options.clock ?? new FakeClock();
    const { clock, log } = this;
    const now = () => clock.now();
    const metrics = new Metrics('execution');
    this.venue = new FakeVenue(now);
    this.ledger = new MemoryLedger(now, options.storage, accountId, options.steady);
    this.venues = new FakeVenues(this.venue, options.account ?? anAccount(), options.others);
    const { states } = this;
    const ledger = options.ledger ?? this.ledger;
    const venues = new IdentifyingVenues(this.venues, ledger);
    this.venuesOfHandlers = venues;
    const reconciliations = options.reconciliations ?? this.reconciliations;
    const alignOrder = new AlignOrder(ledger, clock, log);
    const cancelOrder = new CancelOrder(ledger, venues, alignOrder, clock, log);
    this.cancelOrder = cancelOrder;
    const refused = new RefusedFills(ledger, reconciliations, states, log);
    const traces = new OrderTraces();
    this.placeOrder = new PlaceOrder(ledger, venues, cancelOrder, alignOrder, refused, traces, clock, log, metrics);
    const delivered = async () => {
      this.deliveries += 1;
    };
    const adoptOrders = new AdoptOrders(ledger, venues, reconciliations, alignOrder, refused, { delivered }, log);
    this.adoptOrders = adoptOrders;
    const { placeOrder, halts } = this;
    const approvals = [ledger, venues, placeOrder, states, halts, adoptOrders, clock, log, metrics] as const;
    this.approved = new OrderApprovedHandler(...approvals);
    this.cancelRequested = new CancelRequestedHandler(ledger, cancelOrder, this.placeOrder, log);
    this.resolveUnknown = new ResolveUnknown(
      ledger,
      venues,
      this.placeOrder,
      cancelOrder,
      alignOrder,
      refused,
      states,
      clock,
      log,
      metrics,
    );
    this.compareOrders = new CompareOrders(ledger, alignOrder, this.placeOrder, venues, this.pause, clock);
    this.reconcile = new Reconcile(
      ledger,
      venues,
      reconciliations,
      this.compareOrders,
      new CompareFills(ledger, reconciliations, refused),
      refused,
      new VenueMemory(ledger, venues),
      adoptOrders,
      new CancelStrays(log),
      this.untold,
      states,
      this.pause,
      log,
      metrics,
    );
    const connections = new FakeConnections(this.venues);
    this.detachAccount = new DetachAccount(ledger, venues, connections, states, this.reconcile);
    this.venueReport = new VenueReport(
      ledger,
      venues,
      this.reconcile,
      refused,
      alignOrder,
      traces,
      clock,
      log,
      metrics,
    );
    if (options.recovered !== false) states.concluded(accountId, null, 0);
  }

  approve(order?: OrderRequest) {
    return this.approved.handle(this.approval(order));
  }

  approval(order: OrderRequest = anOrderRequest()): OrderApproved {
    return { meta: this.meta(), order, expiresAt: Timestamp.plus(this.clock.now(), 2 * second) };
  }

  cancellation(order: OrderRequest = anOrderRequest()): CancelRequested {
    const { accountId, clientOrderId } = order;
    return { meta: this.meta(), accountId, clientOrderId, reason: 'stop' };
  }

  /** An order that rests at the venue, as a request and its answer left it. */
  async rest(order: OrderRequest = anOrderRequest()): Promise<Order> {
    await this.approve(order);
    await settled(() => this.stored(order).status === 'accepted');
    return this.stored(order);
  }

  stored({ clientOrderId }: OrderRequest = anOrderRequest()): Order {
    const order = this.ledger.storage.order(clientOrderId);
    if (order === null) throw new Error(`no order ${clientOrderId}`);
    return order;
  }

  /** A fill of the order as this venue tells it. */
  fillOf(order: OrderRequest, tradeId: string, changes: Partial<Fill> = {}): Fill {
    const { clientOrderId, instrumentId, side } = order;
    return aFill({
      tradeId: TradeId.of(tradeId),
      clientOrderId: ClientOrderId.of(clientOrderId),
      venueOrderId: VenueOrderId.of(`v-${clientOrderId}`),
      instrumentId,
      side,
      occurredAt: this.clock.now(),
      ...changes,
    });
  }

  private meta() {
    this.events += 1;
    const now = this.clock.now();
    return createMeta(EventId.of(`event-${this.events}`), null, now, now);
  }
}

const turnsMax = 1_000;

/** Lets everything that is already decided run; no time passes. */
export async function settled(holds: () => boolean = () => false): Promise<void> {
  for (let turn = 0; turn < turnsMax && !holds(); turn += 1) await Promise.resolve();
}

/** A promise that a test keeps when it likes. */
export function held<Value>(): { readonly promise: Promise<Value>; readonly keep: (value: Value) => void } {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { promise, keep: resolve };
}
