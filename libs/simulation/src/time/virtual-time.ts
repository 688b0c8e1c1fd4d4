import { type Micros, Timestamp } from '@scalpstorm/kernel';
import type { Trace } from './trace.js';

/** Whose an event is. What belongs to somebody who died is never run; what belongs to a paused one waits until he goes on. */
export interface Owner {
  readonly name: string;
  readonly alive: boolean;
  readonly paused: boolean;
}

/** Something that will happen. */
export interface Planned {
  at: number;
  order: number;
  readonly owner: Owner | null;
  /** Null: it was called off, or has happened. */
  run: (() => void) | null;
}

/** The beginning of every run; the same instant for all of them. */
const epoch = 1_700_000_000_000_000;
/** The event loop of the machine turns once in so many events, so that a long run can be told to stop. */
const eventsATurn = 4_096;

// Taken before anything is replaced: the simulation itself runs on the machine's own loop.
const { nextTick } = process;
const realImmediate = setImmediate;

/** Runs when every promise that can settle has settled, and before the machine looks at anything else. */
const settled = (): Promise<void> => new Promise((resolve) => nextTick(resolve));
/** Whatever nobody caught is told by then. */
export const turned = (): Promise<void> => new Promise((resolve) => realImmediate(resolve));

/**
 * The one clock and the one queue of a world. Everything that takes time is planned here and happens in the order of time and then
 * of planning, one after the other; between two events every promise that can settle does. So the same seed gives the same run.
 */
export class VirtualTime {
  /** Microseconds since the run began. */
  elapsed = 0;
  executed = 0;
  /** Whose event is running: what is planned meanwhile is his. */
  owner: Owner | null = null;
  private readonly heap: Planned[] = [];
  private readonly waiting = new Map<Owner, Planned[]>();
  private planned = 0;

  constructor(
    readonly trace: Trace,
    private readonly onThrown: (owner: Owner | null, error: unknown) => void,
  ) {}

  get now(): Timestamp {
    return Timestamp.fromMicros(epoch + this.elapsed);
  }

  after(micros: Micros, owner: Owner | null, run: () => void): Planned {
    this.planned += 1;
    const planned = { at: this.elapsed + Math.max(0, Math.round(micros)), order: this.planned, owner, run };
    push(this.heap, planned);
    return planned;
  }

  cancel(planned: Planned): void {
    planned.run = null;
  }

  /** What waited for a paused owner happens now, in its order. */
  resume(owner: Owner): void {
    const waiting = this.waiting.get(owner) ?? [];
    this.waiting.delete(owner);
    for (const { run } of waiting) if (run !== null) this.after(0, owner, run);
  }

  /** Runs event after event. False: nothing is planned any more. @param goesOn asked after every event */
  async run(goesOn: () => boolean): Promise<boolean> {
    while (goesOn()) {
      const next = this.next();
      if (next === null) return false;
      this.perform(next);
      await (this.executed % eventsATurn === 0 ? turned() : settled());
      this.owner = null;
    }
    return true;
  }

  private next(): Planned | null {
    for (let planned = pop(this.heap); planned !== null; planned = pop(this.heap)) {
      const { owner, run } = planned;
      if (run === null || owner?.alive === false) continue;
      if (owner?.paused !== true) return planned;
      const waiting = this.waiting.get(owner) ?? [];
      waiting.push(planned);
      this.waiting.set(owner, waiting);
    }
    return null;
  }

  private perform(planned: Planned): void {
    const { run, owner, at } = planned;
    this.elapsed = Math.max(this.elapsed, at);
    this.executed += 1;
    this.owner = owner;
    planned.run = null;
    this.trace.mark(this.elapsed, owner?.name ?? '');
    try {
      run?.();
    } catch (error) {
      this.onThrown(owner, error);
    }
  }
}

const isBefore = (left: Planned, right: Planned): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);

function push(heap: Planned[], planned: Planned): void {
  let place = heap.length;
  heap.push(planned);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(planned, above)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = planned;
}

function pop(heap: Planned[]): Planned | null {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined) return null;
  if (heap.length === 0) return first;
  sink(heap, last);
  return first;
}

function sink(heap: Planned[], planned: Planned): void {
  let place = 0;
  for (;;) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    if (left === undefined) break;
    const [child, below] = right !== undefined && isBefore(right, left) ? [2, right] : [1, left];
    if (!isBefore(below, planned)) break;
    heap[place] = below;
    place = 2 * place + child;
  }
  heap[place] = planned;
}
