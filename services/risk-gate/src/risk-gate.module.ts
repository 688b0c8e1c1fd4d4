import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { AuditAnchors, Bus, BusModule, BusOutboxPublisher, ReadBack } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { HealthRegistry, Log, WallClock } from '@scalpstorm/observability';
import { Lease, Outbox, OutboxModule, StandBy, Store, StoreModule, schemaName } from '@scalpstorm/store';
import { BusBalances } from './adapters/bus-balances.js';
import { BusInstruments } from './adapters/bus-instruments.js';
import { BusVerdicts } from './adapters/bus-verdicts.js';
import { PostgresAuditChains } from './adapters/postgres-audit-chains.js';
import { PostgresCycleResults } from './adapters/postgres-cycle-results.js';
import { PostgresDeadMen } from './adapters/postgres-dead-men.js';
import { PostgresEquityPeaks } from './adapters/postgres-equity-peaks.js';
import { PostgresLimits } from './adapters/postgres-limits.js';
import { PostgresReleaseAsks } from './adapters/postgres-release-asks.js';
import { PostgresStandingSource } from './adapters/postgres-standing-source.js';
import { PostgresTradingStates } from './adapters/postgres-trading-states.js';
import { PostgresTrips } from './adapters/postgres-trips.js';
import { VerdictChain } from './adapters/verdict-chain.js';
import { VerdictStream } from './adapters/verdict-stream.js';
import { WatchedVerdicts } from './adapters/watched-verdicts.js';
import { riskGateEnv } from './config.js';
import { AccountWorth } from './domain/account-worth.js';
import { BreakerRules, breakerRulesFrom } from './domain/breaker-rules.js';
import { limitsFrom } from './domain/limits.js';
import { MarketViews } from './domain/market-views.js';
import { readSessions } from './domain/sessions.js';
import { AskBalances } from './handlers/ask-balances.js';
import { AuditQuestionHandler } from './handlers/audit-question.handler.js';
import { Breakers } from './handlers/breakers.js';
import { CycleCompletedHandler } from './handlers/cycle-completed.handler.js';
import { Gate, GateSettings } from './handlers/gate.js';
import { KeepBooks } from './handlers/keep-books.js';
import { MachineHalt } from './handlers/machine-halt.js';
import { MarketHandler } from './handlers/market.handler.js';
import { OrderChangedHandler } from './handlers/order-changed.handler.js';
import { OrderRequestedHandler } from './handlers/order-requested.handler.js';
import { PruneVerdicts } from './handlers/prune-verdicts.js';
import { Rebuild } from './handlers/rebuild.js';
import { ReleaseReservations } from './handlers/release-reservations.js';
import { RiskQuestionHandler } from './handlers/risk-question.handler.js';
import { SecondPerson } from './handlers/second-person.js';
import { WatchDeadMen } from './handlers/watch-dead-men.js';
import { WatchEquity } from './handlers/watch-equity.js';
import { WatchMarkets } from './handlers/watch-markets.js';
import { WatchOrders } from './handlers/watch-orders.js';
import { AuditChains } from './ports/audit-chains.js';
import { Balances } from './ports/balances.js';
import { CycleResults } from './ports/cycle-results.js';
import { DeadMen } from './ports/dead-men.js';
import { EquityPeaks } from './ports/equity-peaks.js';
import { GateLease } from './ports/gate-lease.js';
import { Limits } from './ports/limits.js';
import { ReleaseRule } from './ports/release-asks.js';
import { Instruments, StandingSource } from './ports/standing-source.js';
import { TradingStates } from './ports/trading-states.js';
import { Trips } from './ports/trips.js';
import { Verdicts } from './ports/verdicts.js';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

