import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { AuditAnchors, Bus, BusModule, BusOutboxPublisher, Receiver } from '@scalpstorm/bus';
import { RateLedgerModule, SharedRates } from '@scalpstorm/cache';
import { Environment, loadConfig } from '@scalpstorm/config';
import { Log, WallClock } from '@scalpstorm/observability';
import { AuditTrail, Outbox, OutboxModule, Store, StoreModule } from '@scalpstorm/store';
import { BinanceVenues } from './adapters/binance-venues.js';
import { BusMarketEar } from './adapters/bus-market-ear.js';
import { CoalescedRetelling } from './adapters/coalesced-retelling.js';
import { configuredVault } from './adapters/configured-vault.js';
import { IdentifyingVenues } from './adapters/identifying-venues.js';
import { PostgresAuditChains } from './adapters/postgres-audit-chains.js';
import { PostgresBookedFills } from './adapters/postgres-booked-fills.js';
import { PostgresDifferenceLog } from './adapters/postgres-difference-log.js';
import { PostgresExternalOrders } from './adapters/postgres-external-orders.js';
import { PostgresFollowedPrices } from './adapters/postgres-followed-prices.js';
import { PostgresHandHoldings } from './adapters/postgres-hand-holdings.js';
import { PostgresHistory } from './adapters/postgres-history.js';
import { PostgresLedger } from './adapters/postgres-ledger.js';
import { PostgresLostStops } from './adapters/postgres-lost-stops.js';
import { PostgresOrderPlans } from './adapters/postgres-order-plans.js';
import { PostgresReconciliations } from './adapters/postgres-reconciliations.js';
import { PostgresRetelling } from './adapters/postgres-retelling.js';
import { PostgresToldOrders } from './adapters/postgres-told-orders.js';
import { PostgresTradingHalts } from './adapters/postgres-trading-halts.js';
import { PostgresUntoldOrders } from './adapters/postgres-untold-orders.js';
import { PostgresVenueAccounts } from './adapters/postgres-venue-accounts.js';
import { TimerPause } from './adapters/timer-pause.js';
import { executionEnv } from './config.js';
import { venueOffers } from './domain/venue-offers.js';
import { AccountQuestionHandler } from './handlers/account-question.handler.js';
import { AccountStates } from './handlers/account-states.js';
import { AdoptOrders } from './handlers/adopt-orders.js';
import { AlignOrder } from './handlers/align-order.js';
import { AuditQuestionHandler } from './handlers/audit-question.handler.js';
import { CancelOpening } from './handlers/cancel-opening.js';
import { CancelOrder } from './handlers/cancel-order.js';
import { CancelRequestedHandler } from './handlers/cancel-requested.handler.js';
import { CancelStrays } from './handlers/cancel-strays.js';
import { CompareFills } from './handlers/compare-fills.js';
import { CompareOnly } from './handlers/compare-only.js';
import { CompareOrders } from './handlers/compare-orders.js';
import { DecideExternalOrder } from './handlers/decide-external-order.js';
import { DetachAccount } from './handlers/detach-account.js';
import { DropChild } from './handlers/drop-child.js';
import { FlatQuestionHandler } from './handlers/flat-question.handler.js';
import { FlattenHeld } from './handlers/flatten-held.js';
import { KeepExpiries } from './handlers/keep-expiries.js';
import { MachineHalt } from './handlers/machine-halt.js';
import { MeasureReconciliation } from './handlers/measure-reconciliation.js';
import { ObeyTradingWord } from './handlers/obey-trading-word.js';
import { OrderApprovedHandler } from './handlers/order-approved.handler.js';
import { OrderDeniedHandler } from './handlers/order-denied.handler.js';
import { OrderTraces } from './handlers/order-traces.js';
import { PlaceOrder } from './handlers/place-order.js';
import { PlanMarkets } from './handlers/plan-markets.js';
import { PlanQuestionHandler } from './handlers/plan-question.handler.js';
import { PlansBehind } from './handlers/plans-behind.js';
import { ProveFlat } from './handlers/prove-flat.js';
import { PruneHistory } from './handlers/prune-history.js';
import { Reconcile } from './handlers/reconcile.js';
import { ReconciliationQuestionHandler } from './handlers/reconciliation-question.handler.js';
import { Recover } from './handlers/recover.js';
import { RefusedFills } from './handlers/refused-fills.js';
import { ResolveUnknown } from './handlers/resolve-unknown.js';
import { RunPlans } from './handlers/run-plans.js';
import { TellAccounts } from './handlers/tell-accounts.js';
import { TradingStateHandler } from './handlers/trading-state.handler.js';
import { VenueAccountQuestionHandler } from './handlers/venue-account-question.handler.js';
import { VenueAccounts } from './handlers/venue-accounts.js';
import { VenueMemory } from './handlers/venue-memory.js';
import { VenueReport } from './handlers/venue-report.js';
import { WatchCircuits } from './handlers/watch-circuits.js';
import { WatchClocks } from './handlers/watch-clocks.js';
import { WatchHalts } from './handlers/watch-halts.js';
import { WatchOrders } from './handlers/watch-orders.js';
import { WatchProtection } from './handlers/watch-protection.js';
import { WatchTriggers } from './handlers/watch-triggers.js';
import { AuditChains } from './ports/audit-chains.js';
import { BookedFills } from './ports/booked-fills.js';
import { DifferenceLog } from './ports/difference-log.js';
import { ExternalOrders } from './ports/external-orders.js';
import { FollowedPrices } from './ports/followed-prices.js';
import { HandHoldings } from './ports/hand-holdings.js';
import { History } from './ports/history.js';
import { Ledger } from './ports/ledger.js';
import { LostStopsStore } from './ports/lost-stops.js';
import { MarketEar } from './ports/market-ear.js';
import { OrderPlans } from './ports/order-plans.js';
import { Pause } from './ports/pause.js';
import { Reconciliations } from './ports/reconciliations.js';
import { Retelling } from './ports/retelling.js';
import { ToldOrders } from './ports/told-orders.js';
import { TradingHalts } from './ports/trading-halts.js';
import { UntoldOrders } from './ports/untold-orders.js';
import { VenueAccountSettings } from './ports/venue-account-settings.js';
import { VenueAccountStore } from './ports/venue-account-store.js';
import { VenueConnections } from './ports/venue-connections.js';
import { Venues } from './ports/venues.js';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

