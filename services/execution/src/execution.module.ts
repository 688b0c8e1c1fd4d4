import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { BusModule, BusOutboxPublisher } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { Log, WallClock } from '@scalpstorm/observability';
import { Outbox, OutboxModule, Store, StoreModule } from '@scalpstorm/store';
import { BinanceVenues } from './adapters/binance-venues.js';
import { PostgresLedger } from './adapters/postgres-ledger.js';
import { PostgresReconciliations } from './adapters/postgres-reconciliations.js';
import { executionEnv } from './config.js';
import { AccountQuestionHandler } from './handlers/account-question.handler.js';
import { CancelOrder } from './handlers/cancel-order.js';
import { CancelRequestedHandler } from './handlers/cancel-requested.handler.js';
import { CompareFills } from './handlers/compare-fills.js';
import { CompareOrders } from './handlers/compare-orders.js';
import { OrderApprovedHandler } from './handlers/order-approved.handler.js';
import { PlaceOrder } from './handlers/place-order.js';
import { Reconcile } from './handlers/reconcile.js';
import { Recover } from './handlers/recover.js';
import { ResolveUnknown } from './handlers/resolve-unknown.js';
import { TellAccounts } from './handlers/tell-accounts.js';
import { VenueReport } from './handlers/venue-report.js';
import { Ledger } from './ports/ledger.js';
import { Reconciliations } from './ports/reconciliations.js';
import { Venues } from './ports/venues.js';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

@Module({
  imports: [
    BusModule.forRoot({ speaker: 'execution' }),
    StoreModule.forRoot({ schema: 'execution', migrations }),
    OutboxModule.forRoot({ publisher: BusOutboxPublisher }),
  ],
  controllers: [OrderApprovedHandler, CancelRequestedHandler, AccountQuestionHandler],
  providers: [
    PlaceOrder,
    CancelOrder,
    ResolveUnknown,
    CompareOrders,
    CompareFills,
    Reconcile,
    VenueReport,
    TellAccounts,
    Recover,
    {
      provide: Ledger,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock) => new PostgresLedger({ store, outbox, clock }),
      inject: [Store, Outbox, WallClock],
    },
    {
      provide: Reconciliations,
      useFactory: (store: Store, outbox: Outbox, clock: WallClock) =>
        new PostgresReconciliations({ store, outbox, clock }),
      inject: [Store, Outbox, WallClock],
    },
    {
      provide: Venues,
      useFactory: ({ variables }: Environment, clock: WallClock, log: Log) =>
        BinanceVenues.create(loadConfig(executionEnv, variables), clock, log),
      inject: [Environment, WallClock, Log],
    },
  ],
})
export class ExecutionModule {}
