import { Module } from '@nestjs/common';
import { BusModule } from '@scalpstorm/bus';
import { CacheModule, RateLedgerModule, SharedRates } from '@scalpstorm/cache';
import { configProvider } from '@scalpstorm/config';
import { Log, WallClock } from '@scalpstorm/observability';
import { StoreModule } from '@scalpstorm/store';
import { BinanceVenueFeeds } from './adapters/binance-venue-feeds.js';
import { CacheMarketMemory } from './adapters/cache-market-memory.js';
import { PostgresInstrumentStore } from './adapters/postgres-instrument-store.js';
import { MARKET_SETTINGS, type MarketSettings, marketDataEnv, marketVenues } from './config.js';
import { CandlesQuestionHandler } from './handlers/candles-question.handler.js';
import { FollowMarket } from './handlers/follow-market.js';
import { FollowerFactory } from './handlers/follower-factory.js';
import { InstrumentsQuestionHandler } from './handlers/instruments-question.handler.js';
import { RecentCandlesQuestionHandler } from './handlers/recent-candles-question.handler.js';
import { MarketMetrics } from './market-metrics.js';
import { InstrumentStore } from './ports/instrument-store.js';
import { MarketMemory } from './ports/market-memory.js';
import { VenueFeeds } from './ports/venue-feeds.js';

const migrations = new URL('../migrations', import.meta.url).href;

/** Binds every port to its adapter. */
@Module({
  imports: [
    BusModule.forRoot({ speaker: 'market-data' }),
    StoreModule.forRoot({ schema: 'market', migrations }),
    CacheModule.forRoot(),
    RateLedgerModule.forRoot(),
  ],
  controllers: [CandlesQuestionHandler, InstrumentsQuestionHandler, RecentCandlesQuestionHandler],
  providers: [
    configProvider(MARKET_SETTINGS, marketDataEnv),
    MarketMetrics,
    FollowerFactory,
    FollowMarket,
    { provide: InstrumentStore, useClass: PostgresInstrumentStore },
    { provide: MarketMemory, useClass: CacheMarketMemory },
    {
      provide: VenueFeeds,
      useFactory: (
        settings: MarketSettings,
        ...[clock, log, metrics, { ledger }]: readonly [WallClock, Log, MarketMetrics, SharedRates]
      ) => BinanceVenueFeeds.create(marketVenues(settings), { clock, log, metrics, ledger }),
      inject: [MARKET_SETTINGS, WallClock, Log, MarketMetrics, SharedRates],
    },
  ],
})
export class MarketDataModule {}
