import { second } from '@scalpstorm/kernel';
import type { SimProcess } from '../services/sim-process.js';
import type { MachineClock } from '../time/virtual-clock.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { UserStream } from '../venue/user-stream.js';
import { type CrashPoint, type ProcessKind, processOf } from './crash-points.js';
import type { Fault } from './plan.js';
import type { Weather } from './weather.js';

type Kind<Name extends Fault['kind']> = Extract<Fault, { kind: Name }>;

/** What faults happen to. */
export interface Victims {
  readonly time: VirtualTime;
  readonly weather: Weather;
  readonly stream: UserStream;
  readonly machine: MachineClock;
  readonly living: readonly { readonly process: SimProcess }[];
  /** The one that may write for the account. */
  readonly execution: { readonly process: SimProcess } | null;
  launch(kind: ProcessKind): void;
  /** It is dead from now on, and another takes its place. */
  bury(process: SimProcess, why: string): void;
  clockStepped(): void;
  tell(what: string): void;
}

const patienceForPoint = 9 * second;

/** Makes the faults of a plan happen, and counts where processes died of them. */
export class PerformFaults {
  /** Of each point, how many processes died there. */
  readonly crashes = new Map<CrashPoint | 'any-moment', number>();
  private readonly armed: CrashPoint[] = [];

  constructor(private readonly victims: Victims) {}

  get isCrashPlanned(): boolean {
    return this.armed.length > 0;
  }

  perform(fault: Exclude<Fault, { kind: 'halt' | 'dead-man' }>): void {
    const { machine } = this.victims;
    if (fault.kind === 'crash') this.arm(fault.point);
    else if (fault.kind === 'weather') this.badWeather(fault);
    else if (fault.kind === 'split') this.split(fault);
    else {
      machine.offset += fault.step;
      this.victims.clockStepped();
    }
  }

  /** @returns true when it is dead now */
  reach(process: SimProcess, point: CrashPoint): boolean {
    const place = this.armed.indexOf(point);
    if (place === -1) return false;
    this.armed.splice(place, 1);
    this.crash(process, point);
    return true;
  }

  private crash(process: SimProcess, point: CrashPoint | 'any-moment'): void {
    this.crashes.set(point, (this.crashes.get(point) ?? 0) + 1);
    this.victims.bury(process, point);
  }

  /** Where the process does not come to the point in time it dies wherever it is. */
  private arm(point: CrashPoint): void {
    const { time } = this.victims;
    this.armed.push(point);
    const give = (): void => {
      const place = this.armed.indexOf(point);
      if (place === -1) return;
      const found = this.victims.living.find(({ process }) => process.kind === processOf(point) && !process.paused);
      if (found === undefined) {
        time.after(second, null, give);
        return;
      }
      this.armed.splice(place, 1);
      this.crash(found.process, 'any-moment');
    };
    time.after(patienceForPoint, null, give);
  }

  private badWeather({ weather: kind, lasts }: Kind<'weather'>): void {
    const { time, weather, stream } = this.victims;
    this.victims.tell(`weather: ${kind}`);
    weather.begin(kind);
    if (kind === 'stream-down') stream.goDown();
    time.after(lasts, null, () => {
      weather.end(kind);
      if (kind === 'stream-down' && !weather.is('stream-down')) stream.comeBack();
    });
  }

  private split({ lasts }: Kind<'split'>): void {
    const { time, execution, tell } = this.victims;
    if (execution === null || execution.process.paused) return;
    const { process } = execution;
    tell(`${process.name} stands still`);
    process.paused = true;
    this.victims.launch('execution');
    time.after(lasts, null, () => {
      tell(`${process.name} goes on`);
      process.paused = false;
      time.resume(process);
    });
  }
}
