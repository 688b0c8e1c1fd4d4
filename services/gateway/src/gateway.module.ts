import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AuditAnchors, Bus, BusModule } from '@scalpstorm/bus';
import { CacheModule } from '@scalpstorm/cache';
import { Environment, loadConfig } from '@scalpstorm/config';
import { Log, WallClock } from '@scalpstorm/observability';
import { AuditTrail, Store, StoreModule } from '@scalpstorm/store';
import { Argon2Passwords } from './adapters/argon2-passwords.js';
import { CacheCandleMemory } from './adapters/cache-candle-memory.js';
import { CacheLoginThrottle } from './adapters/cache-login-throttle.js';
import { CacheRateLimits } from './adapters/cache-rate-limits.js';
import { CacheStreamTickets } from './adapters/cache-stream-tickets.js';
import { JwtAccessTokens } from './adapters/jwt-access-tokens.js';
import { PostgresAccountOwners } from './adapters/postgres-account-owners.js';
import { PostgresAnomalies } from './adapters/postgres-anomalies.js';
import { PostgresApiKeys } from './adapters/postgres-api-keys.js';
import { PostgresAuditLog } from './adapters/postgres-audit-log.js';
import { PostgresHousekeeping } from './adapters/postgres-housekeeping.js';
import { PostgresIdempotencyLedger } from './adapters/postgres-idempotency-ledger.js';
import { PostgresProjection } from './adapters/postgres-projection.js';
import { PostgresReadModel } from './adapters/postgres-read-model.js';
import { PostgresRefreshTokens } from './adapters/postgres-refresh-tokens.js';
import { PostgresStandings } from './adapters/postgres-standings.js';
import { PostgresUserDirectory } from './adapters/postgres-user-directory.js';
import { WsStreamDoor } from './adapters/ws-stream-door.js';
import { anomalySettings, gatewayConfig } from './config.js';
import { HearingLag } from './domain/hearing-lag.js';
import { MarketBoard } from './domain/market-board.js';
import { AuditEventsHandler } from './handlers/events/audit-events.handler.js';
import { BotEventsHandler } from './handlers/events/bot-events.handler.js';
import { JobEventsHandler } from './handlers/events/job-events.handler.js';
import { LiveEventsHandler } from './handlers/events/live-events.handler.js';
import { MarketEventsHandler } from './handlers/events/market-events.handler.js';
import { OperationsEventsHandler } from './handlers/events/operations-events.handler.js';
import { OrderEventsHandler } from './handlers/events/order-events.handler.js';
import { UnheardRequests } from './handlers/events/unheard-requests.js';
import { grpcProviders } from './handlers/grpc/grpc-providers.js';
import { AccessGuard } from './handlers/http/access.guard.js';
import { ApiKeysHandler } from './handlers/http/api-keys.handler.js';
import { AuditHandler } from './handlers/http/audit.handler.js';
import { BacktestsHandler } from './handlers/http/backtests.handler.js';
import { BotsHandler } from './handlers/http/bots.handler.js';
import { CertificatesHandler } from './handlers/http/certificates.handler.js';
import { DeadManHandler } from './handlers/http/dead-man.handler.js';
import { IdempotencyInterceptor } from './handlers/http/idempotency.interceptor.js';
import { MarketsHandler } from './handlers/http/markets.handler.js';
import { MetaHandler } from './handlers/http/meta.handler.js';
import { NotificationsHandler } from './handlers/http/notifications.handler.js';
import { OptimisationsHandler } from './handlers/http/optimisations.handler.js';
import { PageHandler } from './handlers/http/page.handler.js';
import { PlansHandler } from './handlers/http/plans.handler.js';
import { PlatformHandler } from './handlers/http/platform.handler.js';
import { ProblemFilter } from './handlers/http/problem.filter.js';
import { ReconciliationHandler } from './handlers/http/reconciliation.handler.js';
import { SessionsHandler } from './handlers/http/sessions.handler.js';
import { TradingHandler } from './handlers/http/trading.handler.js';
import { VenueAccountsHandler } from './handlers/http/venue-accounts.handler.js';
import { ChatQuestionsHandler } from './handlers/questions/chat-questions.handler.js';
import { LiveHub } from './handlers/stream/live-hub.js';
import { LiveTells } from './handlers/stream/live-tells.js';
import { SnapshotSlots } from './handlers/stream/snapshot-slots.js';
import { Snapshots } from './handlers/stream/snapshots.js';
import { StreamHandler } from './handlers/stream/stream.handler.js';
import { StreamEvictions } from './handlers/stream/stream-evictions.js';
import { TradingStates } from './handlers/stream/trading-states.js';
import { WatchAnomalies } from './handlers/watch-anomalies.js';
import { AccessTokens } from './ports/access-tokens.js';
import { AccountOwners } from './ports/account-owners.js';
import { Anomalies } from './ports/anomalies.js';
import { AnomalySettings } from './ports/anomaly-settings.js';
import { ApiKeyStore } from './ports/api-key-store.js';
import { AuditLog } from './ports/audit-log.js';
import { CandleMemory } from './ports/candle-memory.js';
import { GatewaySettings } from './ports/gateway-settings.js';
import { GrpcSettings } from './ports/grpc-settings.js';
import { IdempotencyLedger } from './ports/idempotency-ledger.js';
import { LoginThrottle } from './ports/login-throttle.js';
import { Passwords } from './ports/passwords.js';
import { Projection } from './ports/projection.js';
import { RateLimits } from './ports/rate-limits.js';
import { ReadModel } from './ports/read-model.js';
import { RefreshTokens } from './ports/refresh-tokens.js';
import { Standings } from './ports/standings.js';
import { StreamDoor } from './ports/stream-door.js';
import { StreamTickets } from './ports/stream-tickets.js';
import { UserDirectory } from './ports/user-directory.js';
import { readTlsPair, tlsSettings } from './tls-files.js';
import { About } from './use-cases/about.js';
import { Admission } from './use-cases/admission.js';
import { ApiKeys } from './use-cases/api-keys.js';
import { Audit } from './use-cases/audit.js';
import { AuditedCommands } from './use-cases/audited-commands.js';
import { Backtests } from './use-cases/backtests.js';
import { Bots } from './use-cases/bots.js';
import { Certificates } from './use-cases/certificates.js';
import { DeadMen } from './use-cases/dead-men.js';
import { Departures } from './use-cases/departures.js';
import { Emergency } from './use-cases/emergency.js';
import { HaltProofs } from './use-cases/halt-proofs.js';
import { KeySightings } from './use-cases/key-sightings.js';
import { Markets } from './use-cases/markets.js';
import { Notifications } from './use-cases/notifications.js';
import { Optimisations } from './use-cases/optimisations.js';
import { OrderPlans } from './use-cases/order-plans.js';
import { Platform } from './use-cases/platform.js';
import { Reconciliation } from './use-cases/reconciliation.js';
import { Repeats } from './use-cases/repeats.js';
import { ResearchJobs } from './use-cases/research-jobs.js';
import { Risk } from './use-cases/risk.js';
import { RiskScopes } from './use-cases/risk-scopes.js';
import { Sessions } from './use-cases/sessions.js';
import { StreamAdmission } from './use-cases/stream-admission.js';
import { Trading } from './use-cases/trading.js';
import { Users } from './use-cases/users.js';
import { VenueAccounts } from './use-cases/venue-accounts.js';

