import type { TradingStateChanged } from '@scalpstorm/contracts';
import { millisecond, type Rng, seededRng } from '@scalpstorm/kernel';
import type { Price } from '@scalpstorm/model';
import { Watch } from './checks/watch.js';
import { type CrashPoint, type ProcessKind, processKinds } from './faults/crash-points.js';
import { PerformFaults } from './faults/perform-faults.js';
import { Weather } from './faults/weather.js';
import { Broker } from './lane/broker.js';
import { OutboxTable } from './lane/outbox.js';
import { isExpectedDeath, wordsOf } from './services/deaths.js';
import { ExecutionDatabase } from './services/execution-database.js';
import { ExecutionService } from './services/execution-service.js';
import { furnish, type Living, type Service } from './services/furnish.js';
import { GateService } from './services/gate-service.js';
import { MemoryTables } from './services/memory-tables.js';
import type { Seams } from './services/seams.js';
import type { DeadMenRows } from './services/sim-dead-men.js';
import { SimProcess, type Surroundings } from './services/sim-process.js';
import { middlePrice, startingMoney, storedBots, theInstrument } from './services/stage.js';
import { BotRows } from './services/strategy-ports.js';
import { StrategyService } from './services/strategy-service.js';
import { Trace } from './time/trace.js';
import { MachineClock, VirtualClock } from './time/virtual-clock.js';
import { VirtualTime } from './time/virtual-time.js';
import { told } from './venue/told-venue.js';
import { UserStream } from './venue/user-stream.js';
import { VenueBooks } from './venue/venue-books.js';
import { VenueClock } from './venue/venue-clock.js';

export interface WorldOptions {
  readonly seed: number;
  readonly seams: Seams;
  /** So many lines of the trace are kept in words. */
  readonly linesMax: number;
  /** Its venue tells orders by its own ids alone. */
  readonly keepsNoIds: boolean;
  /** People plan brackets, too. */
  readonly brackets: boolean;
}

/** Everything that there is in one run: three services, what they keep, what carries their words, a venue, and time. */
export class World implements Surroundings {
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly weather: Weather;
  readonly broker: Broker;
  readonly watch: Watch;
  readonly venue: VenueBooks;
  readonly stream: UserStream;
  readonly machine: MachineClock;
  readonly rows: ExecutionDatabase;
  readonly faults: PerformFaults;
  readonly bots = new BotRows();
  readonly gateOutbox = new OutboxTable();
  readonly executionTables = new MemoryTables();
  readonly gateTables = new MemoryTables((mark) => void this.watch.chainEnds.push(mark));
  readonly deadMen: DeadMenRows = new Map();
  readonly venueClock: VenueClock;
  readonly randomness: { readonly network: Rng; readonly work: Rng; readonly machine: Rng };
  price: Price = middlePrice;
  living: readonly Living[] = [];
  /** Whoever wants to hear of trading states. */
  onState: (changed: TradingStateChanged) => void = () => undefined;
  private lives = 0;

  constructor(readonly options: WorldOptions) {
    const { seed, linesMax } = options;
    const rng = (part: number) => seededRng(Math.imul(seed + 1, 0x9e3779b1) ^ part);
    this.randomness = { network: rng(1), work: rng(2), machine: rng(3) };
    this.trace = new Trace(linesMax);
    this.time = new VirtualTime(this.trace, (owner, error) => this.thrown(owner as SimProcess | null, error));
    this.weather = new Weather(rng(4));
    this.machine = new MachineClock(this.time);
    this.venueClock = new VenueClock(this.time, 20 * millisecond);
    this.watch = new Watch({
      time: this.time,
      keepsNoIds: options.keepsNoIds,
      rows: () => this.rows,
      venue: () => this.venue,
    });
    this.rows = new ExecutionDatabase(this.watch);
    this.broker = new Broker({
      time: this.time,
      rng: this.randomness.network,
      weather: this.weather,
      onKept: (message) => {
        this.tell(`kept ${message.contract.name} ${stableId(message.messageId)}`);
        this.watch.verdicts.kept(message);
        if (message.contract.name === 'TradingStateChanged') this.onState(message.event as TradingStateChanged);
      },
      onAcknowledged: (message, speaker) => this.watch.untold.heard(message, speaker),
    });
    this.stream = new UserStream(this.time, this.randomness.network, this.weather);
    this.venue = new VenueBooks(
      {
        instrument: theInstrument,
        clock: this.venueClock,
        price: () => this.price,
        watch: told(this.watch, this.tell),
        countsLate: () => this.weather.strikes('venue-counts-late'),
        tell: (news) => this.stream.tell(news),
      },
      startingMoney,
    );
    this.faults = new PerformFaults(this);
    for (const stored of storedBots(this.time.now)) this.bots.put({ stored });
  }

  start(): void {
    for (const kind of processKinds) this.launch(kind);
  }

  /** The newest of its kind that lives; null while there is none. */
  get strategy(): Living<StrategyService> | null {
    return this.newest(StrategyService);
  }

  get gate(): Living<GateService> | null {
    return this.newest(GateService);
  }

  /** The one that may write for the account. */
  get execution(): Living<ExecutionService> | null {
    const holder = this.rows.lease?.holder;
    return this.all(ExecutionService).find(({ process }) => process === holder) ?? null;
  }

  readonly tell = (what: string): void => this.trace.tell(this.time.elapsed, what);

  reach(process: SimProcess, point: CrashPoint): boolean {
    return this.faults.reach(process, point);
  }

  clockStepped(): void {
    this.watch.verdicts.clockSteppedAt = this.time.elapsed;
  }

  died(process: SimProcess, cause: unknown): void {
    const why = wordsOf(cause);
    if (!isExpectedDeath(cause)) this.watch.violated('I7', `${process.name} met a mistake of its own: ${why}`);
    this.bury(process, why);
  }

  bury(process: SimProcess, why: string): void {
    this.tell(`${process.name} dies: ${why}`);
    process.alive = false;
    process.paused = false;
    this.living = this.living.filter((one) => one.process !== process);
    const again = (50 + this.randomness.machine.below(400)) * millisecond;
    this.time.after(again, null, () => {
      if (!this.living.some((one) => one.process.kind === process.kind)) this.launch(process.kind);
    });
  }

  launch(kind: ProcessKind): void {
    this.lives += 1;
    const process = new SimProcess(this, kind, this.lives, new VirtualClock(this.machine));
    this.time.after(0, process, () => {
      this.tell(`${process.name} starts`);
      const { service, hears } = furnish(process, this);
      // It may have died of what it did first.
      if (!process.alive) return;
      this.living = [...this.living, { process, service }];
      const hear = () => this.broker.connect(process, hears, (cause) => process.die(cause));
      service.start(hear).catch((error: unknown) => process.die(error));
    });
  }

  private all<S extends Service>(kind: abstract new (...given: never[]) => S): readonly Living<S>[] {
    return this.living.filter((one): one is Living<S> => one.service instanceof kind);
  }

  private newest<S extends Service>(kind: abstract new (...given: never[]) => S): Living<S> | null {
    return this.all(kind).at(-1) ?? null;
  }

  private thrown(owner: SimProcess | null, error: unknown): void {
    if (owner === null) throw error;
    owner.die(error);
  }
}

/** Ids of events are drawn by the platform; those of orders and verdicts are the same in every run. */
const stableId = (messageId: string): string => (/^[0-9a-f]{8}-/.test(messageId) ? '' : messageId);
