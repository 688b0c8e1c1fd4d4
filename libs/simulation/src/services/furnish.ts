import type { Hearing } from '@scalpstorm/bus';
import type { Rng } from '@scalpstorm/kernel';
import type { Price } from '@scalpstorm/model';
import type { Watch } from '../checks/watch.js';
import type { Weather } from '../faults/weather.js';
import type { Broker } from '../lane/broker.js';
import { type OutboxTable, Relay } from '../lane/outbox.js';
import { SimBus, SimReadBack } from '../lane/sim-bus.js';
import { namelessVenue } from '../venue/nameless-venue.js';
import { SimVenue } from '../venue/sim-venue.js';
import type { UserStream } from '../venue/user-stream.js';
import type { VenueBooks } from '../venue/venue-books.js';
import type { VenueClock } from '../venue/venue-clock.js';
import { Database } from './database.js';
import { mayDie } from './deaths.js';
import type { ExecutionDatabase } from './execution-database.js';
import { ExecutionService } from './execution-service.js';
import { GateService } from './gate-service.js';
import type { MemoryTables } from './memory-tables.js';
import { QuietLog } from './quiet-log.js';
import type { Seams } from './seams.js';
import type { DeadMenRows } from './sim-dead-men.js';
import { SimLedger } from './sim-ledger.js';
import type { SimProcess } from './sim-process.js';
import { theAccount } from './stage.js';
import type { BotRows } from './strategy-ports.js';
import { StrategyService } from './strategy-service.js';

export type Service = ExecutionService | GateService | StrategyService;

/** A process that lives, and what runs in it. */
export interface Living<S extends Service = Service> {
  readonly process: SimProcess;
  readonly service: S;
}

/** What outlives the processes, and what they reach. */
export interface Stock {
  readonly weather: Weather;
  readonly broker: Broker;
  readonly watch: Watch;
  readonly venue: VenueBooks;
  readonly stream: UserStream;
  readonly venueClock: VenueClock;
  readonly rows: ExecutionDatabase;
  readonly executionTables: MemoryTables;
  readonly bots: BotRows;
  readonly gateOutbox: OutboxTable;
  readonly gateTables: MemoryTables;
  readonly deadMen: DeadMenRows;
  readonly randomness: { readonly network: Rng };
  readonly options: { readonly seams: Seams; readonly keepsNoIds: boolean };
  readonly price: Price;
  /** The one that may write for the account; null while there is none. */
  readonly execution: Living<ExecutionService> | null;
}

export interface Furnished {
  readonly service: Service;
  readonly hears: readonly Hearing[];
}

/** A service as its module binds it, over what this world has instead of servers. */
export function furnish(process: SimProcess, stock: Stock): Furnished {
  const { seams } = stock.options;
  const { network: rng } = stock.randomness;
  const { weather, broker } = stock;
  const plainBus = new SimBus({ process, broker, rng, weather });
  const bus = seams.bus?.(plainBus, process) ?? plainBus;
  const database = new Database({ process, rng, weather });
  const log = new QuietLog(process.time, process.name);
  const service = serviceOf({ process, bus, plainBus, database, log }, stock);
  const hears = service.handlers.hears.map((hearing) => mayDie(hearing, process));
  return { service, hears: seams.hears?.(hears, process) ?? hears };
}

interface Furniture {
  readonly process: SimProcess;
  readonly bus: ConstructorParameters<typeof StrategyService>[0]['bus'];
  readonly plainBus: SimBus;
  readonly database: Database;
  readonly log: QuietLog;
}

function serviceOf(parts: Furniture, stock: Stock): Service {
  if (parts.process.kind === 'strategy') return new StrategyService({ ...parts, rows: stock.bots });
  return parts.process.kind === 'risk-gate' ? gateOf(parts, stock) : executionOf(parts, stock);
}

function gateOf(parts: Furniture, stock: Stock): GateService {
  const { process, plainBus } = parts;
  const { broker, weather, gateOutbox: outbox } = stock;
  const relay = new Relay(process, outbox, plainBus);
  void relay.run();
  stock.watch.verdicts.marketHeardAt = null;
  return new GateService({
    ...parts,
    execution: stock.rows,
    tables: stock.gateTables,
    deadMen: stock.deadMen,
    outbox,
    readBack: new SimReadBack({ process, broker, weather, rng: stock.randomness.network }),
    seams: stock.options.seams,
    wake: () => relay.wake(),
    booksGiven: () => stock.watch.untold.read(),
    balances: () => {
      const venues = stock.execution?.service.venues;
      const asOf = venues?.balancesAsOf() ?? null;
      return venues === undefined || asOf === null ? null : { balances: venues.balances(), asOf };
    },
  });
}

function executionOf(parts: Furniture, stock: Stock): ExecutionService {
  const { process, database, plainBus } = parts;
  const { seams, keepsNoIds } = stock.options;
  const { network: rng } = stock.randomness;
  const { weather, venue: books, venueClock: clock, stream, rows, watch, executionTables: tables } = stock;
  const relay = new Relay(process, rows.outbox, plainBus, seams.deletesBeforePublish);
  void relay.run();
  const onLeft = watch.requestLeft.bind(watch, process);
  const onCancelLeft = watch.cancelLeft.bind(watch);
  const price = () => stock.price;
  const compared = watch.gaps.compared.bind(watch.gaps, process);
  const simVenue = new SimVenue({ process, books, clock, stream, rng, weather, onLeft, onCancelLeft });
  const plainVenue = keepsNoIds ? namelessVenue(simVenue, books) : simVenue;
  const { checksFence = true, answersBeforeCommit = false, agesByWallClock = false } = seams;
  const planted = { checksFence, answersBeforeCommit, agesByWallClock };
  const wake = () => relay.wake();
  const plainLedger = new SimLedger({ process, database, rows, accountId: theAccount.id, ...planted, wake });
  const ledger = seams.ledger?.(plainLedger, process) ?? plainLedger;
  const venue = seams.venue?.(plainVenue, process) ?? plainVenue;
  return new ExecutionService({ ...parts, rows, tables, ledger, venue, seams, wake, compared, price });
}
