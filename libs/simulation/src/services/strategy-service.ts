import { type Bus, declaredHandlers } from '@scalpstorm/bus';
import { HealthRegistry, type Log, Metrics } from '@scalpstorm/observability';
import {
  Fleet,
  MarketHandler,
  MemoryMarket,
  ObeyHalts,
  OrderEventsHandler,
  OrderSender,
  RefreshInstruments,
  RestoreBots,
  TradingStateHandler,
  WakeBots,
} from '@scalpstorm/strategy/simulation';
import type { Database } from './database.js';
import type { SimProcess } from './sim-process.js';
import { theAccount, theInstrument } from './stage.js';
import { type BotRows, KnownDirectory, OneFleet, SimBotStore, SimTradingHalts } from './strategy-ports.js';

export interface StrategyParts {
  readonly process: SimProcess;
  readonly database: Database;
  readonly rows: BotRows;
  readonly bus: Bus;
  readonly log: Log;
}

const metrics = new Metrics('strategy', { silent: true });

/** The handlers of strategy as its module binds them, over what this world has instead of Postgres and NATS. */
export class StrategyService {
  readonly handlers;
  readonly fleet: Fleet;
  private readonly restore: RestoreBots;
  private readonly wake: WakeBots;
  private readonly obeyHalts: ObeyHalts;
  private readonly refresh: RefreshInstruments;

  constructor({ process, database, rows, bus, log }: StrategyParts) {
    const { clock } = process;
    const lease = new OneFleet(process);
    const market = new MemoryMarket();
    const directory = new KnownDirectory(theInstrument, theAccount);
    const orders = new OrderSender(bus, lease, clock, log);
    this.fleet = new Fleet(orders, new SimBotStore(database, rows), market, directory, clock, log, metrics);
    this.restore = new RestoreBots(this.fleet, log, new HealthRegistry());
    this.wake = new WakeBots(this.fleet, clock);
    this.obeyHalts = new ObeyHalts(this.fleet, new SimTradingHalts(database, rows), clock, log);
    this.refresh = new RefreshInstruments(directory, this.restore, this.fleet, log);
    this.handlers = declaredHandlers([
      new MarketHandler(this.fleet, market, clock),
      new OrderEventsHandler(this.fleet, lease),
      new TradingStateHandler(this.fleet, this.obeyHalts, clock, log),
    ]);
  }

  /** As `start.ts`: bots are restored before anything is heard. */
  async start(hear: () => void): Promise<void> {
    await this.restore.run();
    await this.obeyHalts.load();
    hear();
    this.refresh.start();
    this.wake.start();
    this.obeyHalts.start();
  }
}
