import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { Bus, BusModule, BusOutboxPublisher } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { HealthRegistry, Log, WallClock } from '@scalpstorm/observability';
import { Lease, Outbox, OutboxModule, StandBy, Store, StoreModule } from '@scalpstorm/store';
import { StrategyCatalogue } from '@scalpstorm/strategies';
import { loadModules, tellModules } from '@scalpstorm/strategy-files';
import { BusAccountFunds } from './adapters/bus-account-funds.js';
import { BusBarHistory } from './adapters/bus-bar-history.js';
import { BusDirectory } from './adapters/bus-directory.js';
import { MemoryMarket } from './adapters/memory-market.js';
import { PostgresBotStore } from './adapters/postgres-bot-store.js';
import { PostgresCertificates } from './adapters/postgres-certificates.js';
import { PostgresJournal } from './adapters/postgres-journal.js';
import { PostgresTradingHalts } from './adapters/postgres-trading-halts.js';
import { PostgresUnvaluedCycles } from './adapters/postgres-unvalued-cycles.js';
import { strategyEnv } from './config.js';
import { AskCertificate, CertificateSettings } from './handlers/ask-certificate.js';
import { BotQuestionHandler } from './handlers/bot-question.handler.js';
import { CertificateHandler } from './handlers/certificate.handler.js';
import { CheckConfig } from './handlers/check-config.js';
import { CommandAside } from './handlers/command-aside.js';
import { CommandBots } from './handlers/command-bots.js';
import { CreateBot, CreateSettings } from './handlers/create-bot.js';
import { Fleet } from './handlers/fleet.js';
import { JournalHandler } from './handlers/journal.handler.js';
import { Journals } from './handlers/journals.js';
import { MarketHandler } from './handlers/market.handler.js';
import { ObeyHalts } from './handlers/obey-halts.js';
import { OrderEventsHandler } from './handlers/order-events.handler.js';
import { OrderSender } from './handlers/order-sender.js';
import { PrepareBot } from './handlers/prepare-bot.js';
import { PruneRecord } from './handlers/prune-record.js';
import { RefreshBars } from './handlers/refresh-bars.js';
import { RefreshFunds } from './handlers/refresh-funds.js';
import { RefreshInstruments } from './handlers/refresh-instruments.js';
import { RestoreBots } from './handlers/restore-bots.js';
import { TradingStateHandler } from './handlers/trading-state.handler.js';
import { ValueFees } from './handlers/value-fees.js';
import { WakeBots } from './handlers/wake-bots.js';
import { AccountFunds } from './ports/account-funds.js';
import { BarHistory } from './ports/bar-history.js';
import { BotStore } from './ports/bot-store.js';
import { BotsLease } from './ports/bots-lease.js';
import { Certificates } from './ports/certificates.js';
import { Directory, Market } from './ports/directory.js';
import { JournalStore } from './ports/journal-store.js';
import { TradingHalts } from './ports/trading-halts.js';
import { UnvaluedCycles } from './ports/unvalued-cycles.js';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

@Module({
  imports: [
    BusModule.forRoot({ speaker: 'strategy' }),
    StoreModule.forRoot({ schema: 'strategy', migrations }),
    OutboxModule.forRoot({ publisher: BusOutboxPublisher }),
  ],
  controllers: [
    MarketHandler,
    OrderEventsHandler,
    TradingStateHandler,
    CertificateHandler,
    BotQuestionHandler,
    JournalHandler,
  ],
  providers: [
    OrderSender,
    Fleet,
    AskCertificate,
    CheckConfig,
    CreateBot,
    CommandAside,
    CommandBots,
    RestoreBots,
    WakeBots,
    ObeyHalts,
    RefreshInstruments,
    RefreshFunds,
    RefreshBars,
    PruneRecord,
    ValueFees,
    {
      provide: StrategyCatalogue,
      useFactory: async ({ variables }: Environment, log: Log) => {
        const { STRATEGIES_DIR: folder } = loadConfig(strategyEnv, variables);
        const catalogue = await loadModules(folder ?? null);
        tellModules(catalogue, log);
        return catalogue;
      },
      inject: [Environment, Log],
    },
    {
      provide: PrepareBot,
      useFactory: (catalogue: StrategyCatalogue, certificate: AskCertificate) => new PrepareBot(catalogue, certificate),
      inject: [StrategyCatalogue, AskCertificate],
    },
    { provide: UnvaluedCycles, useFactory: (store: Store) => new PostgresUnvaluedCycles(store), inject: [Store] },
    {
      provide: CreateSettings,
      useFactory: ({ variables }: Environment): CreateSettings => ({
        botsPerUserMax: loadConfig(strategyEnv, variables).BOTS_PER_USER_MAX,
      }),
      inject: [Environment],
    },
    {
      provide: Journals,
      useFactory: ({ variables }: Environment, log: Log) =>
        new Journals(loadConfig(strategyEnv, variables).BOT_JOURNAL, log),
      inject: [Environment, Log],
    },
    {
      provide: JournalStore,
      useFactory: (store: Store, clock: WallClock) => new PostgresJournal(store, clock),
      inject: [Store, WallClock],
    },
    {
      provide: CertificateSettings,
      useFactory: ({ variables }: Environment): CertificateSettings => ({
        daysMax: loadConfig(strategyEnv, variables).CERTIFICATE_DAYS_MAX,
      }),
      inject: [Environment],
    },
    {
      provide: Certificates,
      useFactory: (store: Store, lease: Lease) => new PostgresCertificates(store, lease),
      inject: [Store, Lease],
    },
    { provide: Lease, useFactory: (store: Store) => new Lease(store), inject: [Store] },
    { provide: BotsLease, useExisting: Lease },
    {
      provide: StandBy,
      useFactory: (lease: Lease, log: Log, health: HealthRegistry) => new StandBy({ lease, log, health }),
      inject: [Lease, Log, HealthRegistry],
    },
    {
      provide: TradingHalts,
      useFactory: (store: Store, lease: Lease) => new PostgresTradingHalts(store, lease),
      inject: [Store, Lease],
    },
    { provide: Market, useClass: MemoryMarket },
    {
      provide: AccountFunds,
      useFactory: (bus: Bus, clock: WallClock) => new BusAccountFunds(bus, clock),
      inject: [Bus, WallClock],
    },
    { provide: BarHistory, useFactory: (bus: Bus) => new BusBarHistory(bus), inject: [Bus] },
    { provide: Directory, useFactory: (bus: Bus) => new BusDirectory(bus), inject: [Bus] },
    {
      provide: BotStore,
      useFactory: (store: Store, lease: Lease, outbox: Outbox, clock: WallClock, log: Log) =>
        new PostgresBotStore({ store, lease, outbox, clock, log }),
      inject: [Store, Lease, Outbox, WallClock, Log],
    },
  ],
})
export class StrategyModule {}
