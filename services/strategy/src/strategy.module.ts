import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { Bus, BusModule, BusOutboxPublisher } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { HealthRegistry, Log, WallClock } from '@scalpstorm/observability';
import { Lease, Outbox, OutboxModule, StandBy, Store, StoreModule } from '@scalpstorm/store';
import { BusAccountFunds } from './adapters/bus-account-funds.js';
import { BusDirectory } from './adapters/bus-directory.js';
import { MemoryMarket } from './adapters/memory-market.js';
import { PostgresBotStore } from './adapters/postgres-bot-store.js';
import { PostgresTradingHalts } from './adapters/postgres-trading-halts.js';
import { PostgresUnvaluedCycles } from './adapters/postgres-unvalued-cycles.js';
import { strategyEnv } from './config.js';
import { BotQuestionHandler } from './handlers/bot-question.handler.js';
import { CheckConfig } from './handlers/check-config.js';
import { CommandAside } from './handlers/command-aside.js';
import { CommandBots } from './handlers/command-bots.js';
import { CreateBot, CreateSettings } from './handlers/create-bot.js';
import { Fleet } from './handlers/fleet.js';
import { MarketHandler } from './handlers/market.handler.js';
import { ObeyHalts } from './handlers/obey-halts.js';
import { OrderEventsHandler } from './handlers/order-events.handler.js';
import { OrderSender } from './handlers/order-sender.js';
import { PruneCommands } from './handlers/prune-commands.js';
import { RefreshFunds } from './handlers/refresh-funds.js';
import { RefreshInstruments } from './handlers/refresh-instruments.js';
import { RestoreBots } from './handlers/restore-bots.js';
import { TradingStateHandler } from './handlers/trading-state.handler.js';
import { ValueFees } from './handlers/value-fees.js';
import { WakeBots } from './handlers/wake-bots.js';
import { AccountFunds } from './ports/account-funds.js';
import { BotStore } from './ports/bot-store.js';
import { BotsLease } from './ports/bots-lease.js';
import { Directory, Market } from './ports/directory.js';
import { TradingHalts } from './ports/trading-halts.js';
import { UnvaluedCycles } from './ports/unvalued-cycles.js';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

@Module({
  imports: [
    BusModule.forRoot({ speaker: 'strategy' }),
    StoreModule.forRoot({ schema: 'strategy', migrations }),
    OutboxModule.forRoot({ publisher: BusOutboxPublisher }),
  ],
  controllers: [MarketHandler, OrderEventsHandler, TradingStateHandler, BotQuestionHandler],
  providers: [
    OrderSender,
    Fleet,
    CheckConfig,
    CreateBot,
    CommandAside,
    CommandBots,
    RestoreBots,
    WakeBots,
    ObeyHalts,
    RefreshInstruments,
    RefreshFunds,
    PruneCommands,
    ValueFees,
    { provide: UnvaluedCycles, useFactory: (store: Store) => new PostgresUnvaluedCycles(store), inject: [Store] },
    {
      provide: CreateSettings,
      useFactory: ({ variables }: Environment): CreateSettings => ({
        botsPerUserMax: loadConfig(strategyEnv, variables).BOTS_PER_USER_MAX,
      }),
      inject: [Environment],
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