const migrations = new URL('../migrations/', import.meta.url).href;

/** Binds the adapters to the ports; nothing else does. */
@Module({
  imports: [
    BusModule.forRoot({ speaker: 'gateway' }),
    StoreModule.forRoot({ schema: 'gateway', migrations }),
    CacheModule.forRoot(),
  ],
  controllers: [
    SessionsHandler,
    BotsHandler,
    TradingHandler,
    PlatformHandler,
    DeadManHandler,
    PlansHandler,
    ReconciliationHandler,
    ApiKeysHandler,
    VenueAccountsHandler,
    MarketsHandler,
    MetaHandler,
    NotificationsHandler,
    BacktestsHandler,
    CertificatesHandler,
    OptimisationsHandler,
    PageHandler,
    AuditHandler,
    AuditEventsHandler,
    OrderEventsHandler,
    BotEventsHandler,
    OperationsEventsHandler,
    MarketEventsHandler,
    JobEventsHandler,
    LiveEventsHandler,
    ChatQuestionsHandler,
  ],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: GatewaySettings, useFactory: settingsOf, inject: [Environment] },
    { provide: MarketBoard, useFactory: (clock: WallClock) => new MarketBoard(clock), inject: [WallClock] },
    { provide: HearingLag, useFactory: (clock: WallClock) => new HearingLag(clock), inject: [WallClock] },
    {
      provide: AuditTrail,
      useFactory: (store: Store, clock: WallClock) =>
        new AuditTrail({ store, clock, service: 'gateway', chain: 'access' }),
      inject: [Store, WallClock],
    },
    { provide: AuditLog, useClass: PostgresAuditLog },
    { provide: Anomalies, useClass: PostgresAnomalies },
    {
      provide: AnomalySettings,
      useFactory: ({ variables }: Environment) => anomalySettings(loadConfig(gatewayConfig, variables)),
      inject: [Environment],
    },
    KeySightings,
    WatchAnomalies,
    {
      provide: AuditAnchors,
      useFactory: (bus: Bus, trail: AuditTrail, clock: WallClock, log: Log) =>
        new AuditAnchors({ bus, service: 'gateway', clock, log, ends: () => trail.ends() }),
      inject: [Bus, AuditTrail, WallClock, Log],
    },
    { provide: ReadModel, useClass: PostgresReadModel },
    { provide: Projection, useClass: PostgresProjection },
    { provide: UserDirectory, useClass: PostgresUserDirectory },
    { provide: RefreshTokens, useClass: PostgresRefreshTokens },
    { provide: IdempotencyLedger, useClass: PostgresIdempotencyLedger },
    { provide: LoginThrottle, useClass: CacheLoginThrottle },
    { provide: Passwords, useClass: Argon2Passwords },
    { provide: AccessTokens, useClass: JwtAccessTokens },
    { provide: StreamDoor, useClass: WsStreamDoor },
    { provide: Standings, useClass: PostgresStandings },
    { provide: ApiKeyStore, useClass: PostgresApiKeys },
    { provide: AccountOwners, useClass: PostgresAccountOwners },
    { provide: CandleMemory, useClass: CacheCandleMemory },
    { provide: RateLimits, useClass: CacheRateLimits },
    { provide: StreamTickets, useClass: CacheStreamTickets },
    About,
    Audit,
    AuditedCommands,
    Bots,
    Trading,
    Platform,
    OrderPlans,
    Reconciliation,
    DeadMen,
    Emergency,
    HaltProofs,
    Sessions,
    Users,
    Departures,
    Repeats,
    Admission,
    ApiKeys,
    VenueAccounts,
    Markets,
    Notifications,
    Backtests,
    Certificates,
    Optimisations,
    ResearchJobs,
    Risk,
    RiskScopes,
    PostgresHousekeeping,
    UnheardRequests,
    Snapshots,
    SnapshotSlots,
    LiveHub,
    LiveTells,
    TradingStates,
    StreamHandler,
    StreamEvictions,
    StreamAdmission,
    { provide: GrpcSettings, useFactory: grpcSettingsOf, inject: [Environment] },
    ...grpcProviders,
  ],
})
export class GatewayModule {}

function grpcSettingsOf({ variables }: Environment): GrpcSettings {
  const { GRPC_PORT, HOST, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = loadConfig(gatewayConfig, variables);
  const files = tlsSettings({ certFile, keyFile });
  return { port: GRPC_PORT ?? null, host: HOST, tls: files === null ? null : readTlsPair(files) };
}

function settingsOf({ variables }: Environment): GatewaySettings {
  const config = loadConfig(gatewayConfig, variables);
  return {
    setupToken: config.SCALPSTORM_SETUP_TOKEN ?? null,
    signingSecret: config.JWT_SECRET,
    allowedOrigins: config.ALLOWED_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
    requestsPerSecondPerUser: config.REQUESTS_PER_SECOND_PER_USER,
    requestsPerSecondPerAddress: config.REQUESTS_PER_SECOND_PER_ADDRESS,
  };
}
