import { fail, ok, type Result, type Timestamp } from '@scalpstorm/kernel';
import type { BotVerb, DesiredState, ObservedState, Reason } from '@scalpstorm/model';

/** What a user wants of a bot, what it does, why and since when. */
export interface BotLife {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly reason: Reason;
  readonly since: Timestamp;
}

/** What a user asks for, and what the world then does. */
export type BotLifeEvent =
  | { readonly kind: BotVerb }
  /** The strategy says where it has arrived. */
  | {
      readonly kind: 'started' | 'paused' | 'stopped' | 'finished' | 'auto-stopped' | 'failed';
      readonly reason: Reason;
    }
  /** Nothing new may be ordered, or may be again: its state stays, the reason and its time change. */
  | {
      readonly kind: 'halted' | 'released';
      readonly reason: Reason;
      /** It is the word that holds the bot now, which may be another than the one that is shown. */
      readonly another?: boolean;
    }
  /** Its strategy stands still for want of something, or has it again: likewise. Codes of waiting begin with `WAITS_`. */
  | { readonly kind: 'waits' | 'goes-on'; readonly reason: Reason }
  /** Our process came up again and loaded the bot. */
  | { readonly kind: 'restarted' };

export type BotLifeEventKind = BotLifeEvent['kind'];

/** A verb that makes no sense now. */
export interface LifeRefusal {
  readonly code: 'BOT_NOT_RUNNING' | 'BOT_STOPPING';
  readonly text: string;
  /** The verbs that would be taken. */
  readonly allowed: string;
  readonly next: string;
}

type Step = ObservedState | 'same';
export type LifeTable = { readonly [State in ObservedState]: { readonly [Kind in BotLifeEventKind]?: Step } };

/** The world outside may end a bot in any state in which it works. */
const ends = { finished: 'stopped', 'auto-stopped': 'stopped', failed: 'error' } as const;
const stops = { stop: 'stopping', flatten: 'flattening' } as const;
const words = { halted: 'same', released: 'same', waits: 'same', 'goes-on': 'same', restarted: 'same' } as const;
const idle = { started: 'same', paused: 'same', stopped: 'same', ...ends, ...words } as const;

/** State → event → next. A verb that is absent is refused; a message of the world is never refused, at most old. */
export const life: LifeTable = {
  stopped: {
    ...idle,
    finished: 'same',
    'auto-stopped': 'same',
    start: 'starting',
    stop: 'same',
    flatten: 'flattening',
  },
  starting: { ...idle, ...stops, start: 'same', pause: 'pausing', resume: 'same', started: 'running', stopped: 'same' },
  running: { ...idle, ...stops, start: 'same', pause: 'pausing', resume: 'same', stopped: 'stopped' },
  pausing: {
    ...idle,
    ...stops,
    start: 'starting',
    pause: 'same',
    resume: 'starting',
    paused: 'paused',
    stopped: 'stopped',
  },
  paused: { ...idle, ...stops, start: 'starting', pause: 'same', resume: 'starting', stopped: 'stopped' },
  stopping: { ...idle, stop: 'same', flatten: 'flattening', stopped: 'stopped' },
  flattening: { ...idle, stop: 'stopping', flatten: 'same', stopped: 'stopped' },
  error: { ...idle, start: 'starting', ...stops, failed: 'same' },
};

const wish: Record<BotVerb, DesiredState> = {
  start: 'running',
  resume: 'running',
  pause: 'paused',
  stop: 'stopped',
  flatten: 'stopped',
};

/**
 * The life after an event. Gives the very same object back when nothing changed, so that a repeated command or a late
 * message writes and publishes nothing.
 */
export function changeLife(before: BotLife, event: BotLifeEvent, now: Timestamp): Result<BotLife, LifeRefusal> {
  if (event.kind === 'halted' || event.kind === 'released') return ok(worded(before, event, now));
  if (event.kind === 'waits' || event.kind === 'goes-on') return ok(waiting(before, event, now));
  const step = life[before.observed][event.kind];
  if (step === undefined) return isVerb(event) ? fail(refusalOf(before, event.kind)) : ok(before);
  const observed = step === 'same' ? before.observed : step;
  const desired = desiredAfter(before, event, step);
  if (observed === before.observed && desired === before.desired) return ok(before);
  return ok({ desired, observed, reason: reasonOf(event), since: now });
}

/** A halt shows on whoever would order, and its end only where it showed. */
function worded(before: BotLife, event: BotLifeEvent & { kind: 'halted' | 'released' }, now: Timestamp): BotLife {
  const { observed, reason } = before;
  const works = observed === 'starting' || observed === 'running' || observed === 'pausing' || observed === 'paused';
  const same = reason.code === event.reason.code && !(event.another === true && reason.text !== event.reason.text);
  const shown = event.kind === 'halted' ? same : !haltedCodes.has(reason.code);
  if (!works || shown) return before;
  return { ...before, reason: event.reason, since: now };
}

/** Shows on a bot that has something to do, and its end only where it showed. A halt, which binds more, stays in sight. */
function waiting(before: BotLife, { kind, reason }: BotLifeEvent & { reason: Reason }, now: Timestamp): BotLife {
  const { code } = before.reason;
  if (!waitingStates.has(before.observed) || haltedCodes.has(code)) return before;
  const wanted = kind === 'waits' ? code !== reason.code : code.startsWith(waitPrefix);
  return wanted ? { ...before, reason, since: now } : before;
}

/** One that closes what it holds, too, may not be able to. */
const waitingStates: ReadonlySet<ObservedState> = new Set(['running', 'pausing', 'paused', 'flattening']);
const waitPrefix = 'WAITS_';
/** The reasons of a bot that a halt, or a state that only reduces, keeps from ordering. */
const haltedCodes: ReadonlySet<string> = new Set(['TRADING_HALTED', 'TRADING_REDUCING']);

/** A bot that ended by itself is no longer wanted to run: it must not come back by itself. */
function desiredAfter(before: BotLife, event: BotLifeEvent, step: Step): DesiredState {
  if (isVerb(event)) return wish[event.kind];
  return step === 'stopped' || step === 'error' ? 'stopped' : before.desired;
}

function isVerb(event: BotLifeEvent): event is { readonly kind: BotVerb } {
  return event.kind in wish;
}

function reasonOf(event: BotLifeEvent): Reason {
  if ('reason' in event) return event.reason;
  return { code: `USER_${event.kind.toUpperCase()}`, text: `The user asked to ${event.kind} the bot.` };
}

function refusalOf(before: BotLife, verb: BotVerb): LifeRefusal {
  const allowed = Object.keys(life[before.observed]).filter((kind) => kind in wish);
  const ending = before.observed === 'stopping' || before.observed === 'flattening';
  return {
    code: ending ? 'BOT_STOPPING' : 'BOT_NOT_RUNNING',
    text: `A bot that is ${before.observed} cannot ${verb}.`,
    allowed: allowed.join(', '),
    next: ending ? 'Wait until it has stopped, then start it.' : 'Start it first.',
  };
}
