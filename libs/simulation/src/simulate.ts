import { millisecond, second, seededRng } from '@scalpstorm/kernel';
import { auditStainOf } from './checks/audit.js';
import { stainOf } from './checks/cleanliness.js';
import type { Violation } from './checks/violation.js';
import type { CrashPoint } from './faults/crash-points.js';
import { type Fault, type Plan, planOf } from './faults/plan.js';
import { Market } from './market.js';
import { People } from './people.js';
import { Planners } from './planners.js';
import { isExpectedDeath } from './services/deaths.js';
import type { Seams } from './services/seams.js';
import { withVirtualMachine } from './time/machine.js';
import { turned } from './time/virtual-time.js';
import { Workload } from './workload.js';
import { World } from './world.js';

export interface RunOptions {
  /** What goes wrong; drawn from the seed when it is not given. */
  readonly plan?: Plan;
  readonly crashes: number;
  readonly seams?: Seams;
  /** So many of the last lines of the trace are kept in words. */
  readonly linesMax?: number;
}

/** What came of one run. */
export interface Run {
  readonly seed: number;
  readonly plan: Plan;
  readonly events: number;
  readonly crashes: Readonly<Partial<Record<CrashPoint | 'any-moment', number>>>;
  readonly violations: readonly Violation[];
  /** What the gate has said no to, by code. */
  readonly denials: Readonly<Record<string, number>>;
  readonly approvals: number;
  /** How often a breaker has halted a bot. */
  readonly trips: number;
  /** Looks at a bracket that held something, and had its stop. */
  readonly covered: number;
  readonly orders: number;
  readonly fills: number;
  /** Virtual seconds. */
  readonly lasted: number;
  /** Of everything that happened, and when. */
  readonly hash: string;
  readonly told: readonly string[];
}

/** From the end of the faults on everything has to come to rest in this time. */
const restMax = 30 * second;
const looksEvery = 500 * millisecond;
/** Bots that are still at it may change what was just compared. */
const tradesOnFor = 3 * second;

export function planFor(seed: number, crashes: number): Plan {
  return planOf(seed, crashes, seededRng(Math.imul(seed + 1, 0x85ebca6b)));
}

/** One run of one seed: the same every time, on every machine. */
export async function run(seed: number, options: RunOptions): Promise<Run> {
  const { plan = planFor(seed, options.crashes), seams = {}, linesMax = 0 } = options;
  const world = new World({
    seed,
    seams,
    linesMax,
    keepsNoIds: plan.keepsNoIds ?? false,
    brackets: plan.brackets ?? false,
  });
  const workload = new Workload(world);
  const people = new People(world);
  const planners = new Planners(world);
  const { time, randomness } = world;
  // A service ends there, as it does of itself when it has lost its right to write.
  const uncaught = (cause: unknown) => {
    if (!isExpectedDeath(cause)) world.watch.violated('I7', `nobody caught ${String(cause)}`);
  };
  return withVirtualMachine({ time, rng: randomness.machine }, async () => {
    process.on('unhandledRejection', uncaught);
    world.start();
    new Market(world).start();
    people.start();
    workload.start();
    planners.start();
    for (const fault of plan.faults) time.after(fault.at, null, () => perform(world, people, fault));
    const holds = () => world.watch.violations.length === 0;
    await time.run(() => holds() && (time.elapsed < plan.until || world.faults.isCrashPlanned));
    planners.isOver = true;
    if (holds()) await rest(world, workload, holds);
    await turned();
    const stain = holds() ? await auditStainOf(world) : null;
    if (stain !== null) world.watch.violated(stain.invariant, stain.text);
    return report(world, plan);
  }).finally(() => process.off('unhandledRejection', uncaught));
}

function perform(world: World, people: People, fault: Fault): void {
  if (fault.kind === 'halt' || fault.kind === 'dead-man') people.perform(fault);
  else world.faults.perform(fault);
}

/** Faults stop, then the wishes; everything has to become clean in time. */
async function rest(world: World, workload: Workload, holds: () => boolean): Promise<void> {
  const { time, weather, stream } = world;
  weather.endAll();
  stream.comeBack();
  world.watch.brackets.calmSince = time.elapsed;
  const stopsAt = time.elapsed + tradesOnFor;
  await time.run(() => holds() && time.elapsed < stopsAt);
  workload.isOver = true;
  const until = time.elapsed + restMax;
  while (holds()) {
    const next = time.elapsed + looksEvery;
    await time.run(() => holds() && time.elapsed < next);
    const stain = stainOf(world);
    if (stain === null) return;
    if (time.elapsed >= until) world.watch.violated(stain.invariant, `after 30 s of rest: ${stain.text}`);
  }
}

function report(world: World, plan: Plan): Run {
  const { watch, time, trace, venue, faults } = world;
  return {
    seed: plan.seed,
    plan,
    events: time.executed,
    crashes: Object.fromEntries(faults.crashes),
    violations: watch.violations,
    denials: Object.fromEntries([...watch.verdicts.denials].toSorted()),
    approvals: watch.verdicts.approvals,
    trips: watch.verdicts.trips,
    covered: watch.brackets.covered,
    orders: venue.orders.length,
    fills: venue.fills.length,
    lasted: time.elapsed / second,
    hash: trace.hash,
    told: trace.told,
  };
}
