import type { Hearing } from '@scalpstorm/bus';
import type { TradingStateChanged } from '@scalpstorm/contracts';
import { millisecond, type Rng, second, seededRng } from '@scalpstorm/kernel';
import { type Price, Quantity } from '@scalpstorm/model';
import { Watch } from './checks/watch.js';
import { type CrashPoint, type ProcessKind, processKinds, processOf } from './faults/crash-points.js';
import type { Fault } from './faults/plan.js';
import { Weather } from './faults/weather.js';
import { Broker } from './lane/broker.js';
import { OutboxTable, Relay } from './lane/outbox.js';
import { SimBus, SimReadBack } from './lane/sim-bus.js';
import { Database } from './services/database.js';
import { isExpectedDeath, mayDie, wordsOf } from './services/deaths.js';
import { ExecutionDatabase } from './services/execution-database.js';
import { ExecutionService } from './services/execution-service.js';
import { GateService } from './services/gate-service.js';
import { MemoryTables } from './services/memory-tables.js';
import { QuietLog } from './services/quiet-log.js';
import type { Seams } from './services/seams.js';
import { SimLedger } from './services/sim-ledger.js';
import { SimProcess, type Surroundings } from './services/sim-process.js';
import { middlePrice, startingMoney, storedBots, theAccount, theInstrument } from './services/stage.js';
import { BotRows } from './services/strategy-ports.js';
import { StrategyService } from './services/strategy-service.js';
import { Trace } from './time/trace.js';
import { MachineClock, VirtualClock } from './time/virtual-clock.js';
import { VirtualTime } from './time/virtual-time.js';
import { namelessVenue } from './venue/nameless-venue.js';
import { SimVenue } from './venue/sim-venue.js';
import { UserStream } from './venue/user-stream.js';
import { VenueBooks } from './venue/venue-books.js';
import { VenueClock } from './venue/venue-clock.js';

type Service = ExecutionService | GateService | StrategyService;

/** A process that lives, and what runs in it. */
export interface Living<S extends Service = Service> {
  readonly process: SimProcess;
  readonly service: S;
}

export interface WorldOptions {
  readonly seed: number;
  readonly seams: Seams;
  /** So many lines of the trace are kept in words. */
  readonly linesMax: number;
  /** Its venue tells orders by its own ids alone. */
  readonly keepsNoIds: boolean;
}

