import type { Micros } from '@scalpstorm/kernel';
import type { CrashPoint, ProcessKind } from '../faults/crash-points.js';
import type { VirtualClock } from '../time/virtual-clock.js';
import type { Owner, VirtualTime } from '../time/virtual-time.js';

/** Something that a process asks of what is outside of it, and the moments of it at which the process may die. */
export interface Call<T> {
  /** Nothing has left yet. */
  readonly before?: CrashPoint;
  /** It is on its way. */
  readonly left?: CrashPoint;
  /** It is done there, and the answer is on its way. */
  readonly after?: CrashPoint;
  readonly there: Micros;
  readonly back: Micros;
  /** What happens outside; what it throws is the answer. */
  effect(): T;
}

/** What a process needs of the world it lives in. */
export interface Surroundings {
  readonly time: VirtualTime;
  /** True: the process is dead now. */
  reach(process: SimProcess, point: CrashPoint): boolean;
  /** It met a mistake of its own, or lost what it must not be without. */
  died(process: SimProcess, cause: unknown): void;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * One life of a process. All that it has is in memory and is gone when it dies; what it had sent is on its way all the same. Whatever
 * it asks of others goes through {@link call}, so a dead one does nothing any more and hears nothing.
 */
export class SimProcess implements Owner {
  alive = true;
  paused = false;
  readonly name: string;

  constructor(
    private readonly around: Surroundings,
    readonly kind: ProcessKind,
    readonly life: number,
    readonly clock: VirtualClock,
  ) {
    this.name = `${kind}.${life}`;
  }

  get time(): VirtualTime {
    return this.around.time;
  }

  /** @returns true when it is dead now, and goes no further */
  reach(point: CrashPoint): boolean {
    return !this.alive || this.around.reach(this, point);
  }

  die(cause: unknown): void {
    if (this.alive) this.around.died(this, cause);
  }

  call<T>({ before, left, after, there, back, effect }: Call<T>): Promise<T> {
    if (!this.alive || (before !== undefined && this.reach(before))) return never();
    const { time } = this;
    return new Promise<T>((resolve, reject) => {
      time.after(there, null, () => {
        const answer = answerOf(effect, resolve, reject);
        if (this.alive && after !== undefined && this.reach(after)) return;
        time.after(back, this, answer);
      });
      if (left !== undefined) this.reach(left);
    });
  }

  /** Waits, for as long as it lives. */
  pause(micros: Micros): Promise<void> {
    return new Promise((resolve) => this.time.after(micros, this, resolve));
  }
}

function answerOf<T>(effect: () => T, resolve: (value: T) => void, reject: (cause: unknown) => void): () => void {
  try {
    const value = effect();
    return () => resolve(value);
  } catch (cause) {
    return () => reject(cause);
  }
}
