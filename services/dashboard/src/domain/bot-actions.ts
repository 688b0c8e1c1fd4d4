import { signOf } from './decimal.js';
import type { Bot } from './rows.js';

export type Verb = 'start' | 'pause' | 'resume' | 'stop' | 'flatten';

export interface VerbInfo {
  readonly verb: Verb;
  readonly label: string;
  /** What it does, in one sentence; stands in tooltips and confirmations. */
  readonly consequence: string;
  /** It may cost money or leave a position without its exit, so it is asked for twice. */
  readonly confirmed: boolean;
}

export const verbs: Readonly<Record<Verb, VerbInfo>> = {
  start: { verb: 'start', label: 'Start', consequence: 'Begins to trade.', confirmed: false },
  pause: {
    verb: 'pause',
    label: 'Pause',
    consequence: 'Opens no new position; exits of the open one go on.',
    confirmed: false,
  },
  resume: { verb: 'resume', label: 'Resume', consequence: 'Opens new positions again.', confirmed: false },
  stop: {
    verb: 'stop',
    label: 'Stop',
    consequence: 'Cancels its own orders, exits included. What it holds is kept and is no longer watched.',
    confirmed: true,
  },
  flatten: {
    verb: 'flatten',
    label: 'Flatten',
    consequence: 'Cancels its own orders and closes what it holds at the market price, at once.',
    confirmed: true,
  },
};

/** What may be told to a bot in this state; everything else is shown nowhere rather than refused. */
export function verbsFor(
  { observed, desired, held }: Pick<Bot, 'observed' | 'desired' | 'held'>,
  isDust = false,
): readonly Verb[] {
  // A flatten of dust closes nothing.
  const holds = signOf(held) !== 0 && !isDust;
  switch (observed) {
    case 'stopped':
      return holds ? ['start', 'flatten'] : ['start'];
    case 'error':
      return holds ? ['start', 'stop', 'flatten'] : ['start', 'stop'];
    case 'paused':
    case 'pausing':
      return ['resume', 'stop', 'flatten'];
    case 'starting':
    case 'running':
      return desired === 'stopped' ? ['flatten'] : ['pause', 'stop', 'flatten'];
    case 'stopping':
      return ['flatten'];
    case 'flattening':
      return ['stop'];
  }
}

/** A bot that stands still may be asked to go; whether what it holds is too much for that, the strategy service knows. */
export const mayDelete = ({ observed }: Pick<Bot, 'observed'>): boolean =>
  observed === 'stopped' || observed === 'error';

/** A bot on its way out is left alone until it has stopped. */
export const mayEdit = ({ observed }: Pick<Bot, 'observed'>): boolean =>
  observed !== 'stopping' && observed !== 'flattening';
