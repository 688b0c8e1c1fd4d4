import { createRequire, syncBuiltinESMExports } from 'node:module';
import { Logger } from '@nestjs/common';
import type { Rng } from '@scalpstorm/kernel';
import type { Planned, VirtualTime } from './virtual-time.js';

/** What of the machine a running world replaces. */
interface Running {
  readonly time: VirtualTime;
  readonly rng: Rng;
}

/** What the timers of the machine give; ours gives the same, as far as anybody looks. */
class VirtualTimer {
  planned: Planned | null = null;
  ref = (): this => this;
  unref = (): this => this;
  hasRef = (): boolean => true;
  refresh = (): this => this;
}

type Callback = (...given: unknown[]) => void;

let running: Running | null = null;
let replaced = false;

/**
 * The handlers use the timers of the machine, as they should. While a world runs in this thread they are its own: a timer belongs to
 * whoever's event set it, and dies with him. Nothing is replaced for anybody else: without a running world the machine's own answer.
 */
export async function withVirtualMachine<T>(world: Running, work: () => Promise<T>): Promise<T> {
  if (!replaced) replaceOnce();
  running = world;
  try {
    return await work();
  } finally {
    running = null;
  }
}

function replaceOnce(): void {
  replaced = true;
  Logger.overrideLogger(false);
  replaceTimers();
  replaceClocks();
}

function replaceTimers(): void {
  const real = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval };
  const once = (callback: Callback, ms = 0, ...given: unknown[]) =>
    running === null ? real.setTimeout(callback, ms, ...given) : timer(running.time, ms, () => callback(...given));
  const again = (callback: Callback, ms = 0, ...given: unknown[]) =>
    running === null ? real.setInterval(callback, ms, ...given) : repeated(running.time, ms, () => callback(...given));
  const soon = (callback: Callback, ...given: unknown[]) =>
    running === null ? real.setImmediate(callback, ...given) : timer(running.time, 0, () => callback(...given));
  const clear = (set: unknown) => {
    if (!(set instanceof VirtualTimer)) real.clearTimeout(set as NodeJS.Timeout);
    else if (set.planned !== null) set.planned.run = null;
  };
  Object.assign(globalThis, { setTimeout: once, setInterval: again, setImmediate: soon, clearTimeout: clear });
  Object.assign(globalThis, { clearInterval: clear });
  replacePromised();
}

/** `node:timers/promises` is imported by name, so its module is told as well. */
function replacePromised(): void {
  const promised: { setTimeout: unknown } = createRequire(import.meta.url)('node:timers/promises');
  const real = promised.setTimeout as (ms?: number, value?: unknown, options?: unknown) => Promise<unknown>;
  promised.setTimeout = (ms = 0, value?: unknown, options?: unknown) => {
    if (running === null) return real(ms, value, options);
    const { time } = running;
    return new Promise((resolve) => timer(time, ms, () => resolve(value)));
  };
  syncBuiltinESMExports();
}

function replaceClocks(): void {
  const { now } = performance;
  const steady = (): number => (running === null ? now.call(performance) : running.time.elapsed / 1_000);
  Object.defineProperty(performance, 'now', { value: steady, configurable: true, writable: true });
  const { random } = Math;
  Math.random = () => (running === null ? random() : running.rng.next());
}

function timer(time: VirtualTime, ms: number, run: () => void): VirtualTimer {
  const set = new VirtualTimer();
  set.planned = time.after(Math.max(ms, 0) * 1_000, time.owner, run);
  return set;
}

function repeated(time: VirtualTime, ms: number, run: () => void): VirtualTimer {
  const set = new VirtualTimer();
  const { owner } = time;
  const plan = (): void => {
    set.planned = time.after(Math.max(ms, 1) * 1_000, owner, () => {
      plan();
      run();
    });
  };
  plan();
  return set;
}