@Module({
  imports: [
    BusModule.forRoot({ speaker: 'execution' }),
    StoreModule.forRoot({ schema: 'execution', migrations }),
    OutboxModule.forRoot({ publisher: BusOutboxPublisher }),
    RateLedgerModule.forRoot(),
  ],
  controllers: [
    OrderApprovedHandler,
    OrderDeniedHandler,
    CancelRequestedHandler,
    TradingStateHandler,
    AccountQuestionHandler,
    ReconciliationQuestionHandler,
    PlanQuestionHandler,
    FlatQuestionHandler,
    VenueAccountQuestionHandler,
    AuditQuestionHandler,
  ],
  providers: [
    OrderTraces,
    PlaceOrder,
    CancelOrder,
    CancelOpening,
    ObeyTradingWord,
    WatchHalts,
    MachineHalt,
    ResolveUnknown,
    AccountStates,
    AlignOrder,
    AdoptOrders,
    RefusedFills,
    VenueMemory,
    CancelStrays,
    CompareOrders,
    CompareFills,
    Reconcile,
    CompareOnly,
    ProveFlat,
    DecideExternalOrder,
    WatchOrders,
    VenueReport,
    TellAccounts,
    Recover,
    PruneHistory,
    WatchCircuits,
    MeasureReconciliation,
    WatchClocks,
    WatchTriggers,
    WatchProtection,
    KeepExpiries,
    PlanMarkets,
    DropChild,
    RunPlans,
    FlattenHeld,
    PlansBehind,
    {
      provide: HandHoldings,
      useFactory: (store: Store) => new PostgresHandHoldings(store),
      inject: [Store],
    },
    {
      provide: OrderPlans,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock, writer: PostgresLedger) =>
        new PostgresOrderPlans({ store, outbox, clock, writer }),
      inject: [Store, Outbox, WallClock, PostgresLedger],
    },
    {
      provide: MarketEar,
      useFactory: (receiver: Receiver, clock: WallClock) => new BusMarketEar(receiver, clock),
      inject: [Receiver, WallClock],
    },
    {
      provide: FollowedPrices,
      useFactory: (store: Store, writer: PostgresLedger) => new PostgresFollowedPrices(store, writer),
      inject: [Store, PostgresLedger],
    },
    { provide: Pause, useClass: TimerPause },
    {
      provide: UntoldOrders,
      useFactory: (store: Store, outbox: Outbox) => new PostgresUntoldOrders(store, outbox),
      inject: [Store, Outbox],
    },
    {
      provide: ToldOrders,
      useFactory: (store: Store, pause: Pause) => new PostgresToldOrders(store, pause),
      inject: [Store, Pause],
    },
    { provide: TradingHalts, useFactory: (store: Store) => new PostgresTradingHalts(store), inject: [Store] },
    { provide: BookedFills, useFactory: (store: Store) => new PostgresBookedFills(store), inject: [Store] },
    { provide: DifferenceLog, useFactory: (store: Store) => new PostgresDifferenceLog(store), inject: [Store] },
    {
      provide: ExternalOrders,
      useFactory: (store: Store, writer: PostgresLedger) => new PostgresExternalOrders(store, writer),
      inject: [Store, PostgresLedger],
    },
    {
      provide: History,
      useFactory: (store: Store, keys: AuditTrail) => new PostgresHistory(store, keys),
      inject: [Store, AuditTrail],
    },
    {
      provide: Retelling,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock) =>
        new CoalescedRetelling(new PostgresRetelling({ store, outbox, clock }), clock),
      inject: [Store, Outbox, WallClock],
    },
    {
      provide: PostgresLedger,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock) => new PostgresLedger({ store, outbox, clock }),
      inject: [Store, Outbox, WallClock],
    },
    { provide: Ledger, useExisting: PostgresLedger },
    {
      provide: LostStopsStore,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock, writer: PostgresLedger) =>
        new PostgresLostStops({ store, outbox, clock, writer }),
      inject: [Store, Outbox, WallClock, PostgresLedger],
    },
    {
      provide: AuditTrail,
      useFactory: (store: Store, clock: WallClock) =>
        new AuditTrail({ store, clock, service: 'execution', chain: 'keys' }),
      inject: [Store, WallClock],
    },
    {
      provide: PostgresAuditChains,
      useFactory: (store: Store, ledger: PostgresLedger, keys: AuditTrail) =>
        new PostgresAuditChains(store, ledger, keys),
      inject: [Store, PostgresLedger, AuditTrail],
    },
    { provide: AuditChains, useExisting: PostgresAuditChains },
    {
      provide: AuditAnchors,
      useFactory: (bus: Bus, chains: PostgresAuditChains, clock: WallClock, log: Log) =>
        new AuditAnchors({ bus, service: 'execution', clock, log, ends: () => chains.ends() }),
      inject: [Bus, PostgresAuditChains, WallClock, Log],
    },
    {
      provide: Reconciliations,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock, writer: PostgresLedger) =>
        new PostgresReconciliations({ store, outbox, clock, writer }),
      inject: [Store, Outbox, WallClock, PostgresLedger],
    },
    {
      provide: VenueConnections,
      useFactory: ({ variables }: Environment, clock: WallClock, log: Log, { ledger }: SharedRates) =>
        BinanceVenues.create(loadConfig(executionEnv, variables), { clock, log, ledger }),
      inject: [Environment, WallClock, Log, SharedRates],
    },
    {
      provide: Venues,
      useFactory: (connections: BinanceVenues, ledger: Ledger) => new IdentifyingVenues(connections, ledger),
      inject: [VenueConnections, Ledger],
    },
    {
      provide: VenueAccountStore,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock, keys: AuditTrail) =>
        new PostgresVenueAccounts(store, outbox, clock, keys),
      inject: [Store, Outbox, WallClock, AuditTrail],
    },
    {
      provide: VenueAccountSettings,
      useFactory: ({ variables }: Environment): VenueAccountSettings => {
        const config = loadConfig(executionEnv, variables);
        return { vault: configuredVault(config), offers: venueOffers(config) };
      },
      inject: [Environment],
    },
    DetachAccount,
    VenueAccounts,
  ],
})
export class ExecutionModule {}