@Module({
  imports: [
    BusModule.forRoot({ speaker: 'risk-gate' }),
    StoreModule.forRoot({ schema: 'risk', migrations }),
    OutboxModule.forRoot({ publisher: BusOutboxPublisher }),
  ],
  controllers: [
    OrderRequestedHandler,
    OrderChangedHandler,
    CycleCompletedHandler,
    MarketHandler,
    RiskQuestionHandler,
    AuditQuestionHandler,
  ],
  providers: [
    Rebuild,
    ReleaseReservations,
    PruneVerdicts,
    AskBalances,
    WatchMarkets,
    WatchOrders,
    WatchEquity,
    AccountWorth,
    MarketViews,
    Breakers,
    WatchDeadMen,
    {
      provide: DeadMen,
      useFactory: (store: Store, lease: Lease) => new PostgresDeadMen(store, lease),
      inject: [Store, Lease],
    },
    {
      provide: ReleaseRule,
      useFactory: ({ variables }: Environment, store: Store, lease: Lease, ...[clock, log]: [WallClock, Log]) => {
        const isNeeded = loadConfig(riskGateEnv, variables).RISK_RELEASE_NEEDS_SECOND_PERSON === 'yes';
        return new SecondPerson({ asks: new PostgresReleaseAsks(store, lease), clock, log, isNeeded });
      },
      inject: [Environment, Store, Lease, WallClock, Log],
    },
    MachineHalt,
    {
      provide: GateSettings,
      useFactory: ({ variables }: Environment): GateSettings => {
        const config = loadConfig(riskGateEnv, variables);
        return {
          limits: limitsFrom(config),
          approvalLifeMs: config.APPROVAL_LIFE_MS,
          verdictsKeptDays: config.RISK_VERDICTS_KEPT_DAYS,
          sessions: readSessions(config.RISK_SESSIONS) ?? new Map(),
        };
      },
      inject: [Environment],
    },
    {
      provide: Gate,
      useFactory: (...[settings, market, instruments, states, clock, limits]: ConstructorParameters<typeof Gate>) =>
        new Gate(settings, market, instruments, states, clock, limits),
      inject: [GateSettings, MarketViews, Instruments, TradingStates, WallClock, Limits],
    },
    {
      provide: KeepBooks,
      useFactory: (gate: Gate, source: StandingSource, instruments: Instruments, log: Log) =>
        new KeepBooks(gate, source, instruments, log),
      inject: [Gate, StandingSource, Instruments, Log],
    },
    { provide: Balances, useFactory: (bus: Bus) => new BusBalances(bus), inject: [Bus] },
    {
      provide: Instruments,
      useFactory: (bus: Bus, store: Store, log: Log) => new BusInstruments(bus, store, log),
      inject: [Bus, Store, Log],
    },
    { provide: Lease, useFactory: (store: Store) => new Lease(store), inject: [Store] },
    { provide: GateLease, useExisting: Lease },
    {
      provide: StandBy,
      useFactory: (lease: Lease, log: Log, health: HealthRegistry) => new StandBy({ lease, log, health }),
      inject: [Lease, Log, HealthRegistry],
    },
    {
      provide: BusVerdicts,
      useFactory: (stream: VerdictStream, store: Store, clock: WallClock, ...[log, chain]: [Log, VerdictChain]) =>
        new BusVerdicts(stream, store, clock, log, chain),
      inject: [VerdictStream, Store, WallClock, Log, VerdictChain],
    },
    {
      provide: VerdictStream,
      useFactory: (bus: Bus, readBack: ReadBack, clock: WallClock) => new VerdictStream(bus, readBack, clock),
      inject: [Bus, ReadBack, WallClock],
    },
    { provide: VerdictChain, useFactory: (store: Store) => new VerdictChain(store), inject: [Store] },
    {
      provide: PostgresAuditChains,
      useFactory: (verdicts: VerdictChain) => new PostgresAuditChains(verdicts),
      inject: [VerdictChain],
    },
    { provide: AuditChains, useExisting: PostgresAuditChains },
    {
      provide: AuditAnchors,
      useFactory: (bus: Bus, chains: PostgresAuditChains, clock: WallClock, log: Log) =>
        new AuditAnchors({ bus, service: 'risk-gate', clock, log, ends: () => chains.ends() }),
      inject: [Bus, PostgresAuditChains, WallClock, Log],
    },
    {
      provide: Verdicts,
      useFactory: (told: BusVerdicts, breakers: Breakers, rules: BreakerRules, ...[clock, log]: [WallClock, Log]) => {
        const { runawayDenialsPerMinuteMax: max } = rules;
        return max === null ? told : new WatchedVerdicts(told, { breakers, deniedMax: max, clock, log });
      },
      inject: [BusVerdicts, Breakers, BreakerRules, WallClock, Log],
    },
    {
      provide: BreakerRules,
      useFactory: ({ variables }: Environment) => breakerRulesFrom(loadConfig(riskGateEnv, variables)),
      inject: [Environment],
    },
    {
      provide: Trips,
      useFactory: (store: Store, lease: Lease) => new PostgresTrips(store, lease),
      inject: [Store, Lease],
    },
    {
      provide: EquityPeaks,
      useFactory: ({ limits }: GateSettings, store: Store, lease: Lease) =>
        new PostgresEquityPeaks(limits.currency, store, lease),
      inject: [GateSettings, Store, Lease],
    },
    { provide: CycleResults, useFactory: (store: Store) => new PostgresCycleResults(store), inject: [Store] },
    {
      provide: TradingStates,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock, lease: Lease) =>
        new PostgresTradingStates(store, outbox, clock, lease),
      inject: [Store, Outbox, WallClock, Lease],
    },
    {
      provide: Limits,
      useFactory: ({ limits }: GateSettings, store: Store, outbox: Outbox, ...[clock, lease]: [WallClock, Lease]) =>
        new PostgresLimits(limits, { store, outbox, clock, lease }),
      inject: [GateSettings, Store, Outbox, WallClock, Lease],
    },
    {
      provide: StandingSource,
      useFactory: (store: Store, { variables }: Environment) => {
        const namespace = loadConfig(riskGateEnv, variables).SCALPSTORM_NAMESPACE;
        return new PostgresStandingSource(store, schemaName(namespace, 'execution'));
      },
      inject: [Store, Environment],
    },
  ],
})
export class RiskGateModule {}