const patienceForPoint = 9 * second;

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
  readonly bots = new BotRows();
  readonly gateOutbox = new OutboxTable();
  /** Of each point, how many processes died there. */
  readonly crashes = new Map<CrashPoint | 'any-moment', number>();
  /** Deaths that nobody planned: of who lost its lease, or met a mistake of its own. */
  readonly deaths: string[] = [];
  readonly randomness: { readonly network: Rng; readonly work: Rng; readonly machine: Rng };
  price: Price = middlePrice;
  private readonly executionTables = new MemoryTables();
  readonly gateTables = new MemoryTables((mark) => void this.watch.chainEnds.push(mark));
  readonly venueClock: VenueClock;
  private readonly armed: CrashPoint[] = [];
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
    this.watch = new Watch({ time: this.time, rows: () => this.rows, venue: () => this.venue });
    this.rows = new ExecutionDatabase(this.watch);
    this.broker = new Broker({
      time: this.time,
      rng: this.randomness.network,
      weather: this.weather,
      onKept: (message) => {
        this.trace.tell(this.time.elapsed, `kept ${message.contract.name} ${stableId(message.messageId)}`);
        this.watch.kept(message);
        if (message.contract.name === 'TradingStateChanged') this.onState(message.event as TradingStateChanged);
      },
    });
    this.stream = new UserStream(this.time, this.randomness.network, this.weather);
    this.venue = new VenueBooks(
      {
        instrument: theInstrument,
        clock: this.venueClock,
        price: () => this.price,
        watch: this.watchVenue(),
        countsLate: () => {
          const leftOut = this.weather.strikes('venue-counts-late');
          if (leftOut) this.watch.leftOutAt = this.time.elapsed;
          return leftOut;
        },
        tell: (news) => this.stream.tell(news),
      },
      startingMoney,
    );
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

  get crashCount(): number {
    return [...this.crashes.values()].reduce((sum, count) => sum + count, 0);
  }

  get isCrashPlanned(): boolean {
    return this.armed.length > 0;
  }

  perform(fault: Exclude<Fault, { kind: 'halt' }>): void {
    if (fault.kind === 'crash') this.arm(fault.point);
    else if (fault.kind === 'weather') this.badWeather(fault);
    else if (fault.kind === 'split') this.split(fault.lasts);
    else {
      this.machine.offset += fault.step;
      this.watch.clockSteppedAt = this.time.elapsed;
    }
  }

  reach(process: SimProcess, point: CrashPoint): boolean {
    const place = this.armed.indexOf(point);
    if (place === -1) return false;
    this.armed.splice(place, 1);
    this.crash(process, point);
    return true;
  }

  died(process: SimProcess, cause: unknown): void {
    const why = wordsOf(cause);
    this.deaths.push(why);
    if (!isExpectedDeath(cause)) this.watch.violated('I7', `${process.name} met a mistake of its own: ${why}`);
    this.bury(process, why);
  }

  private crash(process: SimProcess, point: CrashPoint | 'any-moment'): void {
    this.crashes.set(point, (this.crashes.get(point) ?? 0) + 1);
    this.bury(process, point);
  }

  private bury(process: SimProcess, why: string): void {
    this.trace.tell(this.time.elapsed, `${process.name} dies: ${why}`);
    process.alive = false;
    process.paused = false;
    this.living = this.living.filter((one) => one.process !== process);
    const again = (50 + this.randomness.machine.below(400)) * millisecond;
    this.time.after(again, null, () => {
      if (!this.living.some((one) => one.process.kind === process.kind)) this.launch(process.kind);
    });
  }

  /** Where the process does not come to the point in time it dies wherever it is. */
  private arm(point: CrashPoint): void {
    this.armed.push(point);
    const give = (): void => {
      const place = this.armed.indexOf(point);
      if (place === -1) return;
      const found = this.living.find((one) => one.process.kind === processOf(point) && !one.process.paused);
      if (found === undefined) {
        this.time.after(second, null, give);
        return;
      }
      this.armed.splice(place, 1);
      this.crash(found.process, 'any-moment');
    };
    this.time.after(patienceForPoint, null, give);
  }

  private badWeather({ weather, lasts }: Extract<Fault, { kind: 'weather' }>): void {
    this.trace.tell(this.time.elapsed, `weather: ${weather}`);
    this.weather.begin(weather);
    if (weather === 'stream-down') this.stream.goDown();
    this.time.after(lasts, null, () => this.goodWeather(weather));
  }

  private goodWeather(weather: Extract<Fault, { kind: 'weather' }>['weather']): void {
    this.weather.end(weather);
    if (weather === 'stream-down' && !this.weather.is('stream-down')) this.stream.comeBack();
  }

  private split(lasts: number): void {
    const before = this.execution;
    if (before === null || before.process.paused) return;
    const { process } = before;
    this.trace.tell(this.time.elapsed, `${process.name} stands still`);
    process.paused = true;
    this.launch('execution');
    this.time.after(lasts, null, () => {
      this.trace.tell(this.time.elapsed, `${process.name} goes on`);
      process.paused = false;
      this.time.resume(process);
    });
  }

  private launch(kind: ProcessKind): void {
    this.lives += 1;
    const process = new SimProcess(this, kind, this.lives, new VirtualClock(this.machine));
    this.time.after(0, process, () => {
      this.trace.tell(this.time.elapsed, `${process.name} starts`);
      const { service, hears } = this.furnish(process);
      // It may have died of what it did first.
      if (!process.alive) return;
      this.living = [...this.living, { process, service }];
      const hear = () => this.broker.connect(process, hears, (cause) => process.die(cause));
      service.start(hear).catch((error: unknown) => process.die(error));
    });
  }

  private furnish(process: SimProcess): { readonly service: Service; readonly hears: readonly Hearing[] } {
    const { seams } = this.options;
    const { network: rng } = this.randomness;
    const { weather, broker } = this;
    const plainBus = new SimBus({ process, broker, rng, weather });
    const bus = seams.bus?.(plainBus, process) ?? plainBus;
    const database = new Database({ process, rng, weather });
    const log = new QuietLog(this.time, process.name);
    const service = this.serve({ process, bus, plainBus, database, log });
    const hears = service.handlers.hears.map((hearing) => mayDie(hearing, process));
    return { service, hears: seams.hears?.(hears, process) ?? hears };
  }

  private serve(parts: Furniture): Service {
    if (parts.process.kind === 'strategy') return new StrategyService({ ...parts, rows: this.bots });
    return parts.process.kind === 'risk-gate' ? this.serveGate(parts) : this.serveExecution(parts);
  }

  private serveGate(parts: Furniture): GateService {
    const { process, plainBus } = parts;
    const { broker, weather } = this;
    const relay = new Relay(process, this.gateOutbox, plainBus);
    void relay.run();
    this.watch.marketHeardAt = null;
    return new GateService({
      ...parts,
      execution: this.rows,
      tables: this.gateTables,
      outbox: this.gateOutbox,
      readBack: new SimReadBack({ process, broker, weather, rng: this.randomness.network }),
      seams: this.options.seams,
      wake: () => relay.wake(),
      balances: () => {
        const venues = this.execution?.service.venues;
        const asOf = venues?.balancesAsOf() ?? null;
        return venues === undefined || asOf === null ? null : { balances: venues.balances(), asOf };
      },
    });
  }

  private serveExecution(parts: Furniture): ExecutionService {
    const { process, database, plainBus } = parts;
    const { seams } = this.options;
    const { network: rng } = this.randomness;
    const { weather, venue: books, venueClock: clock, stream, rows, watch } = this;
    const relay = new Relay(process, rows.outbox, plainBus, seams.deletesBeforePublish);
    void relay.run();
    const onLeft = watch.requestLeft.bind(watch, process);
    const onCancelLeft = watch.cancelLeft.bind(watch);
    const simVenue = new SimVenue({ process, books, clock, stream, rng, weather, onLeft, onCancelLeft });
    const plainVenue = this.options.keepsNoIds ? namelessVenue(simVenue, books) : simVenue;
    const { checksFence = true, answersBeforeCommit = false, agesByWallClock = false } = seams;
    const planted = { checksFence, answersBeforeCommit, agesByWallClock };
    const own = { process, database, rows, accountId: theAccount.id, ...planted };
    const plainLedger = new SimLedger({ ...own, wake: () => relay.wake() });
    const ledger = seams.ledger?.(plainLedger, process) ?? plainLedger;
    const venue = seams.venue?.(plainVenue, process) ?? plainVenue;
    const wake = () => relay.wake();
    return new ExecutionService({ ...parts, rows, tables: this.executionTables, ledger, venue, seams, wake });
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

  private watchVenue() {
    const { watch, time, trace } = this;
    return {
      accepted: (order: Parameters<Watch['accepted']>[0]) => {
        trace.tell(time.elapsed, `venue takes ${order.request.clientOrderId}`);
        watch.accepted(order);
      },
      filled: (...[order, fill]: Parameters<Watch['filled']>) => {
        trace.tell(time.elapsed, `venue fills ${order.request.clientOrderId} ${Quantity.format(fill.quantity)}`);
        watch.filled(order, fill);
      },
      ended: (order: Parameters<Watch['ended']>[0]) => {
        trace.tell(time.elapsed, `venue ends ${order.request.clientOrderId}`);
        watch.ended(order);
      },
    };
  }
}

interface Furniture {
  readonly process: SimProcess;
  readonly bus: ConstructorParameters<typeof StrategyService>[0]['bus'];
  readonly plainBus: SimBus;
  readonly database: Database;
  readonly log: QuietLog;
}

/** Ids of events are drawn by the platform; those of orders and verdicts are the same in every run. */
const stableId = (messageId: string): string => (/^[0-9a-f]{8}-/.test(messageId) ? '' : messageId);
